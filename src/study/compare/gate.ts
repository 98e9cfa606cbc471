// Whether the second policy is worse than the first by more than somebody allows.
import { confidence, type Estimate } from '../study.js'
import { type Bases, beyond, runsOf } from './basis.js'
import type { Margin } from './margin.js'
import type { ComparedMetric } from './metrics.js'

export interface Gate {
  /** That none of all the limits says `worse` of a policy that keeps within its margins. */
  readonly confidence: number
  readonly answer: GateAnswer
  readonly limits: readonly Limit[]
}

/** Undecided: the runs allow both, and more of them would tell. */
export type GateAnswer = 'worse' | 'within' | 'undecided'

export interface Limit {
  readonly metric: ComparedMetric
  /** A part of the first policy's figure, or so many of all runs. */
  readonly margin: number
  /** Which of the worlds; null for all of them together. */
  readonly world: number | null
  readonly answer: GateAnswer
  /** By how much the second is above the margin. */
  readonly beyond: Estimate
  /** So many runs of each would probably decide it. */
  readonly neededRuns: number | null
}

/** Of each world, and last of all together if there are several. What is identical is no worse, however few the runs. */
export function gateOf(margins: readonly Margin[], bases: readonly Bases[], isIdentical: boolean): Gate {
  const asked = bases.flatMap((each, index) =>
    margins.flatMap(({ metric, margin }) =>
      [metric, `${metric}.never` as ComparedMetric].flatMap((name) => {
        const basis = each.get(name)
        return basis && runsOf(basis) > 0 ? [{ metric: name, margin, basis, index }] : []
      }),
    ),
  )
  // Bonferroni: the risks of all of them add up to what is left, each on the one side that counts.
  const each = 1 - (2 * (1 - confidence)) / asked.length
  const isTogether = (index: number) => bases.length > 1 && index === bases.length - 1
  const limits = asked.map(({ metric, margin, basis, index }): Limit => {
    const above = beyond(basis, margin, each)!
    const answer = isIdentical ? 'within' : answerOf(above)
    const neededRuns = answer === 'undecided' ? runsFor(above, runsOf(basis) / basis.parts.length) : null
    return { metric, margin, world: isTogether(index) ? null : index, answer, beyond: above, neededRuns }
  })
  const of = (answer: GateAnswer) => limits.some((limit) => limit.answer === answer)
  return { confidence, answer: of('worse') ? 'worse' : of('undecided') ? 'undecided' : 'within', limits }
}

function answerOf({ low, high }: Estimate): GateAnswer {
  if (low !== null && low > 0) return 'worse'
  return high !== null && high <= 0 ? 'within' : 'undecided'
}

/** Intervals become narrower with the root of the number of runs. */
function runsFor({ value, low, high }: Estimate, runs: number): number | null {
  const reach = value > 0 ? value - (low ?? Number.NaN) : (high ?? Number.NaN) - value
  if (value === 0) return null
  const factor = Number.isFinite(reach) ? Math.max(1.1, (reach / value) ** 2) : 2
  return Math.ceil(runs * factor)
}
