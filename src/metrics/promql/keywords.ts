// The words with a meaning in PromQL's grammar, and how Prometheus prints them when they stand in the wrong place.

import { AGGREGATE_OPERATORS } from './ast.js'

const OPERATORS = ['and', 'or', 'unless', 'atan2']
const OTHERS = [
  'bool',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'by',
  'without',
  'offset',
  'start',
  'end',
  'anchored',
  'smoothed',
]

const PRINTED: ReadonlyMap<string, string> = new Map([
  ...OTHERS.map((word) => [word, `<${word}>`] as const),
  ...OPERATORS.map((word) => [word, `<op:${word}>`] as const),
  ...AGGREGATE_OPERATORS.map((word) => [word, `<aggr:${word}>`] as const),
])

/** Undefined if the word is no keyword, in capitals or not. */
export function printedKeyword(word: string): string | undefined {
  return PRINTED.get(word.toLowerCase())
}
