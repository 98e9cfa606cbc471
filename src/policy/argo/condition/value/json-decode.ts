// encoding/json's Unmarshal into interface {}: web answers and fromJSON(), with Go's messages for what is no JSON.

import { Panic } from './panic.js'
import { quote } from './quote.js'
import { toBytes } from './text.js'
import { type GoValue, list, StringMap } from './value.js'

export function decodeJson(text: string): GoValue {
  return new Reader(text).document()
}

const MAX_DEPTH = 10_000

class Reader {
  private readonly text: string
  private at = 0
  private depth = 0
  /** Go looks at the whole text before it minds a number that does not fit. */
  private tooLarge = ''

  constructor(text: string) {
    this.text = text
  }

  document(): GoValue {
    const value = this.value('looking for beginning of value')
    this.space()
    if (this.at < this.text.length) throw this.unexpected('after top-level value')
    if (this.tooLarge !== '')
      throw new Panic(`json: cannot unmarshal number ${this.tooLarge} into Go value of type float64`)
    return value
  }

  private value(context: string): GoValue {
    this.space()
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object())
      case '[':
        return this.nested(() => this.array())
      case '"':
        return this.string()
      case 't':
        return this.literal('true', true)
      case 'f':
        return this.literal('false', false)
      case 'n':
        return this.literal('null', null)
      default:
        return this.number(context)
    }
  }

  private nested(read: () => GoValue): GoValue {
    this.at++
    if (++this.depth > MAX_DEPTH) throw new Panic('exceeded max depth')
    const value = read()
    this.depth--
    return value
  }

  private object(): GoValue {
    const entries = new Map<string, GoValue>()
    this.space()
    if (this.take('}')) return new StringMap(entries)
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') throw this.unexpected('looking for beginning of object key string')
      const key = this.string()
      this.space()
      if (!this.take(':')) throw this.unexpected('after object key')
      entries.set(key, this.value('looking for beginning of value'))
      this.space()
      if (this.take('}')) return new StringMap(entries)
      if (!this.take(',')) throw this.unexpected('after object key:value pair')
    }
  }

  private array(): GoValue {
    const items: GoValue[] = []
    this.space()
    if (this.take(']')) return list(items)
    for (;;) {
      items.push(this.value('looking for beginning of value'))
      this.space()
      if (this.take(']')) return list(items)
      if (!this.take(',')) throw this.unexpected('after array element')
    }
  }

  private literal(word: string, value: GoValue): GoValue {
    for (let i = 1; i < word.length; i++) {
      this.at++
      if (this.text[this.at] !== word[i]) throw this.unexpected(`in literal ${word} (expecting ${character(word[i]!)})`)
    }
    this.at++
    return value
  }

  private number(context: string): number {
    const start = this.at
    if (this.take('-')) {
      if (!this.isDigit()) throw this.unexpected('in numeric literal')
    } else if (!this.isDigit()) throw this.unexpected(context)
    if (!this.take('0')) this.digits()
    if (this.take('.')) {
      if (!this.isDigit()) throw this.unexpected('after decimal point in numeric literal')
      this.digits()
    }
    if (this.take('e') || this.take('E')) {
      if (!this.take('+')) this.take('-')
      if (!this.isDigit()) throw this.unexpected('in exponent of numeric literal')
      this.digits()
    }
    const text = this.text.slice(start, this.at)
    const value = Number(text)
    if (!Number.isFinite(value) && this.tooLarge === '') this.tooLarge = text
    return value
  }

  private string(): string {
    this.at++
    let out = ''
    for (;;) {
      const unit = this.text[this.at]
      if (unit === undefined) throw new Panic('unexpected end of JSON input')
      if (unit < ' ') throw this.unexpected('in string literal')
      this.at++
      if (unit === '"') return wellFormed(out)
      out += unit === '\\' ? this.escape() : unit
    }
  }

  private escape(): string {
    const unit = this.text[this.at]
    if (unit === 'u') {
      for (let i = 1; i <= 4; i++) {
        this.at++
        if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) throw this.unexpected('in \\u hexadecimal character escape')
      }
      this.at++
      return String.fromCharCode(Number.parseInt(this.text.slice(this.at - 4, this.at), 16))
    }
    const meant = unit === undefined ? undefined : ESCAPES[unit]
    if (meant === undefined) throw this.unexpected('in string escape code')
    this.at++
    return meant
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++
  }

  private digits(): void {
    while (this.isDigit()) this.at++
  }

  private isDigit(): boolean {
    const unit = this.text[this.at]
    return unit !== undefined && unit >= '0' && unit <= '9'
  }

  private take(unit: string): boolean {
    if (this.text[this.at] !== unit) return false
    this.at++
    return true
  }

  private unexpected(context: string): Panic {
    const unit = this.text[this.at] ?? ' '
    if (this.at >= this.text.length && !MINDS_SPACE.test(context)) return new Panic('unexpected end of JSON input')
    return new Panic(`invalid character ${character(unit)} ${context}`)
  }
}

/** At its end Go reads the text as if a space came next, which is an error where no space may stand. */
const MINDS_SPACE = /literal|escape/

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Half a surrogate pair is no character: Go puts U+FFFD in its place. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

/** Go's decoder sees bytes: of a longer character it prints the first one. */
function character(unit: string): string {
  if (unit === "'") return `'\\''`
  if (unit === '"') return `'"'`
  return `'${quote(String.fromCharCode(toBytes(unit)[0]!)).slice(1, -1)}'`
}
