// Reads case files: series to load, queries, and what Prometheus answers. The language is described in cases/README.md.

import { parse } from '../../../src/metrics/promql/parse.js'
import { Store } from '../../../src/metrics/store.js'

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

/** Series in promtool's notation: `name{label="value"} 0+10x5 _ 7x2 stale NaN`. */
export function loadSeries(series: readonly string[], stepMs: number): Store {
  const store = new Store()
  for (const text of series) {
    const end = text.includes('}') ? text.indexOf('}', text.lastIndexOf('"')) + 1 : text.indexOf(' ')
    const handle = store.series(store.labels.of(labelsOf(text.slice(0, end))))
    samples(text.slice(end)).forEach((value, index) => {
      if (value === 'stale') store.stale(handle, index * stepMs)
      else if (value !== '_') store.append(handle, index * stepMs, value)
    })
  }
  return store
}

export function labelsOf(text: string): Record<string, string> {
  if (text === '{}') return {}
  const selector = parse(text)
  if (selector.kind !== 'selector') throw new Error(`${text} is no series`)
  return Object.fromEntries(selector.matchers.map(({ label, value }) => [label, value]))
}

export function number(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = Number(text)
  if (Number.isNaN(value) && text !== 'NaN') throw new Error(`${text} is no number`)
  return value
}

type Sample = number | '_' | 'stale'

function samples(text: string): Sample[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((item): Sample[] => {
      const [, start, sign = '+', step = '0', count] = /^(.+?)(?:([+-])([\d.]+(?:e\d+)?))?x(\d+)$/.exec(item) ?? []
      if (start === undefined) return [single(item)]
      // `axn` and `a+bxn` are n + 1 values, `_xn` is n.
      const length = Number(count) + (start === '_' ? 0 : 1)
      return Array.from({ length }, (_, index) =>
        start === '_' || start === 'stale' ? start : number(start) + (sign === '-' ? -1 : 1) * Number(step) * index,
      )
    })
}

function single(item: string): Sample {
  return item === '_' || item === 'stale' ? item : number(item)
}

/** A time as seconds or as a duration: 90, 1m30s. */
function seconds(text: string): number {
  const literal = parse(text)
  if (literal.kind !== 'number') throw new Error(`${text} is no time`)
  return literal.value
}
