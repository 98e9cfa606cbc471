// What Prometheus reads and the lezer grammar does not, respelt so that the grammar takes it for what it is. A respelt
// word is as long as the original, so that every place stays where it is, and what it means is read from the original.

import { type Token, tokenize } from './tokens.js'

export function respelt(text: string): string {
  let before: Token | undefined
  let isAfterOperand = false
  let grouping: 'none' | 'announced' | 'open' = 'none'
  let isMatching = false
  let isMatched = false
  return tokenize(text)
    .map((token) => {
      if (token.kind === 'blank') return token.text
      if (grouping !== 'open' && /^(by|without|on|ignoring|group_left|group_right)$/i.test(token.text)) {
        grouping = 'announced'
        isMatching = !/^(by|without)$/i.test(token.text)
      } else if (grouping === 'announced') grouping = token.text === '(' ? 'open' : 'none'
      const isEnd = grouping === 'open' && token.text === ')'
      const word = respeltWord(token, isAfterOperand, grouping === 'open')
      // What an operator matches by is no operand yet.
      const isPrefix = (isEnd && isMatching) || (isMatched && /^group_(left|right)$/i.test(token.text))
      isAfterOperand = !isPrefix && endsOperand(token, isAfterOperand, before)
      before = token
      isMatched = isEnd && isMatching
      if (isEnd) grouping = 'none'
      return word
    })
    .join('')
}

/** A number may end in a dot; `0X` begins a hexadecimal number as `0x` does, and digits of those may be set apart. */
const NUMBER = /^(\d+(_\d+)*\.(e[+-]?\d+(_\d+)*)?|0x(_?[\da-f]+)+)$/i

/** What ends an operand, so that `offset` after it is the modifier. */
const OPERAND_END = /^([)\]}]|["'`\d.].*|[a-z_:][\w:]*)$/is

function respeltWord({ kind, text }: Token, isAfterOperand: boolean, isGrouping: boolean): string {
  if (kind === 'number') return NUMBER.test(text) ? '0'.repeat(text.length) : text
  if (kind !== 'word') return text
  // In durations, which are experimental, they may be in capitals.
  if (/^(step|range|min_of|max_of)$/i.test(text)) return text.toLowerCase()
  if (isGrouping) return text.replaceAll(':', '_')
  return /^offset$/i.test(text) && !isAfterOperand ? '_'.repeat(text.length) : text
}

/** Keywords where they can be such are names where they can't. */
function endsOperand({ text }: Token, isAfterOperand: boolean, before: Token | undefined): boolean {
  if (/^(and|or|unless|atan2)$/i.test(text)) return !isAfterOperand
  if (/^bool$/i.test(text)) return before === undefined || !/^[=!<>]/.test(before.text)
  return OPERAND_END.test(text)
}
