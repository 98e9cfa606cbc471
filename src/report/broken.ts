// Lines broken between words, so that they fit a terminal.
import { visible } from './tree-table.js'

/** What follows the first line stands a little further in. */
export function broken(line: string, columns: number): readonly string[] {
  if (visible(line) <= columns) return [line]
  const indentation = /^ */.exec(line)![0]
  const lines: string[] = []
  let current = ''
  for (const word of line.slice(indentation.length).split(' ')) {
    const next = current === '' ? `${indentation}${lines.length === 0 ? '' : '  '}${word}` : `${current} ${word}`
    if (current !== '' && visible(next) > columns) {
      lines.push(current.trimEnd())
      current = `${indentation}  ${word}`
    } else current = next
  }
  return [...lines, current]
}
