// Timed changes to the world, as far as answers and pods are concerned.
import type { FaultEffect } from '../scenario/faults.js'
import type { Course } from './course.js'

/** What a fault does to the answers of a version. */
export type AnswerEffect = Extract<FaultEffect, { kind: 'errors' | 'latency' | 'hang' | 'cpu-theft' }>

/** What a fault does to the pods of a version: the cluster acts on these, answers only follow from them. */
export type PodEffect = Extract<FaultEffect, { kind: 'crash-loop' | 'not-ready' }>

/** Pod effects don't grow. */
export interface Fault<Effect = FaultEffect> extends Course {
  readonly effect: Effect
  /** Indices of the versions it strikes: 0 is stable, 1 the canary. */
  readonly versions: readonly number[]
}

export function strikes(fault: Fault, version: number): boolean {
  return fault.versions.includes(version)
}

export function concernsPods(fault: Fault): fault is Fault<PodEffect> {
  return fault.effect.kind === 'crash-loop' || fault.effect.kind === 'not-ready'
}

export function concernsAnswers<Struck extends { readonly effect: FaultEffect }>(
  struck: Struck,
): struck is Struck & { readonly effect: AnswerEffect } {
  const { kind } = struck.effect
  return kind === 'errors' || kind === 'latency' || kind === 'hang' || kind === 'cpu-theft'
}
