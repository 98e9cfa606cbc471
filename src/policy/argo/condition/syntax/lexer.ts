// Cuts a condition into tokens.

import { quote } from '../value/quote.js'
import { isSpace } from '../value/text.js'
import { readQuoted, readRaw } from './string-literal.js'
import type { SyntaxProblem, Token, TokenKind } from './token.js'

interface Lexed {
  readonly tokens: readonly Token[]
  /** What stopped the lexer; it counts only when the parser gets past the tokens before it. */
  readonly error: SyntaxProblem | undefined
}

const WORD_OPERATORS = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
])

const WORD = /[\p{L}\p{Nd}_$]+/uy
const WORD_CHARACTER = /[\p{L}\p{Nd}_$]/uy
const LINE_COMMENT = /\/\/[^\n]*\n?/y
const OPERATOR = /\.\.?|\?[.?]?|\|\|?|::?|[,;%+\-^]|[&!=*<>][&=*]?|\/|##?/y

/** Whether it is a number shows later: here a fraction and an exponent only have the digits of the number's base. */
const NUMBERS = ['0[xX][0-9a-fA-F_]*', '0[oO][0-7_]*', '0[bB][01_]*', '[0-9_]*'].map((whole) => {
  const digits = whole.slice(whole.lastIndexOf('['))
  return new RegExp(`${whole}(?:\\.(?!\\.)${digits})?(?:[eE][+-]?${digits})?`, 'y')
})

/** `isFormer`: as expr 1.15, which has no raw strings, and no words for branches. */
export function lex(text: string, isFormer: boolean): Lexed {
  const tokens: Token[] = []
  let at = 0
  const fail = (message: string, from: number, to: number): Lexed => ({ tokens, error: { message, from, to } })
  const push = (kind: TokenKind, value: string, to: number) => {
    tokens.push({ kind, value, from: at, to })
    at = to
  }

  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    if (isSpace(character)) {
      at += character.length
    } else if (character === '"' || character === "'" || (character === '`' && !isFormer)) {
      const literal = character === '`' ? readRaw(text, at) : readQuoted(text, at)
      if (typeof literal === 'string') return fail(literal, at, text.length)
      push('String', literal.value, literal.to)
    } else if (startsNumber(text, at)) {
      const number = numberAt(text, at)
      const next = match(WORD_CHARACTER, text, at + number.length)
      if (next !== '') return fail(`bad number syntax: ${quote(number + next)}`, at, at + number.length + next.length)
      push('Number', number, at + number.length)
    } else if (text.startsWith('//', at)) {
      at += match(LINE_COMMENT, text, at).length
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) return fail('unclosed comment', at, text.length)
      at = end + 2
    } else if ('()[]{}'.includes(character)) {
      push('Bracket', character, at + 1)
    } else {
      const operator = match(OPERATOR, text, at)
      const word = operator === '' ? match(WORD, text, at) : ''
      if (operator !== '') push('Operator', operator, at + operator.length)
      else if (word !== '') push(isOperator(word, isFormer) ? 'Operator' : 'Identifier', word, at + word.length)
      else return fail(`unrecognized character: ${codePoint(character)}`, at, at + character.length)
      if (operator.startsWith('#')) pushPointerName()
    }
  }
  tokens.push({ kind: 'EOF', value: '', from: Math.max(0, text.length - 1), to: text.length })
  return { tokens, error: undefined }

  /** The name right after # is never one of the word operators, and may start with a digit. */
  function pushPointerName(): void {
    const name = match(WORD, text, at)
    if (name !== '') push('Identifier', name, at + name.length)
  }
}

function isOperator(word: string, isFormer: boolean): boolean {
  return WORD_OPERATORS.has(word) && !(isFormer && (word === 'if' || word === 'else'))
}

function startsNumber(text: string, at: number): boolean {
  return isDigit(text[at]) || (text[at] === '.' && isDigit(text[at + 1]))
}

function numberAt(text: string, at: number): string {
  // After a leading point it starts over, as if there had been none.
  if (text[at] === '.') return `.${numberAt(text, at + 1)}`
  for (const number of NUMBERS) {
    const found = match(number, text, at)
    if (found !== '') return found
  }
  return ''
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

/** Go's %#U: U+0040 '@'. */
function codePoint(character: string): string {
  const hex = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) ? `U+${hex} '${character}'` : `U+${hex}`
}
