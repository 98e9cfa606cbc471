// Runs every case file: what the real engine answered, this one must answer.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { compile } from '../../../src/metrics/promql/query.js'
import type { Value } from '../../../src/metrics/promql/value.js'
import type { Store } from '../../../src/metrics/store.js'
import { type Case, number, readCases } from './case-file.js'
import { labelsOf, loadSeries } from './series-notation.js'

const folder = new URL('../cases/promql/', import.meta.url)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  describe(file, () => {
    const stores = new Map<readonly string[], Store>()
    for (const each of readCases(readFileSync(new URL(file, folder), 'utf8'))) {
      test(`line ${each.line}: ${each.query}`, () => {
        const store = stores.get(each.series) ?? loadSeries(each.series, each.stepMs)
        stores.set(each.series, store)
        check(each, answer(each, store))
      })
    }
  })
}

function answer({ query, timeMs }: Case, store: Store): Value | PromqlError {
  try {
    return compile(query).at(store, timeMs)
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

function check({ expected, query, isOrdered }: Case, value: Value | PromqlError): void {
  if (value instanceof PromqlError) {
    expect([`error: ${value.inQuery(query)}`]).toEqual(expected)
    return
  }
  const wanted = expected.map(readRow)
  const got = rows(value)
  const order = (row: Row) => row.labels
  const sorted = (list: Row[]) => (isOrdered ? list : list.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)))
  const [left, right] = [sorted(got), sorted(wanted)]
  expect(left.map(order)).toEqual(right.map(order))
  left.forEach((row, index) => {
    expectClose(row, right[index]!)
  })
}

/** A scalar has no labels; a vector has one value in each row, a matrix several, at their times in seconds. */
interface Row {
  readonly labels: string
  readonly values: readonly number[]
  readonly times: readonly number[]
}

function rows(value: Value): Row[] {
  if (value.kind === 'string') return [{ labels: JSON.stringify(value.value), values: [], times: [] }]
  if (value.kind === 'scalar') return [{ labels: 'scalar', values: [value.value], times: [] }]
  if (value.kind === 'vector') {
    return value.samples.map(({ labels, value: sample }) => row(labels.toRecord(), [sample], []))
  }
  return value.series.map(({ labels, points }) =>
    row(
      labels.toRecord(),
      points.map((point) => point.value),
      points.map((point) => point.timeMs / 1000),
    ),
  )
}

function row(labels: Record<string, string>, values: readonly number[], times: readonly number[]): Row {
  return { labels: JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))), values, times }
}

/** `0.5`, `{job="a"} 0.5`, `up{job="a"} 1@0 1@15`, `"text"`. */
function readRow(line: string): Row {
  if (line.startsWith('"')) return { labels: line, values: [], times: [] }
  const end = line.includes('}')
    ? line.indexOf('}', line.lastIndexOf('"')) + 1
    : (/^[a-z_]\w*(?= )/.exec(line)?.[0].length ?? 0)
  const points = line.slice(end).trim().split(/\s+/)
  const values = points.map((point) => number(point.split('@')[0]!))
  const times = points.filter((point) => point.includes('@')).map((point) => number(point.split('@')[1]!))
  return end === 0 ? { labels: 'scalar', values, times } : row(labelsOf(line.slice(0, end)), values, times)
}

/** Libraries of exp, log and pow differ in the last digits. */
function expectClose(got: Row, wanted: Row): void {
  expect(got.times).toEqual(wanted.times)
  expect(got.values).toHaveLength(wanted.values.length)
  got.values.forEach((value, index) => {
    const other = wanted.values[index]!
    const tolerance = 1e-9 * Math.max(1, Math.abs(other))
    if (!Object.is(value, other) && !(Math.abs(value - other) <= tolerance)) expect(value).toBe(other)
  })
}
