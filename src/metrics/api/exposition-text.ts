// The text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), for a real Prometheus to scrape:
// what the targets of the flight expose, or whichever series it selects.
import { formatGoFloat } from '../float.js'
import { type Labels, METRIC_NAME } from '../labels.js'
import { matcher } from '../matcher.js'
import { LOOKBACK_MS } from '../promql/selection.js'
import type { Series } from '../series.js'
import { type Parameters, selectorsOf } from './parameters.js'
import { type ExposedFamily, onceByName, type Sources } from './sources.js'

/** Without it, the Prometheus that scrapes would write its own there. */
const FEDERATED = ['instance']

/** What all targets exposed when they were last scraped; their labels are on it, so that honor_labels is needed. */
export function targetsText(_: Parameters, sources: Sources): string {
  return onceByName(sources.families)
    .map((family) => familyText(family, sources))
    .join('')
}

/** The latest sample of each selected series with its time, as Prometheus tells them to another. */
export function federation(parameters: Parameters, { store, nowMs }: Sources): string {
  const selected = new Set(selectorsOf(parameters).flatMap((matchers) => store.select(matchers)))
  const byName = new Map<string, string[]>()
  for (const series of selected) {
    const latest = latestIndex(series, nowMs)
    const name = series.labels.get(METRIC_NAME)
    if (latest === undefined || name === '') continue
    const lines = byName.get(name) ?? [`# TYPE ${legacy(name)} untyped`]
    byName.set(name, lines)
    lines.push(`${sampleText(series, latest, FEDERATED)} ${series.times[latest]}`)
  }
  return [...byName.keys()]
    .sort()
    .map((name) => `${byName.get(name)!.join('\n')}\n`)
    .join('')
}

function familyText(family: ExposedFamily, { store, nowMs }: Sources): string {
  const { name, type, help } = family
  const lines = namesOf(family).flatMap((each, part) =>
    store.select([matcher(METRIC_NAME, '=', each)]).flatMap((series) => {
      const latest = latestIndex(series, nowMs)
      return latest === undefined ? [] : [{ part, of: withoutBound(series.labels), text: sampleText(series, latest) }]
    }),
  )
  if (lines.length === 0) return ''
  // The parts of a histogram stand together.
  const order = new Map([...new Set(lines.map(({ of }) => of))].map((of, index) => [of, index]))
  lines.sort((a, b) => order.get(a.of)! - order.get(b.of)! || a.part - b.part)
  const head = help === '' ? [] : [`# HELP ${legacy(name)} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`]
  return `${[...head, `# TYPE ${legacy(name)} ${type}`, ...lines.map(({ text }) => text)].join('\n')}\n`
}

function namesOf({ name, type }: ExposedFamily): readonly string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
}

function withoutBound(labels: Labels): Labels {
  return labels.table.dropping([METRIC_NAME, 'le']).of(labels)
}

/** None where the series has ended, or is too old for Prometheus to find. */
function latestIndex(series: Series, nowMs: number): number | undefined {
  const latest = series.latestAt(nowMs)
  const isThere = latest >= series.from && series.stale[latest] === 0 && series.times[latest]! > nowMs - LOOKBACK_MS
  return isThere ? latest : undefined
}

function sampleText({ labels, values }: Series, index: number, needed: readonly string[] = []): string {
  const pairs = labels.names.flatMap((name, at) =>
    name === METRIC_NAME ? [] : [`${legacy(name).replaceAll(':', '_')}="${escaped(labels.values[at]!)}"`],
  )
  for (const name of needed) if (!labels.names.includes(name)) pairs.push(`${name}=""`)
  const braced = pairs.length > 0 ? `{${pairs.join()}}` : ''
  return `${legacy(labels.get(METRIC_NAME))}${braced} ${formatGoFloat(values[index]!)}`
}

/** Scrapers that don't ask for more get names of the old alphabet. */
function legacy(name: string): string {
  return name.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=\d)/, '_')
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
