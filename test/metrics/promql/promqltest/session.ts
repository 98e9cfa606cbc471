// Runs a test script: what was loaded so far, and what became of each evaluation.

import { compareLabels, type Labels } from '../../../../src/metrics/labels.js'
import { matchesAll } from '../../../../src/metrics/matcher.js'
import { Annotations } from '../../../../src/metrics/promql/annotations.js'
import { PromqlError } from '../../../../src/metrics/promql/error.js'
import { compile, Query } from '../../../../src/metrics/promql/query.js'
import type { Value } from '../../../../src/metrics/promql/value.js'
import { Store } from '../../../../src/metrics/store.js'
import { appendSeries, labelsOf, readSeries } from '../series-notation.js'
import { anchoredAt } from './anchored.js'
import { complaintAboutAnnotations, complaintAboutFailure, differs } from './expectation.js'
import { complaintAboutResult } from './result.js'
import { type Evaluation, type Load, metricOf, readScript } from './script.js'

/** `refused`: about something that is not simulated, told by name in `why`. */
export interface Outcome {
  readonly line: number
  readonly text: string
  readonly verdict: 'passed' | 'failed' | 'refused'
  readonly why: string
}

export function runScript(script: string): Outcome[] {
  const outcomes: Outcome[] = []
  let session = new Session()
  for (const command of readScript(script)) {
    if (command.kind === 'clear') session = new Session()
    else if (command.kind === 'load') session.load(command)
    else outcomes.push(session.evaluate(command))
  }
  return outcomes
}

const NATIVE = 'native histograms'
const START_TIMESTAMPS = 'start timestamps'

class Session {
  readonly #store = new Store()
  /** Series with samples that are not simulated, and what those are. */
  readonly #foreign = new Map<Labels, string>()

  load({ stepMs, alsoNative, series }: Load): void {
    // Of two lines about one series the later counts.
    const loaded = new Map<Labels, string>()
    for (const { text } of series) {
      const metric = metricOf(text)
      const labels = this.#store.labels.of(labelsOf(metric))
      if (text.startsWith('@st', metric.length)) this.#foreign.set(labels, START_TIMESTAMPS)
      else if (text.includes('{{')) this.#foreign.set(labels, NATIVE)
      else loaded.set(labels, text)
    }
    for (const [labels, text] of loaded) {
      appendSeries(this.#store, readSeries(text), stepMs)
      if (alsoNative) this.#foreign.set(this.#store.labels.of(withCustomBuckets(labels.toRecord())), NATIVE)
    }
  }

  evaluate(evaluation: Evaluation): Outcome {
    const { line, text, expectations } = evaluation
    const query = attempt(() => compile(evaluation.query))
    const isBroken = query instanceof PromqlError
    const refused = isBroken ? refusal(query) : this.#whatIsForeign(evaluation, query)
    if (refused !== undefined) return { line, text, verdict: 'refused', why: refused }
    const complaint = isBroken
      ? complaintAboutFailure(expectations, query.inQuery(evaluation.query))
      : this.#complaint(evaluation, query)
    return { line, text, verdict: complaint === undefined ? 'passed' : 'failed', why: complaint ?? '' }
  }

  #whatIsForeign({ results }: Evaluation, { selectors }: Query): string | undefined {
    if (results.some(({ text }) => text.includes('{{'))) return NATIVE
    const touched = [...this.#foreign].find(([labels]) =>
      selectors.some(({ matchers }) => matchesAll(matchers, labels)),
    )
    return touched?.[1]
  }

  #complaint(evaluation: Evaluation, query: Query): string | undefined {
    if (evaluation.isRange) return this.#tryRange(evaluation, query)
    const { startMs } = evaluation.at
    const anchored = anchoredAt(query.expression, startMs)
    const complaint = this.#tryInstant(evaluation, query, startMs)
    if (complaint !== undefined || anchored === undefined) return complaint
    // A query whose selectors are all pinned down yields the same whenever it is asked.
    const elsewhere = startMs === 0 ? [-1000, 0, 1000] : [-10, 0, 0.2, 1, 10].map((factor) => factor * startMs)
    for (const timeMs of elsewhere) {
      const again = this.#tryInstant(evaluation, new Query(query.text, anchored), timeMs)
      if (again !== undefined) return `pinned to ${startMs / 1000} s, at ${timeMs / 1000} s: ${again}`
    }
    return undefined
  }

  #tryInstant(evaluation: Evaluation, query: Query, timeMs: number): string | undefined {
    const { expectations, window, string } = evaluation
    const annotations = new Annotations()
    const value = attempt(() => query.at(this.#store, timeMs, { annotations }))
    const failure = complaintAboutFailure(expectations, value instanceof PromqlError ? value.message : undefined)
    if (failure !== undefined || value instanceof PromqlError) return failure
    const isOrdered = expectations.some(({ type }) => type === 'ordered')
    const complaint = remarks(evaluation, annotations) ?? complaintAboutResult(evaluation, value, isOrdered)
    const isTimed = /(start|end|range|step)\(\)/.test(query.text)
    if (complaint !== undefined || isOrdered || window !== undefined || string !== undefined || isTimed)
      return complaint
    return this.#tryAsRange(evaluation, query, timeMs)
  }

  /** The middle step of a range query yields what the instant query does. */
  #tryAsRange(evaluation: Evaluation, query: Query, timeMs: number): string | undefined {
    const range = { startMs: timeMs - 60_000, endMs: timeMs + 60_000, stepMs: 60_000 }
    const series = attempt(() => query.over(this.#store, range))
    if (series instanceof PromqlError) return differs('a range', `the error ${series.message}`)
    const samples = series.flatMap(({ labels, points }) =>
      points.filter((point) => point.timeMs === timeMs).map(({ value }) => ({ labels, value })),
    )
    const value: Value =
      query.type === 'scalar' ? { kind: 'scalar', value: samples[0]!.value } : { kind: 'vector', samples }
    const complaint = complaintAboutResult(evaluation, value, false)
    return complaint === undefined ? undefined : `as the middle of a range: ${complaint}`
  }

  #tryRange(evaluation: Evaluation, query: Query): string | undefined {
    const { expectations, at } = evaluation
    const annotations = new Annotations()
    const series = attempt(() => query.over(this.#store, at, { annotations }))
    const failure = complaintAboutFailure(expectations, series instanceof PromqlError ? series.message : undefined)
    if (failure !== undefined || series instanceof PromqlError) return failure
    const unsorted = series.find(
      ({ labels }, index) => index > 0 && compareLabels(series[index - 1]!.labels, labels) > 0,
    )
    if (unsorted !== undefined) return differs('series in the order of labels', `${unsorted.labels} too late`)
    const complaint = remarks(evaluation, annotations)
    return complaint ?? complaintAboutResult(evaluation, { kind: 'matrix', series }, false)
  }
}

function remarks({ query, expectations }: Evaluation, annotations: Annotations): string | undefined {
  const warnings = complaintAboutAnnotations(expectations, 'warn', annotations.warnings(query))
  return warnings ?? complaintAboutAnnotations(expectations, 'info', annotations.infos(query))
}

function attempt<Result>(evaluate: () => Result): Result | PromqlError {
  try {
    return evaluate()
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

/** What a query needs that a server without feature flags doesn't have; undefined if it is just wrong. */
function refusal({ message }: PromqlError): string | undefined {
  return /not enabled|must be enabled/.test(message) ? message : undefined
}

/** The series into which Prometheus' tests put a classic histogram a second time. */
function withCustomBuckets(labels: Readonly<Record<string, string>>): Record<string, string> {
  const { __name__: name = '', le: _, ...others } = labels
  return { __name__: name.replace(/_(bucket|count|sum)$/, ''), ...others }
}
