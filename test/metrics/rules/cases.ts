// The rule files of test/metrics/cases/rules/check.txt, and what is said of them.
import { readFileSync } from 'node:fs'

export interface RuleCase {
  readonly name: string
  readonly text: string
  /** Lines after `>>> `. */
  readonly said: readonly string[]
}

export function ruleCases(): readonly RuleCase[] {
  const file = readFileSync(new URL('../cases/rules/check.txt', import.meta.url), 'utf8')
  const [, ...blocks] = file.split(/^=== /m)
  return blocks.map((block) => {
    const [name = '', ...lines] = block.split('\n')
    const first = lines.findIndex((line) => line.startsWith('>>> '))
    const said = lines.slice(first).filter((line) => line.startsWith('>>> '))
    const text = lines.slice(0, first).map((line) => `${line}\n`)
    return { name, text: text.join(''), said: said.map((line) => line.slice(4)) }
  })
}
