// How many series there are, by name, label and pair of both.
import { METRIC_NAME } from '../labels.js'
import type { Series } from '../series.js'
import { ApiError } from './api-error.js'
import { plainJson } from './json.js'
import { integer, type Parameters } from './parameters.js'
import type { Data } from './reply.js'
import type { Sources } from './sources.js'

const MOST_ROWS = 10_000

export function storeStatus(parameters: Parameters, { store }: Sources): Data {
  const limit = rowsOf(parameters.get('limit') ?? '')
  const all = store.select([])
  const names = new Map<string, number>()
  const pairs = new Map<string, number>()
  const valuesByLabel = new Map<string, Set<string>>()
  for (const { labels } of all) {
    add(names, labels.get(METRIC_NAME))
    labels.names.forEach((name, index) => {
      const value = labels.values[index]!
      add(pairs, `${name}=${value}`)
      const values = valuesByLabel.get(name)
      if (values) values.add(value)
      else valuesByLabel.set(name, new Set([value]))
    })
  }
  const valueCounts = [...valuesByLabel].map(([name, values]) => [name, values.size] as const)
  const characters = [...valuesByLabel].map(([name, values]) => [name, [...values].join('').length] as const)
  const json = {
    headStats: {
      numSeries: all.length,
      numLabelPairs: pairs.size,
      chunkCount: 0,
      minTime: all.reduce((least, { times, from }) => Math.min(least, times[from]!), Number.MAX_SAFE_INTEGER),
      maxTime: all.reduce((most, series) => Math.max(most, latestOf(series)), Number.MIN_SAFE_INTEGER),
    },
    seriesCountByMetricName: largest(names, limit),
    labelValueCountByLabelName: largest(valueCounts, limit),
    memoryInBytesByLabelName: largest(characters, limit),
    seriesCountByLabelValuePair: largest(pairs, limit),
  }
  return { json: plainJson(json) }
}

function rowsOf(text: string): number {
  if (text === '') return 10
  const rows = integer(text)
  if (typeof rows === 'string' || rows < 1) throw new ApiError('bad_data', 'limit must be a positive number')
  if (rows > MOST_ROWS) throw new ApiError('bad_data', `limit must not exceed ${MOST_ROWS}`)
  return rows
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function latestOf({ times, to }: Series): number {
  return times[to - 1]!
}

function largest(counts: Iterable<readonly [string, number]>, limit: number): { name: string; value: number }[] {
  const rows = [...counts].map(([name, value]) => ({ name, value }))
  return rows.sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1)).slice(0, limit)
}
