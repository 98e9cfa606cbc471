// Questions about PromQL, answered by this engine in the form in which test/oracle/prometheus answers by Prometheus' own.

import { formatGoFloat } from '../../../src/metrics/float.js'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { readNumber } from '../../../src/metrics/promql/literals.js'
import { compile } from '../../../src/metrics/promql/query.js'
import type { Points, Value } from '../../../src/metrics/promql/value.js'
import { Store } from '../../../src/metrics/store.js'
import { appendSeries, readSeries } from './series-notation.js'

/**
 * Loads series, in place of all before; or evaluates a query on them, at an instant or over a range, in seconds.
 * JSON has neither NaN nor infinities, and so values are texts.
 */
export type PromqlQuestion =
  | { readonly series: readonly string[]; readonly step: string }
  | { readonly query: string; readonly at: number }
  | { readonly query: string; readonly from: number; readonly to: number; readonly every: number }

type Metric = Readonly<Record<string, string>>

export type PromqlAnswer =
  | { readonly loaded: number }
  | { readonly error: string }
  | { readonly scalar: string }
  | { readonly string: string }
  | { readonly vector: readonly { readonly metric: Metric; readonly value: string }[] }
  | { readonly matrix: readonly { readonly metric: Metric; readonly points: readonly (readonly [number, string])[] }[] }

export function isPromqlQuestion(question: object): question is PromqlQuestion {
  return 'series' in question || 'query' in question
}

/** Holds what one question leaves for those after it: the series. */
export class PromqlAnswers {
  #store = new Store()

  answer(question: PromqlQuestion): PromqlAnswer {
    return 'series' in question ? this.#load(question.series, question.step) : this.#evaluate(question)
  }

  #load(series: readonly string[], step: string): PromqlAnswer {
    try {
      const stepMs = readNumber(step, { from: 0, to: step.length }) * 1000
      const noted = series.map(readSeries)
      const store = new Store()
      for (const each of noted) appendSeries(store, each, stepMs)
      this.#store = store
      return { loaded: series.length }
    } catch (error) {
      if (error instanceof Error) return { error: error.message }
      throw error
    }
  }

  #evaluate(question: Exclude<PromqlQuestion, { readonly series: unknown }>): PromqlAnswer {
    try {
      const query = compile(question.query)
      if ('at' in question) return told(query.at(this.#store, milliseconds(question.at)))
      const { from, to, every } = question
      const range = { startMs: milliseconds(from), endMs: milliseconds(to), stepMs: milliseconds(every) }
      return matrix(query.over(this.#store, range))
    } catch (error) {
      if (error instanceof PromqlError) return { error: error.inQuery(question.query) }
      throw error
    }
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000)
}

function told(value: Value): PromqlAnswer {
  switch (value.kind) {
    case 'scalar':
      return { scalar: formatGoFloat(value.value) }
    case 'string':
      return { string: value.value }
    case 'vector':
      return {
        vector: value.samples.map((sample) => ({
          metric: sample.labels.toRecord(),
          value: formatGoFloat(sample.value),
        })),
      }
    case 'matrix':
      return matrix(value.series)
  }
}

function matrix(series: readonly Points[]): PromqlAnswer {
  return {
    matrix: series.map(({ labels, points }) => ({
      metric: labels.toRecord(),
      points: points.map(({ timeMs, value }) => [timeMs / 1000, formatGoFloat(value)] as const),
    })),
  }
}
