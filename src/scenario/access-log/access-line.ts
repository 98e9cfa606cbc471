// Lines of access logs as web servers and proxies write them by default: a time in brackets, a request in quotes, a
// status. They are read as bytes, since that is what several gigabytes of them cost.
import { type Flaw, type LineReader, textIn } from './line-reader.js'
import { secondOf } from './timestamp.js'

const OPEN = 0x5b
const CLOSE = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const DASH = 0x2d
const POINT = 0x2e

/**
 * Common: `host ident user [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326`. Combined: two quoted fields more,
 * those of the referrer and the user agent. Envoy: `[2016-04-15T20:17:00.310Z] "GET / HTTP/1.1" 200 …`. What stands
 * before the time and after these is passed over: people add to it.
 */
export class AccessLine implements LineReader {
  second = 0
  readonly count = 1
  private at = 0
  private readonly known = new Uint8Array(LONGEST_TIME)
  private knownLength = 0

  constructor(private readonly kind: 'common' | 'combined' | 'envoy') {}

  read(bytes: Uint8Array, start: number, end: number): 'requests' | Flaw {
    const flaw = (message: string): Flaw => ({ offset: this.at - start, message })
    if (!this.findTime(bytes, start, end)) {
      this.at = start
      return flaw('there is no time in brackets')
    }
    if (!this.skipQuoted(bytes, end)) return flaw('expected the request, in quotes')
    if (!this.skipStatus(bytes, end)) return flaw('expected the status')
    if (this.kind === 'envoy') return bytes[this.at] === SPACE ? 'requests' : flaw('expected the response flags')
    if (!this.skipSize(bytes, end)) return flaw('expected the size of the answer')
    if (this.kind === 'common') return 'requests'
    if (!this.skipQuoted(bytes, end)) return flaw('expected the referrer, in quotes')
    return this.skipQuoted(bytes, end) ? 'requests' : flaw('expected the user agent, in quotes')
  }

  /** Goes on behind the first brackets that hold a time. */
  private findTime(bytes: Uint8Array, start: number, end: number): boolean {
    for (let open = start; open < end; open++) {
      if (bytes[open] !== OPEN) continue
      let close = open + 1
      while (close < end && close - open <= LONGEST_TIME && bytes[close] !== CLOSE) close++
      if (close >= end || bytes[close] !== CLOSE) continue
      this.at = close + 1
      if (this.takeTime(bytes, open + 1, close)) return true
      if (this.kind === 'envoy') return false
    }
    return false
  }

  private takeTime(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.isKnown(bytes, start, end)) return true
    const second = secondOf(textIn(bytes, start, end))
    if (Number.isNaN(second)) return false
    this.second = second
    this.knownLength = 0
    for (let at = start; at < end; at = afterFraction(bytes, at + 1)) this.known[this.knownLength++] = bytes[at]!
    return true
  }

  /** Most lines have the time of the line before, but for fractions of a second. */
  private isKnown(bytes: Uint8Array, start: number, end: number): boolean {
    let same = 0
    for (let at = start; at < end; at = afterFraction(bytes, at + 1)) {
      if (this.known[same++] !== bytes[at]) return false
    }
    return same === this.knownLength
  }

  private skipQuoted(bytes: Uint8Array, end: number): boolean {
    let at = this.at
    if (bytes[at] !== SPACE || bytes[at + 1] !== QUOTE) return false
    for (at += 2; at < end; at++) {
      const byte = bytes[at]
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) break
    }
    if (at >= end) return false
    this.at = at + 1
    return true
  }

  private skipStatus(bytes: Uint8Array, end: number): boolean {
    const from = this.at + 1
    const to = digitsFrom(bytes, from, end)
    // Envoy has 0 where there was no answer, and nginx 000.
    if (bytes[this.at] !== SPACE || to === from || to > from + 3) return false
    this.at = to
    return true
  }

  private skipSize(bytes: Uint8Array, end: number): boolean {
    const from = this.at + 1
    const isNone = bytes[from] === DASH
    const to = isNone ? from + 1 : digitsFrom(bytes, from, end)
    if (bytes[this.at] !== SPACE || from >= end || to === from) return false
    this.at = to
    return true
  }
}

const LONGEST_TIME = 40

/** Past the point and the digits, if this is a point. */
function afterFraction(bytes: Uint8Array, at: number): number {
  return bytes[at] === POINT ? digitsFrom(bytes, at + 1, bytes.length) : at
}

function digitsFrom(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++
  return at
}
