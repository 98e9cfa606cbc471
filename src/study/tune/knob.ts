// A number of a policy that may be turned, with the values that a person would write there.
import type { Place } from '../../scenario/problem.js'
import { formatDuration } from '../../scenario/units.js'
import type { Span } from './source.js'

/** The kinds of numbers there are, by the names that `--knob` and `--fix` take. */
export const knobKinds = [
  'weights',
  'pauses',
  'steps',
  'intervals',
  'counts',
  'limits',
  'delays',
  'thresholds',
  'windows',
] as const
export type KnobKind = (typeof knobKinds)[number]

type KnobUnit = 'percent' | 'seconds' | 'count' | 'number' | 'shape'

export interface Knob {
  /** Such as `steps[2].setWeight` or `success-rate.interval`. */
  readonly name: string
  readonly kind: KnobKind
  /** For people. */
  readonly title: string
  readonly place: Place
  readonly unit: KnobUnit
  /** Ascending; the written one among them. */
  readonly values: readonly number[]
  /** Which of them is written. */
  readonly current: number
  /** Every place at which it is written; none where it is steps that come and go. */
  readonly spans: readonly Span[]
  /** As it goes into the text. */
  spell(value: number): string
}

/** A number that stands in the policy and stays as it is, and why. */
export interface Unturnable {
  readonly name: string
  readonly place: Place
  readonly why: string
}

/** What becomes of a step and its pause. */
export const shape = { dropped: 0, kept: 1, doubled: 2 } as const

/** How many of something, as whole numbers. */
export const plainText = String

/** `180` where seconds were written without a unit, and `3m` otherwise. */
export function durationSpelling(written: string | number): (seconds: number) => string {
  return /^\d+$/.test(String(written)) ? String : (seconds) => formatDuration(seconds * 1000)
}

/** For people: `3m`, `25 %`, `0.98`. */
export function valueText({ unit }: Pick<Knob, 'unit'>, value: number): string {
  if (unit === 'seconds') return formatDuration(value * 1000)
  if (unit === 'percent') return `${value} %`
  if (unit === 'shape') return value === shape.dropped ? 'dropped' : value === shape.kept ? 'kept' : 'doubled'
  return String(value)
}
