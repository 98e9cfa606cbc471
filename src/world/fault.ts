// Timed changes to the world, as far as answers and pods are concerned.
import type { LatencyChange } from '../scenario/units.js'

/** What a fault does to the answers of a version. */
export type AnswerEffect =
  | { readonly kind: 'errors'; readonly ratio: number }
  | { readonly kind: 'latency'; readonly change: LatencyChange }

/** What a fault does to the pods of a version: the cluster acts on these, answers only follow from them. */
export type PodEffect =
  /** The container exits before it could become ready, again and again, under the kubelet's back-off. */
  | { readonly kind: 'crash-loop' }
  /** The readiness probe fails. */
  | { readonly kind: 'not-ready' }

export interface Fault<Effect = AnswerEffect | PodEffect> {
  readonly effect: Effect
  /** Indices of the versions it strikes: 0 is stable, 1 the canary. */
  readonly versions: readonly number[]
  /** The first instant at which it can change what a user gets. */
  readonly onsetMs: number
  /** The first instant at which it is over; infinity if it never ends by itself. */
  readonly endMs: number
  /** It grows linearly from nothing to its full size over this long; 0 for at once. Pod effects don't grow. */
  readonly rampMs: number
}

export function strikes(fault: Fault, version: number): boolean {
  return fault.versions.includes(version)
}

export function concernsPods(fault: Fault): fault is Fault<PodEffect> {
  return fault.effect.kind === 'crash-loop' || fault.effect.kind === 'not-ready'
}

export function concernsAnswers(fault: Fault): fault is Fault<AnswerEffect> {
  return !concernsPods(fault)
}

/** How much of a fault is there at an instant: 0 before its onset and from its end on, 1 at full size. */
export function growthAt(fault: Fault<unknown>, timeMs: number): number {
  if (timeMs < fault.onsetMs || timeMs >= fault.endMs) return 0
  return fault.rampMs > 0 ? Math.min(1, (timeMs - fault.onsetMs) / fault.rampMs) : 1
}
