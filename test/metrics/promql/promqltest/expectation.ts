// `expect …`: that a query fails, warns, remarks on something, or doesn't; and in which words.

import { Regexp } from '../../../../src/metrics/regexp/regexp.js'

const TYPES = ['ordered', 'fail', 'warn', 'no_warn', 'info', 'no_info'] as const

export interface Expectation {
  readonly type: (typeof TYPES)[number]
  /** As written, for reports. */
  readonly wording: string
  readonly accepts: (message: string) => boolean
}

export function readExpectation(text: string): Expectation {
  const match = /^expect\s+(\w+)(?:\s+(msg|regex):\s*(.*))?$/.exec(text)
  const type = TYPES.find((known) => known === match?.[1])
  if (match === null || type === undefined) throw new Error(`no expectation of the language: ${text}`)
  const [, , kind, wording = 'anything'] = match
  if (kind === undefined) return { type, wording, accepts: () => true }
  if (kind === 'msg') return { type, wording, accepts: (message) => message === wording }
  const regexp = new Regexp(wording)
  return { type, wording, accepts: (message) => regexp.test(message) }
}

/** What is wrong with an error, or with there being none; undefined if nothing is. */
export function complaintAboutFailure(expectations: readonly Expectation[], error: string | undefined) {
  const expected = expectations.filter(({ type }) => type === 'fail')
  if (error === undefined) return expected.length === 0 ? undefined : differs('a failure', 'a result')
  if (expected.length === 0) return differs('a result', `the error ${error}`)
  const refused = expected.find(({ accepts }) => !accepts(error))
  return refused === undefined ? undefined : differs(`the error ${refused.wording}`, `the error ${error}`)
}

/** The same for warnings and infos: all expected ones occur, and where any is expected, no others do. */
export function complaintAboutAnnotations(
  expectations: readonly Expectation[],
  level: 'warn' | 'info',
  messages: readonly string[],
): string | undefined {
  const got = messages.length === 0 ? `no ${level}` : `${level} ${messages.join('; ')}`
  const expected = expectations.filter(({ type }) => type === level)
  const none = expectations.some(({ type }) => type === `no_${level}`)
  if (none && messages.length > 0) return differs(`no ${level}`, got)
  if (expected.length === 0) return undefined
  const missing = expected.find(({ accepts }) => !messages.some(accepts))
  if (missing !== undefined) return differs(`${level} ${missing.wording}`, got)
  const unexpected = messages.find((message) => !expected.some(({ accepts }) => accepts(message)))
  return unexpected === undefined ? undefined : differs(`no other ${level}`, got)
}

export function differs(expected: string, got: string): string {
  return `expected ${expected}\n     got ${got}`
}
