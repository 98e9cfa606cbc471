// Rows of a table: a time, and how many requests came from then on until the next row.
import { countOf } from './json-line.js'
import { type Flaw, type LineReader, textIn } from './line-reader.js'
import { secondOf } from './timestamp.js'

export class CsvLine implements LineReader {
  second = 0
  count = 0
  private separator: string | undefined
  private time = 0
  private counted = 1

  constructor(
    /** Columns by their names in the first row; without names, the first two. */
    private readonly timeColumn: string | undefined,
    private readonly countColumn: string | undefined,
  ) {}

  read(bytes: Uint8Array, start: number, end: number): 'requests' | 'heading' | Flaw {
    const text = textIn(bytes, start, end)
    if (this.separator === undefined) return this.readFirst(text)
    return this.readRow(cellsOf(text, this.separator))
  }

  private readFirst(text: string): 'requests' | 'heading' | Flaw {
    const separator = [',', ';', '\t'].find((each) => text.includes(each))
    if (separator === undefined) return { offset: 0, message: 'expected two columns with a comma between them' }
    const cells = cellsOf(text, separator)
    const isHeading = cells.every((cell) => Number.isNaN(secondOf(cell)))
    const missing = [this.timeColumn, this.countColumn].find((name) => name !== undefined && !cells.includes(name))
    if (missing !== undefined) return { offset: 0, message: `there is no column \`${missing}\` in this first row` }
    this.separator = separator
    if (!isHeading) return this.readRow(cells)
    if (this.timeColumn !== undefined) this.time = cells.indexOf(this.timeColumn)
    if (this.countColumn !== undefined) this.counted = cells.indexOf(this.countColumn)
    return 'heading'
  }

  private readRow(cells: readonly string[]): 'requests' | Flaw {
    const time = cells[this.time] ?? ''
    const count = cells[this.counted] ?? ''
    this.second = secondOf(time)
    this.count = countOf(count)
    if (Number.isNaN(this.second)) return { offset: 0, message: `\`${time}\` is no time` }
    return Number.isNaN(this.count) ? { offset: 0, message: `\`${count}\` is no count` } : 'requests'
  }
}

/** RFC 4180, but a cell ends with its line. */
function cellsOf(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator).map((cell) => cell.trim())
  const cells = text.matchAll(new RegExp(`(?:^|${separator})(?:\\s*"((?:[^"]|"")*)"\\s*|([^${separator}]*))`, 'g'))
  return [...cells].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim())
}
