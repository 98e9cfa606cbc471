// Random series for random queries: counters with resets, gauges, histograms; gaps, ends, and values of every kind.

import type { Chance } from '../../conformance/chance.js'

export interface SeriesSet {
  readonly series: readonly string[]
  /** Of the metrics in it. */
  readonly names: readonly string[]
  readonly stepSeconds: number
  /** The latest step that any series may have a sample at. */
  readonly lastSeconds: number
}

/** Names and labels that the queries ask for, too. */
export const NAMES = [
  ...(['errors_total', 'requests_total', 'load', 'latency_bucket', 'up', 'job:load:sum'] as const),
  ...(['offset', 'http.requests'] as const),
] as const
export const LABELS: Readonly<Record<string, readonly string[]>> = {
  job: ['api', 'web', 'api-canary'],
  instance: ['1', '2', '3'],
  code: ['200', '404', '500'],
  on: ['x', '1'],
  'c.d': ['x', 'api'],
  le: ['0.1', '0.5', '1', '1.0', '2.5', '+Inf', 'none'],
}

export function randomSeries(chance: Chance): SeriesSet {
  const stepSeconds = chance.oneOf([1, 5, 15, 15, 30, 60, 7.5])
  const steps = 2 + chance.below(60)
  const written = new Map<string, string>()
  for (let i = 3 + chance.below(14); i > 0; i--) {
    for (const [metric, values] of chance.happens(0.2) ? histogram(chance, steps) : [single(chance, steps)]) {
      written.set(metric, `${metric} ${gappy(chance, values).join(' ')}`)
    }
  }
  const names = NAMES.filter((name) =>
    [...written.keys()].some((metric) => metric.startsWith(writtenMetric(name).slice(0, -1))),
  )
  return { series: [...written.values()], names, stepSeconds, lastSeconds: stepSeconds * steps }
}

/** What is no identifier stands in quotes, and a metric's name then in the braces. */
export function writtenMetric(name: string, labels = ''): string {
  return /^[\w:]+$/.test(name) ? `${name}{${labels}}` : `{"${name}"${labels === '' ? '' : ','}${labels}}`
}

export function writtenLabel(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name}"`
}

type Written = readonly [metric: string, values: readonly string[]]

function single(chance: Chance, steps: number): Written {
  const name = chance.oneOf(NAMES)
  const labels = randomLabels(
    chance,
    name === 'latency_bucket'
      ? ['job', 'le']
      : ['job', 'instance', 'code', ...(chance.happens(0.2) ? ['on', 'c.d'] : [])],
  )
  const values = name.endsWith('_total') || chance.happens(0.2) ? counter(chance, steps) : gauge(chance, steps)
  return [writtenMetric(name, labels), values]
}

function randomLabels(chance: Chance, names: readonly string[]): string {
  return names
    .filter(() => chance.happens(0.7))
    .map((name) => `${writtenLabel(name)}="${chance.oneOf(LABELS[name]!)}"`)
    .join(',')
}

/** Buckets that grow at their own pace, cumulative for the most part. */
function histogram(chance: Chance, steps: number): Written[] {
  const labels = randomLabels(chance, ['job', 'instance'])
  const bounds = ['0.1', '0.5', '1', '2.5', '+Inf'].filter(() => chance.happens(0.93))
  let below = 0
  return bounds.map((bound) => {
    below = chance.happens(0.95) ? below + chance.below(20) : Math.max(0, below - 3)
    const growth = below
    const values = Array.from({ length: steps }, (_, index) => String(growth * index + chance.below(2)))
    return [`latency_bucket{${labels}${labels === '' ? '' : ','}le="${bound}"}`, values]
  })
}

function counter(chance: Chance, steps: number): string[] {
  let value = chance.below(1000)
  const pace = chance.oneOf([1, 10, 0.25, 1e6])
  const resetting = chance.oneOf([0, 0.05, 0.3])
  return Array.from({ length: steps }, () => {
    value = chance.happens(resetting) ? chance.below(5) * pace : value + chance.below(10) * pace
    return String(value)
  })
}

function gauge(chance: Chance, steps: number): string[] {
  const odd = chance.oneOf([0, 0, 0.05, 0.3])
  const size = chance.oneOf([1, 10, 1000, 1e9, 1e-6])
  const isWhole = chance.happens(0.4)
  return Array.from({ length: steps }, () => {
    if (chance.happens(odd)) return chance.oneOf(['NaN', 'Inf', '-Inf', '0', '-0', '1e308', '-1e308', '1e-300', '0.1'])
    const value = (chance.below(2001) - 1000) / 1000
    return String(isWhole ? Math.round(value * 10) : value * size)
  })
}

/** Some steps without a sample, some series that end, begin late, or come again. */
function gappy(chance: Chance, values: readonly string[]): readonly string[] {
  const missing = chance.oneOf([0, 0, 0.1, 0.6])
  const ending = chance.oneOf([0, 0, 0.02, 0.15])
  const begin = chance.happens(0.2) ? chance.below(values.length) : 0
  return values.map((value, index) => {
    if (index < begin || chance.happens(missing)) return '_'
    return chance.happens(ending) ? 'stale' : value
  })
}
