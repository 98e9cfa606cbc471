// Timed changes to the world, as far as answers and pods are concerned.
import type { FaultEffect, ObserverEffect, PodShare } from '../scenario/faults.js'
import type { Course } from './course.js'

/** What a fault does to the answers of a version. */
export type AnswerEffect = Extract<FaultEffect, { kind: 'errors' | 'latency' | 'hang' | 'cpu-theft' }>

/** What a fault does to the pods of a version: the cluster acts on these, answers only follow from them. Probes see a hang. */
export type PodEffect = Extract<FaultEffect, { kind: (typeof podEffects)[number] | 'hang' }>

const podEffects = ['crash-loop', 'not-ready', 'leak', 'kill', 'image-pull', 'node-loss', 'quota'] as const

/** Pod effects don't grow. What waits for something has no course before that comes. */
export interface Fault<Effect = FaultEffect> extends Course {
  readonly effect: Effect
  /** Indices of the versions it strikes: 0 is stable, 1 the canary. */
  readonly versions: readonly number[]
  /** Of their pods only these; all of them if left out. */
  readonly where?: Where
}

/** What is missing selects everything. */
export interface Where {
  /** So many, the oldest first. */
  readonly pods?: PodShare
  readonly zone?: string
  readonly node?: string
}

export function strikes(fault: Fault, version: number): boolean {
  return fault.versions.includes(version)
}

export function concernsPods(fault: Fault): fault is Fault<PodEffect> {
  return (podEffects as readonly string[]).includes(fault.effect.kind)
}

export function concernsAnswers<Struck extends { readonly effect: FaultEffect }>(
  struck: Struck,
): struck is Struck & { readonly effect: AnswerEffect } {
  const { kind } = struck.effect
  return kind === 'errors' || kind === 'latency' || kind === 'hang' || kind === 'cpu-theft'
}

/** How large it is follows from what happens in a flight. */
export function isSizedByFlight(effect: FaultEffect): boolean {
  return effect.kind === 'poison' || effect.kind === 'skew' || 'abovePerSecond' in effect
}

/** They change nothing of what users get, only what somebody sees of it and does about it. */
export function concernsObservers(fault: Fault): fault is Fault<ObserverEffect> {
  const { kind } = fault.effect
  return kind === 'metrics' || kind === 'prometheus' || kind === 'controller' || kind === 'api-server'
}
