// Label matchers: what stands in the braces of a selector.

import type { Labels } from './labels.js'
import { wholeValueTest } from './regexp/regexp.js'

export type MatchType = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  readonly type: MatchType
  readonly label: string
  readonly value: string
  /** Whether the matcher accepts a label value; an absent label has the empty value. */
  readonly accepts: (value: string) => boolean
}

/** A selector of a query (see Query.selectors), or of anything else that reads series. */
export interface Wanted {
  readonly matchers: readonly Matcher[]
}

/** Throws RegexpError if the value should be a regular expression and is none that RE2 knows. */
export function matcher(label: string, type: MatchType, value: string): Matcher {
  return Object.freeze({ type, label, value, accepts: acceptance(type, value) })
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.accepts(labels.get(matcher.label)))
}

export function formatMatcher({ label, type, value }: Matcher): string {
  return `${label}${type}${JSON.stringify(value)}`
}

function acceptance(type: MatchType, expected: string): (value: string) => boolean {
  if (type === '=') return (value) => value === expected
  if (type === '!=') return (value) => value !== expected
  const matches = wholeValueTest(expected)
  return type === '=~' ? matches : (value) => !matches(value)
}
