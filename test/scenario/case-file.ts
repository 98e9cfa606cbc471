// Reads the plain-text case files next to the tests.
import { readFileSync } from 'node:fs'

export interface Case {
  readonly name: string
  readonly text: string
  /** What comes after `>>>`, line by line. */
  readonly answers: readonly string[]
}

/** Lines of cells with two spaces or more between them; what begins with `#` is a comment. */
export function tableOf(name: string): string[][] {
  const lines = linesOf(name).filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => line.trim().split(/ {2,}/))
}

/** Cases that begin with `=== name`. */
export function casesOf(name: string): Case[] {
  const [, ...blocks] = linesOf(name).join('\n').split(/^=== /m)
  return blocks.map((block) => {
    const [title = '', ...lines] = block.split('\n')
    const firstAnswer = lines.findIndex((line) => line.startsWith('>>>'))
    const text = lines.slice(0, firstAnswer).map((line) => `${line}\n`)
    const answers = lines.slice(firstAnswer).filter((line) => line.startsWith('>>>'))
    return { name: title, text: text.join(''), answers: answers.map((line) => line.slice(4)) }
  })
}

function linesOf(name: string): string[] {
  return readFileSync(new URL(`cases/${name}`, import.meta.url), 'utf8').split('\n')
}
