// The words of a text as Prometheus' lexer would cut them, for texts that the grammar can't read.

import type { TextRange } from './error.js'

export interface Token extends TextRange {
  readonly kind: 'blank' | 'string' | 'number' | 'word' | 'symbol' | 'end'
  readonly text: string
}

const TOKENS: readonly [Token['kind'], RegExp][] = [
  ['blank', /(?:\s|#[^\n]*)+/y],
  ['string', /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`[^`]*`?/y],
  ['number', /(?:\d|\.\d)(?:[eE][+-]?\d|[\w.])*/y],
  ['word', /[A-Za-z_:][\w:]*/y],
  ['symbol', /==|!=|<=|>=|=~|!~|<\/|>\/|[\s\S]/y],
]

/** In brackets, a colon stands between a range and a step; elsewhere it may begin a name. */
const IN_BRACKETS: typeof TOKENS = [['symbol', /:/y], ...TOKENS]

export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let from = 0
  let isInBrackets = false
  while (from < text.length) {
    if (text[from] === '[') isInBrackets = true
    if (text[from] === ']') isInBrackets = false
    for (const [kind, pattern] of isInBrackets ? IN_BRACKETS : TOKENS) {
      pattern.lastIndex = from
      const match = pattern.exec(text)
      if (match === null) continue
      tokens.push({ kind, text: match[0], from, to: from + match[0].length })
      from += match[0].length
      break
    }
  }
  return tokens
}
