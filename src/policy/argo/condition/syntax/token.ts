// The words of a condition, and how a message names them.

import { quote } from '../value/quote.js'

export type TokenKind = 'Identifier' | 'Number' | 'String' | 'Operator' | 'Bracket' | 'EOF'

/** Where something stands in the condition's text, as offsets for slice(). */
export interface TextRange {
  readonly from: number
  readonly to: number
}

export interface Token extends TextRange {
  readonly kind: TokenKind
  /** A string's value is what it means, without quotes and escapes. */
  readonly value: string
}

export interface SyntaxProblem extends TextRange {
  readonly message: string
}

export function isToken(token: Token, kind: TokenKind, value?: string): boolean {
  return token.kind === kind && (value === undefined || token.value === value)
}

export function describe(token: Token): string {
  return token.value === '' ? token.kind : `${token.kind}(${quote(token.value)})`
}

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u

export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text)
}
