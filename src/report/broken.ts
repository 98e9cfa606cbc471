// Lines broken between words, so that they fit a terminal.
import { visible } from './tree-table.js'

/** Behind spaces, unless only what is told stays together. What follows the first line stands a little further in. */
export function broken(line: string, columns: number, behind = ' '): readonly string[] {
  if (visible(line) <= columns) return [line]
  const indentation = /^ */.exec(line)![0]
  const room = columns - behind.trimEnd().length
  const lines: string[] = []
  let current = ''
  for (const word of line.slice(indentation.length).split(behind)) {
    const next =
      current === '' ? `${indentation}${lines.length === 0 ? '' : '  '}${word}` : `${current}${behind}${word}`
    if (current !== '' && visible(next) > room) {
      lines.push(`${current}${behind}`.trimEnd())
      current = `${indentation}  ${word}`
    } else current = next
  }
  return [...lines, current]
}
