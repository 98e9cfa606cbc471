// How a version answers at any instant: what it does when all is well, with what strikes it.
import type { ErrorShare, Places } from '../scenario/service.js'
import { CODES, ERROR } from './codes.js'
import { type Course, changesOf, growthAt, isGrowingAt, strikesOf } from './course.js'
import type { AnswerEffect } from './fault.js'
import type { Latency } from './latency/latency.js'

export interface BehaviourBase {
  /** Share of answers that are errors. */
  readonly errorRatio: number
  /** Shares of answers: those of them that have another status than 500. */
  readonly otherErrors?: readonly ErrorShare[]
  readonly latency: Latency
  /** Requests a second one pod can serve; infinity for no limit. */
  readonly capacityPerPod: number
  /** For how many requests one pod has room; undefined where it takes whatever comes. */
  readonly places?: Places
}

/** A fault, as far as it concerns these answers. */
export interface Impact extends Course {
  readonly effect: AnswerEffect
  /** Of the requests it strikes so many, by chance; all of them if left out. */
  readonly share?: number
  /** How much of it there is at its full size, 1 if left out. */
  readonly size?: number
}

/** What clients see. */
export interface Clients {
  /** The response codes there are; the first ones are CODES. */
  readonly codes: readonly number[]
  /** How long they wait; undefined where they wait however long. */
  readonly timeoutMs?: number | undefined
}

/** A stretch of time in which the formula of a behaviour does not change. */
export interface Stretch {
  readonly startMs: number
  /** Of the answers in time: the error ratio, unless `ramping`; then it moves, and `errorRatioAt` tells. */
  readonly errorRatio: number
  readonly ramping: boolean
  /** Of the answers in time. */
  readonly latency: Latency
  /** How long the work on a request takes, whether its client waits for that or not. */
  readonly service: Latency
  /** Share of the requests that nobody is ever done with. */
  readonly hangShare: number
  /** Share of the requests that clients give up on. */
  readonly lateShare: number
  readonly capacityPerPod: number
}

/**
 * Errors of independent causes compose as 1 - (1-e)(1-f); latency changes apply in the order of the faults. An error
 * ratio follows its ramp exactly. Everything else goes up in STEPS equal steps, each at the height of its middle: never
 * further than 1/120 of the whole change from the line, and right on average. An error takes as long as a success.
 */
export class Behaviour {
  readonly stretches: readonly Stretch[]
  private readonly failures: readonly Failure[]
  /** When all is well, errors with other codes than ERROR. */
  private readonly others: readonly { readonly code: number; readonly ratio: number }[]
  private readonly parts: Float64Array | undefined

  constructor(
    readonly base: BehaviourBase,
    impacts: readonly Impact[],
    private readonly clients: Clients = { codes: CODES },
  ) {
    if (!(base.errorRatio >= 0 && base.errorRatio <= 1)) throw new RangeError(`error ratio ${base.errorRatio}`)
    if (!(base.capacityPerPod > 0)) throw new RangeError(`capacity per pod ${base.capacityPerPod}`)
    this.failures = impacts.flatMap((impact) => failureOf(impact, clients.codes))
    this.others = (base.otherErrors ?? []).map(({ status, ratio }) => ({ code: codeOf(status, clients.codes), ratio }))
    if ([...this.others, ...this.failures].some(({ code }) => code !== ERROR))
      this.parts = new Float64Array(clients.codes.length)
    const startsMs = startsOf(impacts)
    this.stretches = startsMs.map((startMs, index) => this.stretch(startMs, startsMs[index + 1], impacts))
  }

  errorRatioAt(timeMs: number): number {
    let ratio = this.base.errorRatio
    for (const failure of this.failures) ratio += (1 - ratio) * failure.ratio * growthAt(failure.course, timeMs)
    return ratio
  }

  /** By code, such a part of the errors; undefined where all have the code ERROR. The array is used again. */
  codePartsAt(timeMs: number): Float64Array | undefined {
    const { parts } = this
    if (parts === undefined) return undefined
    let ratio = this.base.errorRatio
    parts.fill(0)
    let plain = ratio
    for (const other of this.others) {
      plain -= other.ratio
      parts[other.code]! += other.ratio
    }
    // What is left of a difference of decimals is nothing.
    if (plain > ROUNDING) parts[ERROR]! += plain
    for (const failure of this.failures) {
      const more = (1 - ratio) * failure.ratio * growthAt(failure.course, timeMs)
      parts[failure.code]! += more
      ratio += more
    }
    for (let code = 0; ratio > 0 && code < parts.length; code++) parts[code]! /= ratio
    return parts
  }

  private stretch(startMs: number, endMs: number | undefined, impacts: readonly Impact[]): Stretch {
    const atMs = endMs === undefined ? startMs : (startMs + endMs) / 2
    let { latency, capacityPerPod } = this.base
    let hanging = 0
    for (const impact of impacts) {
      const { effect, share = 1, size = 1 } = impact
      const growth = size * growthAt(impact, atMs)
      if (growth === 0) continue
      if (effect.kind === 'latency') latency = latency.partly(share, effect.change, growth)
      else if (effect.kind === 'hang') hanging += (1 - hanging) * effect.ratio * share * growth
      else if (effect.kind === 'cpu-theft') {
        const left = 1 - effect.ratio * growth
        latency = latency.partly(share, { kind: 'factor', factor: 1 / left })
        capacityPerPod *= left
      }
    }
    const ramping = this.failures.some(({ course }) => isGrowingAt(course, atMs))
    const inTime = this.clients.timeoutMs === undefined ? undefined : latency.cappedAt(this.clients.timeoutMs)
    return {
      startMs,
      errorRatio: this.errorRatioAt(atMs),
      ramping,
      latency: inTime?.rest ?? latency,
      service: latency,
      hangShare: hanging,
      lateShare: hanging + (1 - hanging) * (inTime?.lateShare ?? 0),
      capacityPerPod,
    }
  }
}

interface Failure {
  readonly course: Course
  readonly ratio: number
  readonly code: number
}

function failureOf(impact: Impact, codes: readonly number[]): Failure[] {
  const { effect, share = 1, size = 1 } = impact
  if (effect.kind !== 'errors') return []
  return [{ course: impact, ratio: effect.ratio * share * size, code: codeOf(effect.status, codes) }]
}

function codeOf(status: number, codes: readonly number[]): number {
  const code = codes.indexOf(status)
  if (code < 0) throw new RangeError(`errors with status ${status}, which isn't among ${codes.join(', ')}`)
  return code
}

const ROUNDING = 1e-12

const STEPS = 60

function startsOf(impacts: readonly Impact[]): number[] {
  const startsMs = [0, ...impacts.flatMap((impact) => [...changesOf(impact), ...stepsUp(impact)])]
  return [...new Set(startsMs)].filter((atMs) => atMs >= 0).sort((one, other) => one - other)
}

/** All straight lines but those of errors are taken in steps. */
function stepsUp(impact: Impact): number[] {
  if (impact.rampMs === 0 || impact.effect.kind === 'errors') return []
  return strikesOf(impact).flatMap(({ onsetMs, endMs }) => {
    const steps = Array.from({ length: STEPS }, (_, step) => onsetMs + (impact.rampMs * step) / STEPS)
    return steps.filter((atMs) => atMs < endMs)
  })
}
