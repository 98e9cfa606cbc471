// What an evaluation remarks on without failing: the `warnings` and `infos` of the HTTP API. A flight asks for none.

import { formatFloat, formatGoFloat } from '../float.js'
import { type Expression, withoutParens } from './ast.js'
import { placeOf, type TextRange } from './error.js'

type Level = 'warning' | 'info'

interface Annotation {
  readonly level: Level
  readonly message: string
  readonly range: TextRange
  readonly by: TextRange
  readonly repairs: Repairs | undefined
}

/** Counts of buckets lower than those of smaller ones, raised to them: from which bound to which, by how much at most. */
export interface Repair {
  readonly lowestBound: number
  readonly highestBound: number
  readonly difference: number
}

/** All repairs of a query's evaluation. */
interface Repairs extends Repair {
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
}

const REPAIRED =
  'input to histogram_quantile needed to be fixed for monotonicity ' +
  '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)'

export class Annotations {
  /** Each message counts once, at the place that Prometheus evaluates last. */
  readonly #found = new Map<string, Annotation>()

  /** `by` is the call or operation that remarks, `about` what it is about. */
  warn(message: string, by: Expression, about: Expression): void {
    this.#add({ level: 'warning', message, range: withoutParens(about), by, repairs: undefined })
  }

  inform(message: string, by: Expression, about: Expression): void {
    // Prometheus 3.15 doesn't remember where a subquery stood.
    const range = withoutParens(about).kind === 'subquery' ? { from: 0, to: 0 } : withoutParens(about)
    this.#add({ level: 'info', message, range, by, repairs: undefined })
  }

  checkQuantile(q: number, by: Expression, about: Expression): void {
    if (!(q >= 0 && q <= 1)) this.warn(`quantile value should be between 0 and 1, got ${formatGoFloat(q)}`, by, about)
  }

  /** histogram_quantile met a histogram that can't be one. Here the place is the first. */
  repaired({ lowestBound, highestBound, difference }: Repair, timeMs: number, by: Expression, about: Expression): void {
    const earlier = this.#found.get(REPAIRED)
    const before = earlier?.repairs
    const place = earlier && !isEvaluatedBefore(by, earlier.by) ? earlier : { range: withoutParens(about), by }
    const repairs = {
      lowestBound: Math.min(lowestBound, before?.lowestBound ?? lowestBound),
      highestBound: Math.max(highestBound, before?.highestBound ?? highestBound),
      difference: Math.max(difference, before?.difference ?? difference),
      count: (before?.count ?? 0) + 1,
      firstMs: Math.min(timeMs, before?.firstMs ?? timeMs),
      lastMs: Math.max(timeMs, before?.lastMs ?? timeMs),
    }
    this.#found.set(REPAIRED, { level: 'info', message: REPAIRED, range: place.range, by: place.by, repairs })
  }

  #add(annotation: Annotation): void {
    const earlier = this.#found.get(annotation.message)
    if (earlier && isEvaluatedBefore(annotation.by, earlier.by)) return
    this.#found.set(annotation.message, annotation)
  }

  /** As the HTTP API words them, with line and column of what they are about. */
  warnings(query: string): readonly string[] {
    return this.#texts('warning', query)
  }

  infos(query: string): readonly string[] {
    return this.#texts('info', query)
  }

  #texts(level: Level, query: string): string[] {
    const found = [...this.#found.values()].filter((annotation) => annotation.level === level)
    return found.map(({ message, repairs, range }) => {
      const details = repairs === undefined ? '' : `, ${detailsOf(repairs)}`
      return `PromQL ${level}: ${message}${details} (${placeOf(range.from, query)})`
    })
  }
}

/** Prometheus evaluates operands at all steps before what takes them, and from left to right. */
function isEvaluatedBefore(one: TextRange, other: TextRange): boolean {
  return one.to < other.to || (one.to === other.to && one.from > other.from)
}

function detailsOf({ lowestBound, highestBound, difference, count, firstMs, lastMs }: Repairs): string {
  const buckets = `from buckets ${formatGoFloat(lowestBound)} to ${formatGoFloat(highestBound)}`
  const samples = `over ${count} samples from ${wholeSecond(firstMs)} to ${wholeSecond(lastMs)}`
  return `${buckets}, with a max diff of ${twoDigits(difference)}, ${samples}`
}

function wholeSecond(timeMs: number): string {
  return new Date(Math.trunc(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** Go's %.2g, which rounds what lies in the middle to an even digit. */
function twoDigits(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value)
  const middle = /^(\d\.[02468])50*e(.*)$/.exec(value.toExponential(100))
  const [mantissa, exponent] = (middle?.slice(1) ?? value.toExponential(1).split('e')) as [string, string]
  const isPlain = Number(exponent) >= -4 && Number(exponent) < 2
  if (isPlain) return formatFloat(Number(`${mantissa}e${exponent}`))
  return `${Number(mantissa)}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`
}
