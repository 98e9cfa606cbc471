// Cuts a template's text into tokens, one when the parser asks for one: a complaint's line is that of the last token read.
import { encodeRune, runeAt } from '../../go/bytes.js'
import { isPrintable, quote } from '../../go/quote.js'
import { KEYWORDS, type Keyword, type Token, type TokenKind } from './token.js'

const SPACES = ' \t\r\n'
const LEFT = '{{'
const RIGHT = '}}'

export class Lexer {
  #at = 0
  #start = 0
  #line = 1
  /** The first one not counted yet. */
  #newline: number
  #isInside = false
  #parens = 0

  constructor(readonly input: string) {
    this.#newline = input.indexOf('\n')
  }

  next(): Token {
    return this.#isInside ? this.#action() : this.#text()
  }

  #text(): Token {
    for (;;) {
      this.#start = this.#at
      const left = this.input.indexOf(LEFT, this.#at)
      const end = left < 0 ? this.input.length : left
      const trimmed =
        left >= 0 && trimsLeft(this.input, left + LEFT.length) ? trimmedEnd(this.input, this.#at, end) : end
      this.#at = end
      if (trimmed > this.#start) return this.#token('text', trimmed)
      if (left < 0) return this.#token('end of text')
      const found = this.#leftDelimiter()
      if (found !== undefined) return found
    }
  }

  /** Nothing for a comment. */
  #leftDelimiter(): Token | undefined {
    this.#start = this.#at
    const afterDelimiter = this.#at + LEFT.length
    const afterMarker = trimsLeft(this.input, afterDelimiter) ? afterDelimiter + 2 : afterDelimiter
    if (this.input.startsWith('/*', afterMarker)) return this.#comment(afterMarker)
    this.#at = afterMarker
    this.#isInside = true
    this.#parens = 0
    return this.#token('left delimiter', afterDelimiter)
  }

  #comment(from: number): Token | undefined {
    this.#start = from
    const end = this.input.indexOf('*/', from + 2)
    if (end < 0) return this.#error('unclosed comment')
    this.#at = end + 2
    const right = this.#rightDelimiterAt(this.#at)
    if (right === undefined) return this.#error('comment ends before closing delimiter')
    this.#at = right.resume
    return undefined
  }

  #action(): Token {
    this.#start = this.#at
    const right = this.#rightDelimiterAt(this.#at)
    if (right !== undefined)
      return this.#parens === 0 ? this.#rightDelimiter(right) : this.#error('unclosed left paren')
    if (this.#at >= this.input.length) return this.#error('unclosed action')
    const { rune, size } = runeAt(this.input, this.#at)
    const character = String.fromCodePoint(rune)
    if (SPACES.includes(character)) return this.#space()
    const after = this.input[this.#at + 1] ?? ''
    const isNumber = /[0-9+-]/.test(character) || (character === '.' && (after === '' || /[0-9]/.test(after)))
    if (isNumber) return this.#number()
    if (isWordRune(rune)) return this.#identifier()
    this.#at += size
    return this.#sign(character, rune)
  }

  #sign(character: string, rune: number): Token {
    switch (character) {
      case '=':
        return this.#token('assign')
      case ':':
        if (this.input[this.#at] !== '=') return this.#error('expected :=')
        this.#at++
        return this.#token('declare')
      case '|':
        return this.#token('pipe')
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string')
      case "'":
        return this.#quoted("'", 'char constant', 'unterminated character constant')
      case '`':
        return this.#rawString()
      case '$':
        return this.#named('variable', 'variable')
      case '.':
        return this.#named('field', 'dot')
      case '(':
        this.#parens++
        return this.#token('left paren')
      case ')':
        this.#parens--
        return this.#parens < 0 ? this.#error('unexpected right paren') : this.#token('right paren')
      default:
        if (rune < 0x80 && isPrintable(rune)) return this.#token('character')
        return this.#error(`unrecognized character in action: ${unicode(rune)}`)
    }
  }

  /** The space before the minus of a delimiter that trims belongs to the delimiter. */
  #space(): Token {
    while (this.#at < this.input.length && SPACES.includes(this.input[this.#at]!)) this.#at++
    const right = this.#rightDelimiterAt(this.#at - 1)
    if (right?.trims) {
      this.#at--
      if (this.#at === this.#start) return this.#rightDelimiter(right)
    }
    return this.#token('space')
  }

  #rightDelimiter(right: RightDelimiter): Token {
    this.#start = right.at
    this.#isInside = false
    const token = this.#token('right delimiter', right.at + RIGHT.length)
    this.#at = right.resume
    return token
  }

  #rightDelimiterAt(at: number): RightDelimiter | undefined {
    const trims = this.input[at + 1] === '-' && SPACES.includes(this.input[at]!) && this.input.startsWith(RIGHT, at + 2)
    if (!trims && !this.input.startsWith(RIGHT, at)) return undefined
    const delimiter = trims ? at + 2 : at
    let resume = delimiter + RIGHT.length
    if (trims) while (resume < this.input.length && SPACES.includes(this.input[resume]!)) resume++
    return { at: delimiter, trims, resume }
  }

  #identifier(): Token {
    this.#word()
    if (!this.#isAtTerminator()) return this.#error(`bad character ${unicode(runeAt(this.input, this.#at).rune)}`)
    const word = this.input.slice(this.#start, this.#at)
    if (isKeyword(word)) return this.#token(word)
    if (word === 'nil') return this.#token('nil')
    return this.#token(word === 'true' || word === 'false' ? 'bool' : 'identifier')
  }

  /** What starts with a dot or dollar, which may also stand alone. */
  #named(kind: TokenKind, alone: TokenKind): Token {
    if (this.#isAtTerminator()) return this.#token(alone)
    this.#word()
    if (!this.#isAtTerminator()) return this.#error(`bad character ${unicode(runeAt(this.input, this.#at).rune)}`)
    return this.#token(kind)
  }

  #word(): void {
    while (this.#at < this.input.length) {
      const { rune, size } = runeAt(this.input, this.#at)
      if (!isWordRune(rune)) return
      this.#at += size
    }
  }

  #isAtTerminator(): boolean {
    const character = this.input[this.#at]
    if (character === undefined || SPACES.includes(character) || '.,|:)('.includes(character)) return true
    return this.input.startsWith(RIGHT, this.#at)
  }

  #quoted(mark: string, kind: TokenKind, complaint: string): Token {
    for (;;) {
      const character = this.input[this.#at++]
      if (character === mark) return this.#token(kind)
      const next = character === '\\' ? this.input[this.#at++] : character
      if (next === undefined || next === '\n') return this.#error(complaint)
    }
  }

  #rawString(): Token {
    const end = this.input.indexOf('`', this.#at)
    if (end < 0) return this.#error('unterminated raw quoted string')
    this.#at = end + 1
    return this.#token('raw string')
  }

  #number(): Token {
    if (!this.#scanNumber()) return this.#badNumber()
    if (!/[+-]/.test(this.input[this.#at] ?? '')) return this.#token('number')
    const isComplex = this.#scanNumber() && this.input[this.#at - 1] === 'i'
    return isComplex ? this.#token('complex') : this.#badNumber()
  }

  /** Not exact: what it lets through and is no number, the parser refuses. */
  #scanNumber(): boolean {
    NUMBER.lastIndex = this.#at
    this.#at += NUMBER.exec(this.input)![0].length
    if (this.#at >= this.input.length) return true
    const { rune, size } = runeAt(this.input, this.#at)
    if (!isWordRune(rune)) return true
    this.#at += size
    return false
  }

  #badNumber(): Token {
    return this.#error(`bad number syntax: ${quote(this.input.slice(this.#start, this.#at))}`)
  }

  #token(kind: TokenKind, end = this.#at): Token {
    return Object.freeze({
      kind,
      at: this.#start,
      line: this.#lineOf(this.#start),
      text: this.input.slice(this.#start, end),
    })
  }

  #error(text: string): Token {
    return Object.freeze({ kind: 'error', at: this.#start, line: this.#lineOf(this.#start), text })
  }

  /** Tokens come in order, so each newline is counted once. */
  #lineOf(at: number): number {
    while (this.#newline >= 0 && this.#newline < at) {
      this.#line++
      this.#newline = this.input.indexOf('\n', this.#newline + 1)
    }
    return this.#line
  }
}

interface RightDelimiter {
  readonly at: number
  readonly trims: boolean
  /** Where the text goes on. */
  readonly resume: number
}

const NUMBER =
  /[+-]?(?:0(?:[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|[oO][0-7_]*(?:\.[0-7_]*)?|[bB][01_]*(?:\.[01_]*)?)|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y

/** As %#U prints it. */
function unicode(rune: number): string {
  const number = `U+${rune.toString(16).toUpperCase().padStart(4, '0')}`
  return isPrintable(rune) ? `${number} '${encodeRune(rune)}'` : number
}

function isWordRune(rune: number): boolean {
  const character = String.fromCodePoint(rune)
  return rune < 0x80 ? /^\w$/.test(character) : /^[\p{L}\p{Nd}]$/u.test(character)
}

function isKeyword(word: string): word is Keyword {
  return (KEYWORDS as readonly string[]).includes(word)
}

/** A minus and a space after the left delimiter: spaces before it go. */
function trimsLeft(input: string, at: number): boolean {
  return input[at] === '-' && at + 1 < input.length && SPACES.includes(input[at + 1]!)
}

function trimmedEnd(input: string, from: number, to: number): number {
  let end = to
  while (end > from && SPACES.includes(input[end - 1]!)) end--
  return end
}
