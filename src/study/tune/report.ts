// What came of a search: the points worth a look, the policy as it is written beside them, and what keeps them from more.
import type { Place } from '../../scenario/problem.js'
import type { Judgement } from '../judgement.js'
import type { Estimate } from '../study.js'
import { toValue, type Value } from '../test/report.js'
import { asWritten, changesOf, keyOf } from './candidate.js'
import { editsOf } from './edits.js'
import { clearlyDominates, frontOf, kneeOf } from './front.js'
import { type Knob, type KnobKind, type Unturnable, valueText } from './knob.js'
import { type Limit, limitsOf } from './limit.js'
import { type Hunk, hunksOf } from './patch.js'
import type { HarmStatistic, Measure } from './score.js'
import type { Flown, Progress } from './search.js'
import type { Space } from './space.js'
import type { World } from './worlds.js'

export const tuneSchema = 'coalmine.tune/v1'

export interface TuneReport {
  readonly schema: typeof tuneSchema
  readonly version: string
  readonly scenario: string
  readonly seed: number
  readonly harm: HarmStatistic
  readonly worlds: readonly { readonly id: string; readonly title: string; readonly role: World['role'] }[]
  readonly candidates: number
  /** Of these: what no controller would take. */
  readonly refused: number
  readonly flights: number
  /** False where somebody has ended it before. */
  readonly isWhole: boolean
  readonly knobs: readonly KnobReport[]
  readonly unturnable: readonly Unturnable[]
  /** The policy as it is written; null where nothing was flown. */
  readonly written: PointReport | null
  /** By speed; none where nothing keeps to the budgets. */
  readonly front: readonly PointReport[]
  /** Which of them gives the most of everything. */
  readonly knee: string | null
  /** Where nothing keeps to the budgets, what comes nearest to it. */
  readonly nearest: PointReport | null
  readonly binding: readonly Binding[]
}

export interface KnobReport extends Place {
  readonly name: string
  readonly kind: KnobKind
  readonly title: string
  readonly value: string
  readonly values: readonly string[]
}

export interface PointReport {
  /** Such as A. */
  readonly label: string
  readonly changes: readonly ChangeReport[]
  readonly runs: number
  readonly harm: Estimate
  /** `never`, where most healthy releases don't come to their end. */
  readonly durationMs: Told
  readonly falseAborts: Estimate
  readonly missed: Estimate
  readonly detectionMs: Estimate | null
  readonly budgets: readonly BudgetReport[]
  readonly limits: readonly Limit[]
  readonly diff: readonly Hunk[]
}

export interface Told {
  readonly value: number | 'never'
  readonly low: number | 'never' | null
  readonly high: number | 'never' | null
}

export interface ChangeReport extends Place {
  readonly knob: string
  readonly title: string
  readonly from: string
  readonly to: string
}

export interface BudgetReport {
  readonly budget: string
  readonly answer: Judgement['answer']
  readonly measured: Value
  readonly low: Value
  readonly high: Value
}

/** A budget without which there would be something better. */
export interface Binding {
  readonly budget: string
  /** What keeps to all others. */
  readonly without: Pick<PointReport, 'changes' | 'harm' | 'durationMs' | 'falseAborts'>
  /** The point that it beats. */
  readonly beats: string
}

export interface Searched {
  readonly space: Space
  readonly measure: Measure
  readonly progress: Progress
  readonly isWhole: boolean
}

interface Head {
  readonly version: string
  readonly scenario: string
  readonly seed: number
}

export function reportOf(searched: Searched, head: Head): TuneReport {
  const { space, measure, progress, isWhole } = searched
  const points = pointsOf(progress, space)
  const labels = new Map(points.front.map((point, index) => [point, labelOf(index)]))
  const told = (point: Flown, label: string) => pointReport(searched, point, label)
  const knee = kneeOf(points.front)
  const { worlds, harm } = measure
  return {
    schema: tuneSchema,
    ...head,
    harm,
    worlds: worlds.map(({ id, title, role }) => ({ id, title, role })),
    candidates: progress.seen.size,
    refused: progress.refused,
    flights: progress.flights,
    isWhole,
    knobs: space.knobs.filter(({ values }) => values.length > 1).map(knobReport),
    unturnable: space.unturnable,
    written: points.written ? told(points.written, labels.get(points.written) ?? 'written') : null,
    front: points.front.map((point) => told(point, labels.get(point)!)),
    knee: knee ? labels.get(knee)! : null,
    nearest: points.nearest ? told(points.nearest, 'nearest') : null,
    binding: bindingOf(searched, points.front, labels),
  }
}

export interface Points {
  readonly written: Flown | undefined
  readonly front: readonly Flown[]
  readonly nearest: Flown | undefined
}

export function pointsOf({ pool }: Progress, space: Space): Points {
  const key = keyOf(asWritten(space))
  const front = frontOf(pool.filter(({ score }) => score.violation === 0))
  const [nearest] = [...pool].sort((one, other) => one.score.violation - other.score.violation)
  return {
    written: pool.find(({ choices }) => keyOf(choices) === key),
    front,
    nearest: front.length === 0 ? nearest : undefined,
  }
}

/** A to Z, and then A1, B1 and so on. */
function labelOf(index: number): string {
  const round = Math.floor(index / 26)
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round}`
}

function pointReport({ space, measure }: Searched, point: Flown, label: string): PointReport {
  const { choices, score, tallies, runs } = point
  return {
    label,
    changes: changesTo(space, point),
    runs,
    harm: score.harm,
    durationMs: duration(score.durationMs),
    falseAborts: score.falseAborts,
    missed: score.missed,
    detectionMs: score.detectionMs,
    budgets: score.budgets.map(({ budget, answer, measured, low, high }) => ({
      budget: budget.text,
      answer,
      measured: toValue(measured),
      low: toValue(low),
      high: toValue(high),
    })),
    limits: limitsOf(measure.worlds, tallies),
    diff: hunksOf(space.sources, editsOf(space, choices)),
  }
}

function changesTo(space: Space, { choices }: Flown): readonly ChangeReport[] {
  return changesOf(space, choices).map(({ knob, from, to }) => ({
    knob: knob.name,
    title: knob.title,
    from: valueText(knob, from),
    to: valueText(knob, to),
    ...placeIn(knob),
  }))
}

function knobReport(knob: Knob): KnobReport {
  const { name, kind, title, values, current } = knob
  return {
    name,
    kind,
    title,
    value: valueText(knob, values[current]!),
    values: values.map((value) => valueText(knob, value)),
    ...placeIn(knob),
  }
}

function placeIn({ place: { file, line, column } }: Knob): Place {
  return { file, line, column }
}

function duration({ value, low, high }: Estimate): Told {
  const told = (ms: number) => (Number.isFinite(ms) ? ms : 'never')
  return { value: told(value), low: low === null ? null : told(low), high: high === null ? null : told(high) }
}

function bindingOf(
  { space, progress }: Searched,
  front: readonly Flown[],
  labels: ReadonlyMap<Flown, string>,
): readonly Binding[] {
  const found = new Map<string, Binding>()
  for (const point of progress.beyond) {
    const { budget } = point.score.budgets.find(({ answer }) => answer === 'fails')!
    const beaten = front.find((each) => clearlyDominates(point.score, each.score))
    if (!beaten || found.has(budget.text)) continue
    const { harm, durationMs, falseAborts } = point.score
    const without = { changes: changesTo(space, point), harm, durationMs: duration(durationMs), falseAborts }
    found.set(budget.text, { budget: budget.text, without, beats: labels.get(beaten)! })
  }
  return [...found.values()]
}
