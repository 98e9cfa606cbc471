// A query: compiled once, evaluated at many instants.

import { compareLabels, type Labels } from '../labels.js'
import type { Matcher } from '../matcher.js'
import type { Store } from '../store.js'
import type { Annotations } from './annotations.js'
import { type Anchor, type Expression, withoutParens } from './ast.js'
import { build, childrenOf } from './build.js'
import { check, valueType } from './check.js'
import { PromqlError, type TextRange } from './error.js'
import { parse } from './parse.js'
import type { Moment, PlanNode, RangeNode, Run } from './plan.js'
import { Samples } from './samples.js'
import { LOOKBACK_MS } from './selection.js'
import type { Point, Points, Value } from './value.js'
import type { Vector } from './vector.js'
import { Work } from './work.js'

/** A selector of a query, for binding it to the world and for explaining it. */
export interface Selector extends TextRange {
  /** The metric name, if one is given by `=`. */
  readonly name: string | undefined
  readonly matchers: readonly Matcher[]
  /** The range in brackets; an instant selector looks back by the look-back delta. */
  readonly windowMs: number
  readonly isRange: boolean
  readonly offsetMs: number
  /** A fixed time that it looks from, whenever it is asked. */
  readonly anchorMs: number | undefined
  /** How far before the instant of the query, or before that time, the newest is that it can see. */
  readonly agoMs: number
  /** How far before the instant of the query it can reach, with offsets and subqueries around it. */
  readonly reachMs: number
}

/** Throws a PromqlError: what Prometheus refuses, and what only native histograms have. */
export function compile(text: string): Query {
  return new Query(text, lastParsed.get(text) ?? parsed(text))
}

/** Plans that are made from one policy ask the same few over and over. */
const lastParsed = new Map<string, Expression>()
const mostKept = 64

function parsed(text: string): Expression {
  const expression = parse(text)
  check(expression)
  if (lastParsed.size === mostKept) lastParsed.clear()
  lastParsed.set(text, expression)
  return expression
}

export class Query {
  readonly type: Value['kind']
  readonly selectors: readonly Selector[]
  /** The longest look-back of any selector: a store must keep that much. Infinite with `@` and a fixed time. */
  readonly windowMs: number
  readonly #plans = new WeakMap<Store, PlanNode>()
  readonly #work = new Work()
  #store: Store | undefined
  #plan: PlanNode | undefined

  constructor(
    readonly text: string,
    readonly expression: Expression,
  ) {
    this.type = valueType(expression)
    this.selectors = Object.freeze([...selectorsOf(expression, atOnce)])
    this.windowMs = this.selectors.reduce((longest, { reachMs }) => Math.max(longest, reachMs), 0)
  }

  /** Throws a PromqlError of kind `execution` where Prometheus fails on the data. */
  at(store: Store, timeMs: number, evaluation: Evaluation = {}): Value {
    const literal = withoutParens(this.expression)
    if (literal.kind === 'string') return { kind: 'string', value: literal.value }
    const plan = this.#planFor(store)
    const moment: Moment = { timeMs, run: this.#begin({ startMs: timeMs, endMs: timeMs, stepMs: 1 }, evaluation) }
    if (plan.type === 'scalar') return { kind: 'scalar', value: plan.scalar(moment) }
    if (plan.type === 'vector') return vectorValue(plan.vector(moment))
    return { kind: 'matrix', series: matrixPoints(plan, moment, evaluation.progress) }
  }

  /** The values at each step of a range, series by series in the order of labels, as Prometheus answers. */
  over(store: Store, { startMs, endMs, stepMs }: TimeRange, evaluation: Evaluation = {}): Points[] {
    const literal = withoutParens(this.expression)
    if (this.type === 'string' || this.type === 'matrix') throw notForRanges(this.type, literal)
    if (!(stepMs > 0)) throw new PromqlError('refused', `a step of ${stepMs} ms leads nowhere`, literal)
    const plan = this.#planFor(store)
    const series = new Map<Labels, Point[]>()
    let count = 0
    const add = (labels: Labels, timeMs: number, value: number) => {
      const points = series.get(labels)
      count++
      if (points) points.push({ timeMs, value })
      else series.set(labels, [{ timeMs, value }])
    }
    const run = this.#begin({ startMs, endMs, stepMs }, evaluation)
    const steps = endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1
    this.#work.add(steps, literal)
    for (let step = 0; step < steps; step++) {
      evaluation.progress?.(count)
      const timeMs = startMs + step * stepMs
      const moment: Moment = { timeMs, run }
      if (plan.type === 'scalar') add(store.labels.empty, timeMs, plan.scalar(moment))
      if (plan.type !== 'vector') continue
      const { size, labels, values } = plan.vector(moment)
      this.#work.add(size, literal)
      for (let i = 0; i < size; i++) add(labels[i]!, timeMs, values[i]!)
    }
    return [...series].map(([labels, points]) => ({ labels, points })).sort((a, b) => compareLabels(a.labels, b.labels))
  }

  #begin({ startMs, endMs, stepMs }: TimeRange, { lookbackMs = LOOKBACK_MS, annotations }: Evaluation): Run {
    this.#work.begin()
    return {
      startMs,
      endMs,
      stepMs,
      queryStartMs: startMs,
      queryEndMs: endMs,
      isParameter: false,
      anchorShiftMs: 0,
      fetchedUntilMs: Number.POSITIVE_INFINITY,
      lookbackMs,
      work: this.#work,
      annotations,
    }
  }

  #planFor(store: Store): PlanNode {
    if (this.#store === store) return this.#plan!
    let plan = this.#plans.get(store)
    if (plan === undefined) {
      plan = build(this.expression, store)
      this.#plans.set(store, plan)
    }
    this.#store = store
    this.#plan = plan
    return plan
  }
}

export interface TimeRange {
  readonly startMs: number
  readonly endMs: number
  readonly stepMs: number
}

/** What whoever asks may say beside the time. */
export interface Evaluation {
  /** Where remarks go. */
  readonly annotations?: Annotations | undefined
  /** How old a sample an instant selector may find; Prometheus' default is five minutes. */
  readonly lookbackMs?: number
  /** Told again and again how many points there are by now; by throwing it ends the evaluation. */
  readonly progress?: (points: number) => void
}

const longNames = { string: 'string', matrix: 'range vector' }

function notForRanges(type: 'string' | 'matrix', range: TextRange): PromqlError {
  const message = `invalid expression type ${JSON.stringify(longNames[type])} for range query, must be Scalar or instant Vector`
  return new PromqlError('refused', message, range)
}

function vectorValue({ size, labels, values }: Vector): Value {
  const samples = []
  for (let i = 0; i < size; i++) samples.push({ labels: labels[i]!, value: values[i]! })
  return { kind: 'vector', samples }
}

/** In the order of labels, which is how Prometheus answers range vectors. */
function matrixPoints(range: RangeNode, moment: Moment, progress: Evaluation['progress']): Points[] {
  const samples = new Samples()
  const series: Points[] = []
  const count = range.load(moment)
  let found = 0
  for (let i = 0; i < count; i++) {
    range.fill(i, samples)
    if (samples.size === 0) continue
    found += samples.size
    progress?.(found)
    const { times, values, from, to } = samples
    const points = []
    for (let j = from; j < to; j++) points.push({ timeMs: times[j]!, value: values[j]! })
    series.push({ labels: range.labels(i), points })
  }
  return series.sort((a, b) => compareLabels(a.labels, b.labels))
}

/** Where subqueries around an expression make it look. */
interface Outer {
  readonly reachMs: number
  readonly agoMs: number
  readonly anchorMs: number | undefined
}

const atOnce: Outer = { reachMs: 0, agoMs: 0, anchorMs: undefined }

function* selectorsOf(expression: Expression, outer: Outer): Generator<Selector> {
  if (expression.kind === 'selector' || expression.kind === 'matrix') {
    const selector = expression.kind === 'matrix' ? expression.selector : expression
    const { matchers } = selector
    const offsetMs = Math.trunc(selector.offsetMs)
    const windowMs = expression.kind === 'matrix' ? expression.rangeMs : LOOKBACK_MS
    const { reachMs, agoMs, anchorMs } = further(outer, selector, windowMs)
    yield Object.freeze({
      from: expression.from,
      to: expression.to,
      name: matchers.find(({ label, type }) => label === '__name__' && type === '=')?.value,
      matchers,
      windowMs,
      isRange: expression.kind === 'matrix',
      offsetMs,
      anchorMs,
      agoMs,
      reachMs: Math.max(0, reachMs),
    })
    return
  }
  const inner = expression.kind === 'subquery' ? further(outer, expression, expression.rangeMs) : outer
  for (const child of childrenOf(expression)) yield* selectorsOf(child, inner)
}

/** A time that is fixed within a subquery is so wherever that looks. */
function further(outer: Outer, placed: { anchor: Anchor | undefined; offsetMs: number }, windowMs: number): Outer {
  const { anchor } = placed
  const offsetMs = Math.trunc(placed.offsetMs)
  const isFixed = typeof anchor === 'object'
  return {
    reachMs: isFixed ? Number.POSITIVE_INFINITY : outer.reachMs + offsetMs + windowMs,
    agoMs: isFixed ? offsetMs : outer.agoMs + offsetMs,
    anchorMs: isFixed ? anchor.timeMs : outer.anchorMs,
  }
}
