// Whether two answers about PromQL are the same: this engine's and Prometheus' own.

import { type Expression, withoutParens } from '../../../src/metrics/promql/ast.js'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { parse } from '../../../src/metrics/promql/parse.js'
import type { PromqlAnswer, PromqlQuestion, Remarks } from './answers.js'

/** Libraries of exp, sin and pow differ in the last digits. */
const TOLERANCE = 1e-9

export function agree(question: PromqlQuestion, one: PromqlAnswer, other: PromqlAnswer): boolean {
  if ('error' in one || 'error' in other) return 'error' in one && 'error' in other
  if (!('loaded' in one || 'loaded' in other) && !areSameRemarks(one, other)) return false
  if ('scalar' in one) return 'scalar' in other && areClose(one.scalar, other.scalar)
  if ('string' in one) return 'string' in other && one.string === other.string
  if ('loaded' in one) return 'loaded' in other && one.loaded === other.loaded
  if ('matrix' in one) {
    if (!('matrix' in other) || one.matrix.length !== other.matrix.length) return false
    return one.matrix.every((row, index) => areSameRows(row, other.matrix[index]!))
  }
  if (!('vector' in other) || one.vector.length !== other.vector.length) return false
  if ('query' in question && isOrdered(question.query) && !areInOrder(one.vector, other.vector)) return false
  const [left, right] = [one.vector, other.vector].map((rows) => rows.toSorted(byMetric))
  return left!.every((row, index) => {
    const partner = right![index]!
    return keyOf(row) === keyOf(partner) && areClose(row.value, partner.value)
  })
}

/** Both in order. How often a histogram was repaired Prometheus 3.15 counts twice, and twice that, from step to step, until the number overflows. */
function areSameRemarks(one: Remarks, other: Remarks): boolean {
  const [left, right] = [one, other].map(({ warnings, infos }) => JSON.stringify([warnings, infos]))
  return left!.replaceAll(COUNT, '') === right!.replaceAll(COUNT, '')
}

const COUNT = /over -?\d+ samples/g

/** Among equal values, the order is a matter of how one sorts. */
function areInOrder(one: readonly Sample[], other: readonly Sample[]): boolean {
  return one.every(({ value }, index) => areClose(value, other[index]!.value))
}

interface Row {
  readonly metric: Readonly<Record<string, string>>
}

interface Sample extends Row {
  readonly value: string
}

interface Points extends Row {
  readonly points: readonly (readonly [number, string])[]
}

function areSameRows(one: Points, other: Points): boolean {
  if (keyOf(one) !== keyOf(other) || one.points.length !== other.points.length) return false
  return one.points.every(([seconds, value], index) => {
    const [otherSeconds, otherValue] = other.points[index]!
    return seconds === otherSeconds && areClose(value, otherValue)
  })
}

function areClose(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [Number(one), Number(other)]
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}

function keyOf({ metric }: Row): string {
  return JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byMetric(a: Row, b: Row): number {
  const [one, other] = [keyOf(a), keyOf(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/** Nothing, if only Prometheus reads it. */
function readable(query: string): Expression | undefined {
  try {
    return withoutParens(parse(query))
  } catch (error) {
    if (error instanceof PromqlError) return undefined
    throw error
  }
}

/** Whether Prometheus promises an order: of whole results only, and not of groups. */
function isOrdered(query: string): boolean {
  const expression = readable(query)
  if (expression === undefined) return false
  if (expression.kind === 'call') return expression.name === 'sort' || expression.name === 'sort_desc'
  if (expression.kind !== 'aggregate' || expression.without || expression.grouping.length > 0) return false
  return expression.operator === 'topk' || expression.operator === 'bottomk'
}
