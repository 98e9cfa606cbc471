// What Prometheus' lexer refuses before the grammar is asked: texts that fall into no words, and brackets that don't match.

import { fromBytes } from '../go/bytes.js'
import { quoteRune } from '../go/quote.js'
import { PromqlError, parseError } from './error.js'
import { readNumber, readString } from './literals.js'
import { type Token, tokenize } from './tokens.js'

/** The first complaint, at the place where Prometheus has it. */
export function lexicalError(text: string): PromqlError | undefined {
  const lexer = new Lexer(text)
  try {
    for (const token of tokenize(text)) lexer.take(token)
    lexer.end()
    return undefined
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

/** Characters that start no token. */
const FOREIGN = /^[^\w\s"'`()[\]{},:+\-*/%^=!<>@]/

class Lexer {
  #parentheses = 0
  #isInBraces = false
  /** Between brackets; before the first number there, little else may stand. */
  #brackets: 'none' | 'fresh' | 'open' = 'none'

  constructor(readonly text: string) {}

  take(token: Token): void {
    if (token.kind === 'string') checkString(token)
    else if (this.#isInBraces) this.#inBraces(token)
    else if (token.kind === 'number') this.#number(token)
    else if (this.#brackets === 'fresh') this.#inFreshBrackets(token)
    else if (token.kind === 'word') this.#word(token)
    else this.#symbol(token)
  }

  end(): void {
    const complaint = this.#isInBraces
      ? 'unexpected end of input inside braces'
      : this.#brackets === 'fresh'
        ? 'unexpected end of input in duration expression'
        : this.#parentheses > 0
          ? 'unclosed left parenthesis'
          : this.#brackets === 'open'
            ? 'unclosed left bracket'
            : undefined
    if (complaint !== undefined) fail(complaint, this.text.length)
  }

  #inBraces({ kind, text, from, to }: Token): void {
    const colon = text.indexOf(':')
    if (kind === 'blank' || /^(,|=|!=|=~|!~|==)$/.test(text)) return
    if (text === '}') this.#isInBraces = false
    else if (text === '{') fail(`unexpected left brace '{'`, from)
    else if (text === '!') fail(`unexpected character after '!' inside braces: ${this.#characterAt(to)}`, from)
    else if (kind !== 'word') fail(`unexpected character inside braces: ${this.#characterAt(from)}`, from)
    else if (colon >= 0) fail(`unexpected character inside braces: ':'`, from + colon)
  }

  #number({ text, from }: Token): void {
    const [bad] = BAD_NUMBER.exec(text) ?? []
    if (bad !== undefined) fail(`bad number or duration syntax: ${JSON.stringify(bad)}`, from)
    readNumber(text, { from, to: from })
    if (this.#brackets === 'fresh') this.#brackets = 'open'
  }

  #inFreshBrackets(token: Token): void {
    const { kind, text, from } = token
    const isWord = kind === 'word' && /^(step|range|min_of|max_of)$/i.test(text)
    const comment = kind === 'blank' ? text.indexOf('#') : -1
    if (isWord || (kind === 'blank' && comment < 0) || /^[-+*/%^,:]$/.test(text)) return
    if (/^[()\]]$/.test(text)) return this.#symbol(token)
    const at = from + Math.max(0, comment)
    fail(`unexpected character in duration expression: ${this.#characterAt(at)}`, at)
  }

  #word({ text, from }: Token): void {
    if (this.#brackets === 'none' || /^(step|range|min_of|max_of)$/i.test(text)) return
    fail(`unexpected character: ${this.#characterAt(from)}, expected ':'`, from)
  }

  #symbol({ kind, text, from, to }: Token): void {
    if (kind === 'blank') return
    if (text === '(') this.#parentheses++
    else if (text === ')') this.#close(to)
    else if (text === '{') this.#isInBraces = true
    else if (text === '[' && this.#brackets !== 'none') fail(`unexpected left bracket '['`, from)
    else if (text === '[') this.#brackets = 'fresh'
    else if (text === ']' && this.#brackets === 'none') fail(`unexpected right bracket ']'`, from)
    else if (text === ']') this.#brackets = 'none'
    else if (text === '=~') fail(`unexpected character after '=': '~'`, from)
    else if (text === '!' || text === '!~') fail(`unexpected character after '!': ${this.#characterAt(from + 1)}`, from)
    else if (text === '}' || FOREIGN.test(text)) fail(`unexpected character: ${this.#characterAt(from)}`, from)
  }

  #close(after: number): void {
    this.#parentheses--
    if (this.#parentheses < 0) fail(`unexpected right parenthesis ')'`, after)
  }

  #characterAt(index: number): string {
    return fromBytes(quoteRune(this.text.codePointAt(index) ?? END))
  }
}

/** Go's lexer goes on with this after the last character. */
const END = -1

/** How far Prometheus reads what is no number: units, if there are any, and then a character too many. */
const UNIT = '(?:ms|m(?!s)|[shdwy])'
const UNITS = `${UNIT}(?:\\d+${UNIT})*(?:[A-Za-z_]|\\d+$)`
const BAD_NUMBER = new RegExp(
  `^(?!0[xX])\\d*(?:_\\d+)*\\.?\\d*(?:[eE][+-]?\\d+)?(?:[._]{2}|(?<=^[1-9]\\d*\\.\\d*)\\.|${UNITS}|(?=[A-Za-z])(?!ms|[smhdwyeE]))`,
)

function checkString({ text, from, to }: Token): void {
  const [quote] = text
  const isTerminated = text.length > 1 && text.at(-1) === quote
  if (!isTerminated && quote === '`') fail('unterminated raw string', from)
  // A broken escape is met before the end.
  readString(isTerminated ? text : `${text}${quote}`, { from, to })
  if (!isTerminated) fail('unterminated quoted string', from)
}

function fail(message: string, at: number): never {
  throw parseError(message, { from: at, to: at })
}
