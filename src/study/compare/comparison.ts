// Two policies flown on the same tapes: by how much each figure differs, world by world and over all of them.
import type { Fidelity } from '../../scenario/fidelity.js'
import type { Result } from '../conduct.js'
import { confidence, type Estimate } from '../study.js'
import { type Bases, type Basis, basesOf, differenceOf, ratioOf, runsOf, together } from './basis.js'
import { type Gate, gateOf } from './gate.js'
import type { Margin } from './margin.js'
import { type ComparedMetric, type ComparedUnit, unitOf } from './metrics.js'

export const compareSchema = 'coalmine.compare/v1'

export interface Comparison {
  readonly schema: typeof compareSchema
  /** Of coalmine: another one may fly another way. */
  readonly version: string
  /** As it was written on the command line. */
  readonly first: string
  readonly second: string
  /** Whether their manifests say the same. */
  readonly isIdentical: boolean
  /** Of every interval by itself. */
  readonly confidence: number
  readonly worlds: readonly World[]
  /** Each world weighs the same; null where there is only one. */
  readonly overall: readonly Row[] | null
  /** Null where nobody asks for a margin. */
  readonly gate: Gate | null
}

export interface World {
  /** Of the scenario. */
  readonly scenario: string
  /** What is wrong in it. */
  readonly faults: readonly string[]
  readonly seed: number
  readonly runs: number
  readonly fidelity: Fidelity
  readonly rows: readonly Row[]
}

/** Milliseconds, counts, ratios, or shares of the runs. */
export interface Row {
  readonly metric: ComparedMetric
  readonly unit: ComparedUnit
  /** Means of the runs that have the figure, or shares of all runs; null where no run has it. */
  readonly first: number | null
  readonly second: number | null
  /** The second less the first, in the runs in which both have the figure: so many of them. */
  readonly difference: Estimate | null
  readonly runs: number
  /** In so many worlds there are such runs. */
  readonly worlds: number
  /** The second by the first; null of shares, and where the first can't be told from nothing. */
  readonly ratio: Estimate | null
  /** Of the differences, by their order; of one world only. */
  readonly median: Estimate | null
  /** Null where nothing can be compared. */
  readonly answer: RowAnswer | null
}

/** Of the second: equal if no run differed, unclear if the interval allows for both. */
export type RowAnswer = 'better' | 'worse' | 'equal' | 'unclear'

/** What was flown, without what came of it. */
export type FlownWorld = Omit<World, 'runs' | 'rows'>

export function compare(
  sides: Pick<Comparison, 'version' | 'first' | 'second' | 'isIdentical'>,
  worlds: readonly FlownWorld[],
  results: readonly Result[],
  margins: readonly Margin[],
): Comparison {
  const bases = results.map((result) => basesOf(result, confidence))
  const whole = together(bases)
  return {
    schema: compareSchema,
    ...sides,
    confidence,
    worlds: worlds.map(({ scenario, faults, seed, fidelity }, index) => {
      return { scenario, faults, seed, runs: results[index]!.runs, fidelity, rows: rowsOf(bases[index]!) }
    }),
    overall: worlds.length === 1 ? null : rowsOf(whole),
    gate:
      margins.length === 0 ? null : gateOf(margins, worlds.length === 1 ? bases : [...bases, whole], sides.isIdentical),
  }
}

function rowsOf(bases: Bases): readonly Row[] {
  return [...bases].map(([metric, basis]) => {
    const difference = differenceOf(basis, confidence)
    const [only, ...others] = basis.parts
    return {
      metric,
      unit: unitOf(metric),
      first: average(basis.parts.map((part) => figureIn(part.first))),
      second: average(basis.parts.map((part) => figureIn(part.second))),
      difference,
      runs: runsOf(basis),
      worlds: basis.parts.length,
      ratio: ratioOf(basis, confidence),
      median: only && 'median' in only && others.length === 0 ? only.median : null,
      answer: difference && answerOf(difference, basis),
    }
  })
}

function figureIn(value: Estimate | number | null): number | null {
  return typeof value === 'object' ? (value?.value ?? null) : value
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

function answerOf({ value, low, high }: Estimate, basis: Basis): RowAnswer {
  if (low !== null && low > 0) return 'worse'
  if (high !== null && high < 0) return 'better'
  return value === 0 && !differs(basis) ? 'equal' : 'unclear'
}

/** In any run. */
function differs(basis: Basis): boolean {
  if (basis.kind === 'share') return basis.parts.some(({ differing: { first, second } }) => first + second > 0)
  return basis.parts.some(({ isSame, runs }) => runs > 0 && !isSame)
}
