// What a template's text falls into.

export type TokenKind =
  | 'error'
  | 'end of text'
  | 'text'
  | 'left delimiter'
  | 'right delimiter'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'left paren'
  | 'right paren'
  | 'character'
  | 'bool'
  | 'char constant'
  | 'complex'
  | 'dot'
  | 'field'
  | 'identifier'
  | 'nil'
  | 'number'
  | 'raw string'
  | 'string'
  | 'variable'
  | Keyword

export type Keyword = (typeof KEYWORDS)[number]

export const KEYWORDS = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
] as const

export interface Token {
  readonly kind: TokenKind
  /** Byte position in the text. */
  readonly at: number
  /** 1 + newlines before it. */
  readonly line: number
  /** As it stands in the text; what is wrong, of an error. */
  readonly text: string
}
