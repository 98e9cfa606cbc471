// A tree of objects as a table, with the branches drawn in front of their names.
import type { Paint } from './paint.js'

export type Row = readonly [name: string, kind: string, status: string, age: string, info: string]

export interface Branch {
  readonly row: Row
  readonly below: readonly Branch[]
}

export function treeTable(root: Branch, paint: Paint): readonly string[] {
  return table([root.row, ...rowsOf(root.below, '')], paint)
}

function rowsOf(branches: readonly Branch[], indent: string): readonly Row[] {
  return branches.flatMap(({ row: [name, ...rest], below }, index): readonly Row[] => {
    const isLast = index === branches.length - 1
    const own: Row = [`${indent}${isLast ? '└──' : '├──'}${name}`, ...rest]
    return [own, ...rowsOf(below, `${indent}${isLast ? '   ' : '│  '}`)]
  })
}

function table(rows: readonly Row[], paint: Paint): readonly string[] {
  const all: readonly Row[] = [['NAME', 'KIND', 'STATUS', 'AGE', 'INFO'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => all.reduce((most, row) => Math.max(most, visible(row[column]!)), 0))
  return all.map((row, index) => {
    const cells = row.map((cell, column) => (column < 4 ? cell + ' '.repeat(widths[column]! - visible(cell)) : cell))
    const line = cells.join('  ').trimEnd()
    return index === 0 ? paint.faint(line) : line
  })
}

/** Columns a text takes; colour takes none. */
export function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what it looks for
  return [...text.replace(/\u001b\[\d+m/g, '')].length
}
