// Questions about PromQL, answered by this engine in the form in which test/oracle/prometheus answers by Prometheus' own.

import { formatGoFloat } from '../../../src/metrics/float.js'
import { Annotations } from '../../../src/metrics/promql/annotations.js'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { readNumber } from '../../../src/metrics/promql/literals.js'
import { compile, type Query } from '../../../src/metrics/promql/query.js'
import type { Points, Value } from '../../../src/metrics/promql/value.js'
import { Store } from '../../../src/metrics/store.js'
import { appendSeries, readSeries } from './series-notation.js'

/**
 * Loads series, in place of all before; or evaluates a query on them, at an instant or over a range, in seconds.
 * JSON has neither NaN nor infinities, and so values are texts.
 */
export type PromqlQuestion =
  | { readonly series: readonly string[]; readonly step: string }
  | (Asked & { readonly at: number })
  | (Asked & { readonly from: number; readonly to: number; readonly every: number })

interface Asked {
  readonly query: string
  /** Whether warnings and infos are wanted. */
  readonly annotations?: boolean
}

type QueryQuestion = Exclude<PromqlQuestion, { readonly series: unknown }>

type Metric = Readonly<Record<string, string>>

export type PromqlAnswer = { readonly loaded: number } | { readonly error: string } | (PromqlResult & Remarks)

export interface Remarks {
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}

type PromqlResult =
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

  #evaluate(question: QueryQuestion): PromqlAnswer {
    try {
      const annotations = question.annotations ? new Annotations() : undefined
      const result = this.#result(compile(question.query), question, annotations)
      if (annotations === undefined) return result
      const [warnings, infos] = [annotations.warnings(question.query), annotations.infos(question.query)]
      return { ...result, warnings: warnings.toSorted(), infos: infos.toSorted() }
    } catch (error) {
      if (error instanceof PromqlError) return { error: error.inQuery(question.query) }
      throw error
    }
  }

  #result(query: Query, question: QueryQuestion, annotations: Annotations | undefined): PromqlResult {
    if ('at' in question) return told(query.at(this.#store, milliseconds(question.at), { annotations }))
    const { from, to, every } = question
    const range = { startMs: milliseconds(from), endMs: milliseconds(to), stepMs: milliseconds(every) }
    return matrix(query.over(this.#store, range, { annotations }))
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000)
}

function told(value: Value): PromqlResult {
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

function matrix(series: readonly Points[]): PromqlResult {
  return {
    matrix: series.map(({ labels, points }) => ({
      metric: labels.toRecord(),
      points: points.map(({ timeMs, value }) => [timeMs / 1000, formatGoFloat(value)] as const),
    })),
  }
}
