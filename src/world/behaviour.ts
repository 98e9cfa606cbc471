// How a version answers at any instant: what it does when all is well, with the faults on it.

import { changesOf, growthAt, isGrowingAt, strikesOf } from './course.js'
import type { AnswerEffect, Fault } from './fault.js'
import type { Latency } from './latency/latency.js'

export interface BehaviourBase {
  /** Share of answers that are errors. */
  readonly errorRatio: number
  readonly latency: Latency
  /** Requests a second one pod can serve; infinity for no limit. */
  readonly capacityPerPod: number
}

/** A stretch of time in which the formula of a behaviour does not change. */
export interface Stretch {
  readonly startMs: number
  /** The error ratio, unless `ramping`: then it moves, and `errorRatioAt` tells. */
  readonly errorRatio: number
  readonly ramping: boolean
  readonly latency: Latency
}

/**
 * Errors of independent causes compose as 1 - (1-e)(1-f); latency changes apply in the order of the faults. An error
 * ratio follows its ramp exactly. Latency goes up in LATENCY_STEPS equal steps, each at the height of its middle: never
 * further than 1/120 of the whole change from the line, and right on average.
 */
export class Behaviour {
  readonly stretches: readonly Stretch[]
  private readonly errorFaults: readonly Fault<AnswerEffect>[]

  constructor(
    readonly base: BehaviourBase,
    faults: readonly Fault<AnswerEffect>[],
  ) {
    if (!(base.errorRatio >= 0 && base.errorRatio <= 1)) throw new RangeError(`error ratio ${base.errorRatio}`)
    if (!(base.capacityPerPod > 0)) throw new RangeError(`capacity per pod ${base.capacityPerPod}`)
    this.errorFaults = faults.filter((fault) => fault.effect.kind === 'errors')
    const startsMs = startsOf(faults)
    this.stretches = startsMs.map((startMs, index) => this.stretch(startMs, startsMs[index + 1], faults))
  }

  errorRatioAt(timeMs: number): number {
    let ratio = this.base.errorRatio
    for (const fault of this.errorFaults) {
      if (fault.effect.kind === 'errors') ratio += (1 - ratio) * fault.effect.ratio * growthAt(fault, timeMs)
    }
    return ratio
  }

  /** By code, such a part of the errors; undefined where all have the code ERROR. */
  codePartsAt(_timeMs: number): ArrayLike<number> | undefined {
    return undefined
  }

  private stretch(startMs: number, endMs: number | undefined, faults: readonly Fault<AnswerEffect>[]): Stretch {
    const atMs = endMs === undefined ? startMs : (startMs + endMs) / 2
    let { latency } = this.base
    for (const fault of faults) {
      const growth = growthAt(fault, atMs)
      if (growth > 0 && fault.effect.kind === 'latency') latency = latency.changed(fault.effect.change, growth)
    }
    const ramping = this.errorFaults.some((fault) => isGrowingAt(fault, atMs))
    return { startMs, errorRatio: this.errorRatioAt(atMs), ramping, latency }
  }
}

const LATENCY_STEPS = 60

function startsOf(faults: readonly Fault<AnswerEffect>[]): number[] {
  const startsMs = [0, ...faults.flatMap((fault) => [...changesOf(fault), ...(stepsUp(fault) ?? [])])]
  return [...new Set(startsMs)].filter((atMs) => atMs >= 0).sort((one, other) => one - other)
}

/** A straight line of latencies is taken in steps. */
function stepsUp(fault: Fault<AnswerEffect>): number[] | undefined {
  if (fault.rampMs === 0 || fault.effect.kind !== 'latency') return undefined
  return strikesOf(fault).flatMap(({ onsetMs, endMs }) => {
    const steps = Array.from({ length: LATENCY_STEPS }, (_, step) => onsetMs + (fault.rampMs * step) / LATENCY_STEPS)
    return steps.filter((atMs) => atMs < endMs)
  })
}
