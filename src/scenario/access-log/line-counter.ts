// Counts a log of lines, in memory that doesn't grow with it.
import { limits } from '../limits.js'
import { type Flaw, type LineReader, textIn } from './line-reader.js'
import type { LogCounter, LogReading, PlacedFlaw, Span } from './log-reading.js'
import { SecondCounts } from './second-counts.js'
import { spread } from './spread.js'

const NEWLINE = 0x0a
const RETURN = 0x0d
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Characters of a line that are kept to tell what it is. */
const TOLD = 2_000

export class LineCounter implements LogCounter {
  private readonly counts = new SecondCounts()
  private readonly flaws: PlacedFlaw[] = []
  /** The beginning of a line whose end is in the next chunk. */
  private rest = new Uint8Array(0)
  /** Whether a line is so long that what still comes of it is dropped. */
  private overlong = false
  private line = 0
  private good = 0
  private flawed = 0
  private first = Number.POSITIVE_INFINITY
  private last = Number.NEGATIVE_INFINITY
  private isFull = false
  /** Where rows stand for the time up to the next: the shortest such time. */
  private step = Number.POSITIVE_INFINITY
  private before = Number.NaN

  constructor(
    private readonly reader: LineReader,
    /** Whether lines stand for the time up to the next one, and not for what happens in their second. */
    private readonly isTable: boolean,
    private readonly span: Span,
  ) {}

  push(chunk: Uint8Array): void {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.rest.length > 0 || this.overlong) this.endLine(chunk.subarray(start, end))
      else this.take(chunk, start, end)
      start = end + 1
    }
    if (start < chunk.length) this.keep(chunk.subarray(start))
  }

  finish(): LogReading {
    if (this.rest.length > 0 || this.overlong) this.endLine(new Uint8Array(0))
    const { counts, good, flawed, flaws, isFull } = this
    const isSpread = this.isTable && this.step > 1 && this.step < Number.POSITIVE_INFINITY
    const rows = isSpread ? spread(counts, this.step) : counts
    const last = this.last + (isSpread ? this.step - 1 : 0)
    return {
      counts: rows ?? counts,
      good,
      flawed,
      flaws,
      first: this.first,
      last,
      isFull: isFull || rows === undefined,
    }
  }

  /** The line goes on in the next chunk. */
  private keep(part: Uint8Array): void {
    if (this.overlong) return
    if (this.rest.length + part.length > limits.logLineBytes) {
      this.overlong = true
      this.rest = new Uint8Array(0)
      return
    }
    this.rest = joined(this.rest, part)
  }

  private endLine(part: Uint8Array): void {
    this.keep(part)
    const { rest, overlong } = this
    this.rest = new Uint8Array(0)
    this.overlong = false
    if (!overlong) return this.take(rest, 0, rest.length)
    this.line++
    this.tell({ offset: 0, message: `this line has more than ${limits.logLineBytes} bytes` }, rest, 0, 0)
  }

  private take(bytes: Uint8Array, lineStart: number, lineEnd: number): void {
    this.line++
    const isMarked = this.line === 1 && BYTE_ORDER_MARK.every((byte, index) => bytes[lineStart + index] === byte)
    const start = isMarked ? lineStart + BYTE_ORDER_MARK.length : lineStart
    const end = lineEnd > start && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd
    if (end <= start) return
    const reading = this.reader.read(bytes, start, end)
    if (reading === 'requests') this.note(this.reader.second, this.reader.count)
    else if (reading !== 'heading') this.tell(reading, bytes, start, end)
  }

  private note(second: number, count: number): void {
    this.good++
    if (second < this.first) this.first = second
    if (second > this.last) this.last = second
    if (this.isTable) {
      const sinceBefore = Math.abs(second - this.before)
      if (sinceBefore > 0 && sinceBefore < this.step) this.step = sinceBefore
      this.before = second
    } else if (second < this.span.from || second >= this.span.until) return
    if (!this.counts.add(second, count)) this.isFull = true
  }

  private tell({ offset, message }: Flaw, bytes: Uint8Array, start: number, end: number): void {
    this.flawed++
    if (this.flaws.length >= limits.logLinesTold) return
    const column = textIn(bytes, start, start + offset).length + 1
    this.flaws.push({ line: this.line, column, message, text: textIn(bytes, start, Math.min(end, start + TOLD)) })
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
