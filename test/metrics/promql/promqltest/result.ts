// What an evaluation must yield, held against what it yields: scalars, strings, vectors and matrices.

import { formatGoFloat } from '../../../../src/metrics/float.js'
import { parseFloatText } from '../../../../src/metrics/float-literal.js'
import type { Value } from '../../../../src/metrics/promql/value.js'
import { readSeries, type SeriesValue } from '../series-notation.js'
import { differs } from './expectation.js'
import type { Evaluation, Line, Steps } from './script.js'

/** Undefined if they agree. `isOrdered` is about vectors. */
export function complaintAboutResult(evaluation: Evaluation, value: Value, isOrdered: boolean): string | undefined {
  const { results, string, at, window } = evaluation
  if (value.kind === 'string') return told(JSON.stringify(string), JSON.stringify(value.value))
  const number = results.length === 1 ? scalarOf(results[0]!) : undefined
  if (value.kind === 'scalar') {
    const isRight = number !== undefined && almostEqual(number, value.value)
    return isRight ? undefined : differs(shown(results), formatGoFloat(value.value))
  }
  if (number !== undefined) return differs(`the scalar ${number}`, `a ${value.kind}`)
  const rows = value.kind === 'vector' ? vectorRows(value, at.startMs) : matrixRows(value)
  const expected = results.map((line) => expectedRow(line, window ?? at))
  return sameRows(expected, rows, isOrdered) ? undefined : differs(rowsShown(expected), rowsShown(rows))
}

function told(expected: string | undefined, got: string): string | undefined {
  return expected === got ? undefined : differs(expected ?? 'no string', got)
}

interface Row {
  readonly key: string
  readonly points: ReadonlyMap<number, number>
}

function vectorRows({ samples }: Extract<Value, { kind: 'vector' }>, timeMs: number): Row[] {
  return samples.map(({ labels, value }) => ({ key: keyOf(labels.toRecord()), points: new Map([[timeMs, value]]) }))
}

function matrixRows({ series }: Extract<Value, { kind: 'matrix' }>): Row[] {
  return series.map(({ labels, points }) => ({
    key: keyOf(labels.toRecord()),
    points: new Map(points.map(({ timeMs, value }) => [timeMs, value])),
  }))
}

/** Values stand a step apart, beginning with the range. */
function expectedRow({ text }: Line, { startMs, stepMs }: Steps): Row {
  const { labels, values } = readSeries(text)
  const points = new Map<number, number>()
  values.forEach((value: SeriesValue, index) => {
    if (value !== '_') points.set(startMs + index * stepMs, value === 'stale' ? Number.NaN : value)
  })
  return { key: keyOf(labels), points }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const present = Object.entries(labels).filter(([, value]) => value !== '')
  return JSON.stringify(present.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function sameRows(expected: readonly Row[], got: readonly Row[], isOrdered: boolean): boolean {
  if (expected.length !== got.length) return false
  const order = (rows: readonly Row[]) => (isOrdered ? rows : rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
  const [left, right] = [order(expected), order(got)]
  return left.every((row, index) => row.key === right[index]!.key && samePoints(row.points, right[index]!.points))
}

function samePoints(expected: ReadonlyMap<number, number>, got: ReadonlyMap<number, number>): boolean {
  if (expected.size !== got.size) return false
  return [...expected].every(([timeMs, value]) => got.has(timeMs) && almostEqual(value, got.get(timeMs)!))
}

/** Prometheus' tests let values differ by a millionth of what they are. */
const TOLERANCE = 1e-6
const SMALLEST_NORMAL = 2.2250738585072014e-308

function almostEqual(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true
  const sum = Math.abs(a) + Math.abs(b)
  const difference = Math.abs(a - b)
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE
}

function scalarOf({ text }: Line): number | undefined {
  const value = /^[-+]?0x[0-9a-f]+$/i.test(text) ? Number(text) : parseFloatText(text)
  return typeof value === 'number' ? value : undefined
}

function shown(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('; ') || 'nothing'
}

function rowsShown(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nothing'
  const points = (row: Row) => [...row.points].map(([timeMs, value]) => `${formatGoFloat(value)}@${timeMs / 1000}`)
  return rows.map((row) => `${row.key} ${points(row).join(' ')}`).join('\n         ')
}
