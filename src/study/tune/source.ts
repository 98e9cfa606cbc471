// The text of a manifest file, and where in it a value is written: to the character, so that nothing else is touched.
import type { Position } from '../../scenario/yaml.js'

/** From one character up to another, in one file. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

export class Source {
  private readonly lineStarts: readonly number[]

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    // A mark at its very beginning is no part of what the reader counts in.
    const first = text.startsWith('\ufeff') ? 1 : 0
    this.lineStarts = [first, ...[...text.matchAll(/\r\n|[\n\r\x85]/g)].map(({ index, 0: end }) => index + end.length)]
  }

  offsetOf({ line, column }: Position): number {
    return this.lineStarts[line - 1]! + column - 1
  }

  /** Counts from 0. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.lineStarts.length
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.lineStarts[middle]! <= offset) low = middle
      else high = middle
    }
    return low
  }

  /** Of a line that counts from 0; the end of the text for one behind the last. */
  lineStart(line: number): number {
    return this.lineStarts[line] ?? this.text.length
  }

  /** With its end. */
  line(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineStart(line + 1))
  }

  get lines(): number {
    const last = this.lineStarts.length
    return this.lineStarts[last - 1] === this.text.length ? last - 1 : last
  }

  /** Inside its quotes, if it has some; undefined where something else stands there than a value written like this. */
  spanOf(position: Position, value: string | number): Span | undefined {
    const offset = this.offsetOf(position)
    const mark = this.text[offset]
    const isQuoted = mark === '"' || mark === "'"
    const start = isQuoted ? offset + 1 : offset
    const written = (isQuoted ? /^[^"'\\\n]*/ : /^[^\s,\]}#]+/).exec(
      this.text.slice(start, start + mostCharacters),
    )?.[0]
    const isSame = typeof value === 'number' ? Number(written) === value : written === value
    if (written === undefined || written === '' || !isSame) return undefined
    return { file: this.file, start, end: start + written.length }
  }

  /** Of a part of a text, where that is written as it reads. */
  spanWithin(position: Position, written: string): Span | undefined {
    const start = this.offsetOf(position)
    if (!this.text.startsWith(written, start)) return undefined
    return { file: this.file, start, end: start + written.length }
  }
}

/** Of a number or a duration. */
const mostCharacters = 64
