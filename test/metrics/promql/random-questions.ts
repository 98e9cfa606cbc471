// Random questions about PromQL, good and broken, at an instant and over a range.

import type { Expression } from '../../../src/metrics/promql/ast.js'
import { childrenOf } from '../../../src/metrics/promql/build.js'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { parse } from '../../../src/metrics/promql/parse.js'
import type { Chance } from '../../conformance/chance.js'
import type { PromqlQuestion } from './answers.js'
import { mutated } from './mutation.js'
import { RandomQuery } from './random-query.js'
import { randomSeries, type SeriesSet } from './random-series.js'
import { respelt } from './respelling.js'

const QUERIES_OF_A_SET = 60

/** So many queries, and in between the series they are about. */
export function randomQuestions(chance: Chance, queries: number): PromqlQuestion[] {
  const questions: PromqlQuestion[] = []
  for (let asked = 0; asked < queries; ) {
    const set = randomSeries(chance)
    questions.push({ series: set.series, step: `${set.stepSeconds * 1000}ms` })
    for (const last = Math.min(queries, asked + QUERIES_OF_A_SET); asked < last; asked++) {
      questions.push(randomQuestion(chance, set))
    }
  }
  return questions
}

function randomQuestion(chance: Chance, set: SeriesSet): PromqlQuestion {
  const { stepSeconds, lastSeconds } = set
  const isInstant = chance.happens(0.7)
  const random = new RandomQuery(chance, set, !isInstant)
  const plain = random.any()
  const text = chance.happens(0.15) ? orPlain(respelt(chance, plain), plain) : plain
  const damaged = chance.happens(0.25) ? mutated(chance, text, [random.any()]) : text
  const query = orPlain(damaged, text)
  if (isInstant) return { query, at: instant(chance, lastSeconds), annotations: true }
  const from = instant(chance, lastSeconds)
  const every = chance.oneOf([stepSeconds, 2 * stepSeconds, 15, 60, 1.5, 300])
  return { query, from, to: from + every * (chance.happens(0.03) ? -1 : chance.below(12)), every, annotations: true }
}

function orPlain(text: string, plain: string): string {
  return isAskable(text) ? text : plain
}

const STEP_LIMIT = 200_000

/**
 * Prometheus runs out of memory on a year in steps of a millisecond; and on a label without a name, it fails or not
 * depending on what its index looks up first.
 */
function isAskable(query: string): boolean {
  if (/(""|''|``)\s*[=!]/.test(query)) return false
  // To Prometheus a lone carriage return ends a comment, to the grammar it doesn't.
  if (/#[^\n]*\r(?!\n)/.test(query)) return false
  try {
    return stepsOf(parse(query)) <= STEP_LIMIT
  } catch (error) {
    if (error instanceof PromqlError) return true
    throw error
  }
}

function stepsOf(expression: Expression): number {
  const inside = Math.max(1, ...childrenOf(expression).map(stepsOf))
  if (expression.kind !== 'subquery') return inside
  return inside * Math.ceil(expression.rangeMs / (expression.stepMs ?? 60_000))
}

/** Near the samples, on a sample or between two, now and then far off. */
function instant(chance: Chance, lastSeconds: number): number {
  if (chance.happens(0.02)) return chance.oneOf([-1e6, 1e9, 0, 1.7e9 + 0.25, -0.001])
  const seconds = chance.below(Math.ceil(lastSeconds * 1.2) + 60)
  return chance.happens(0.2) ? seconds + chance.below(1000) / 1000 : seconds
}
