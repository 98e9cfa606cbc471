// Reads case files: series to load, queries, and what Prometheus answers. The language is described in cases/README.md.

import { parse } from '../../../src/metrics/promql/parse.js'

export interface Case {
  readonly line: number
  readonly series: readonly string[]
  readonly stepMs: number
  readonly timeMs: number
  readonly query: string
  /** Results in the order Prometheus gives them, if it gives one. */
  readonly isOrdered: boolean
  /** Lines as written: `{labels} value…`, a lone value, `error: …`. */
  readonly expected: readonly string[]
}

export function readCases(text: string): Case[] {
  const cases: Case[] = []
  let series: string[] = []
  let expected: string[] = []
  let stepMs = 0
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) return
    const load = /^load (\S+)$/.exec(content)
    const evaluation = /^eval (ordered )?(\S+) (.+)$/.exec(content)
    if (load !== null) {
      series = []
      expected = series
      stepMs = seconds(load[1]!) * 1000
    } else if (evaluation !== null) {
      expected = []
      const [, ordered, at, query] = evaluation
      const timeMs = Math.round(seconds(at!) * 1000)
      cases.push({
        line: index + 1,
        series,
        stepMs,
        timeMs,
        query: query!,
        isOrdered: ordered !== undefined,
        expected,
      })
    } else {
      expected.push(content)
    }
  })
  return cases
}

export function number(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = Number(text)
  if (Number.isNaN(value) && text !== 'NaN') throw new Error(`${text} is no number`)
  return value
}

/** A time as seconds or as a duration: 90, 1m30s. */
function seconds(text: string): number {
  const literal = parse(text)
  if (literal.kind !== 'number') throw new Error(`${text} is no time`)
  return literal.value
}
