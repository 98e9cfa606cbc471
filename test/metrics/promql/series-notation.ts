// Series in promtool's notation, the one of Prometheus' own tests: `name{label="value"} 0+10x5 _ _x3 stale NaN -Inf`.
// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series

import { readNumber } from '../../../src/metrics/promql/literals.js'
import { parse } from '../../../src/metrics/promql/parse.js'
import { Store } from '../../../src/metrics/store.js'

/** A sample; nothing at that step; or the mark of a series that ended. */
export type SeriesValue = number | '_' | 'stale'

export interface NotedSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: readonly SeriesValue[]
}

/** A fault in the notation: throws an Error, or a PromqlError if it is in the labels. */
export function readSeries(text: string): NotedSeries {
  const end = endOfMetric(text)
  return { labels: labelsOf(text.slice(0, end)), values: readValues(text.slice(end)) }
}

/** Values stand a step apart, the first at time zero. */
export function loadSeries(series: readonly string[], stepMs: number): Store {
  const store = new Store()
  for (const text of series) appendSeries(store, readSeries(text), stepMs)
  return store
}

export function appendSeries(store: Store, { labels, values }: NotedSeries, stepMs: number): void {
  const series = store.series(store.labels.of(labels))
  values.forEach((value, index) => {
    if (value === 'stale') store.stale(series, index * stepMs)
    else if (value !== '_') store.append(series, index * stepMs, value)
  })
}

/** The labels of a metric as it is written; its name is one of them. */
export function labelsOf(text: string): Record<string, string> {
  if (/^\s*\{\s*\}\s*$/.test(text)) return {}
  const selector = parse(text)
  const isMetric = selector.kind === 'selector' && selector.matchers.every(({ type }) => type === '=')
  if (!isMetric) throw new Error(`${text} is no metric`)
  return Object.fromEntries(selector.matchers.map(({ label, value }) => [label, value]))
}

/** Values apart from each other by blanks. */
export function readValues(text: string): SeriesValue[] {
  if (text.includes('{{')) throw new Error(`native histograms are not simulated: ${text.trim()}`)
  return text
    .split(/[ \t\r\n]+/)
    .filter((item) => item !== '')
    .flatMap(readItem)
}

/** After the name or, if there are braces, after them; a brace in quotes closes nothing. */
function endOfMetric(text: string): number {
  const metric = /^\s*(?:[\w:]*\s*\{(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`|[^"'`}])*\}|[\w:]+)/.exec(
    text,
  )
  if (metric === null) throw new Error(`no metric: ${text}`)
  return metric[0].length
}

const NUMBER = '(?:[\\d.][\\w.]*?(?:e[+-]?\\d+)?|inf|nan)'
const ITEM = new RegExp(
  `^(?:(?<start>_|stale|[+-]?${NUMBER})|(?<first>[+-]?${NUMBER})(?<step>[+-]${NUMBER})(?=x))(?:x(?<times>\\d+))?$`,
  'i',
)

/** `_xn` is n steps without a sample; `axn` and `a+bxn` are n + 1 samples. */
function readItem(item: string): SeriesValue[] {
  const { first, start = first, step, times } = ITEM.exec(item)?.groups ?? {}
  if (start === undefined) throw new Error(`${item} is no value of a series`)
  const count = Number(times ?? 0)
  if (start === '_') return new Array(times === undefined ? 1 : count).fill('_')
  if (start === 'stale') return new Array(count + 1).fill('stale')
  const values: number[] = []
  const growth = step === undefined ? 0 : signedNumber(step)
  // Added one by one, so that rounding falls as it does in Prometheus.
  for (let value = signedNumber(start); values.length <= count; value += growth) values.push(value)
  return values
}

function signedNumber(text: string): number {
  const digits = text.replace(/^[+-]/, '')
  const value = readNumber(digits, { from: 0, to: text.length })
  return text.startsWith('-') ? -value : value
}
