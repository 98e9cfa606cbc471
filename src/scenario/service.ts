// How the versions of the service behave when nothing is wrong, with every default filled in.

import { memoryFrom } from './cluster-schema.js'
import type { MemorySpec } from './cluster-spec.js'
import { defined } from './defined.js'
import { type LatencyShape, latencyFrom, latencyLike } from './latency.js'
import { DEFAULT_LATENCY, DEFAULT_START, type Percentiles, percentilesFrom, percentilesLike } from './percentiles.js'
import type { BehaviourFields } from './service-schema.js'
import type { LatencyChange } from './units.js'

/** How a version answers. */
export interface Answers {
  readonly errorRatio: number
  /** Of all answers: those errors that have another status than 500. */
  readonly otherErrors?: readonly ErrorShare[]
  readonly latency: LatencyShape
}

export interface ErrorShare {
  readonly status: number
  readonly ratio: number
}

export interface VersionBehaviour extends Answers {
  /** From a pod's creation until it is ready. */
  readonly start: Percentiles
  /** Of one pod; without one it is unlimited. */
  readonly capacityPerSecond?: number
  /** Of one pod: how many requests it serves at once, and how many wait. */
  readonly places?: Places
  /** Without one, nobody can scale by CPU. */
  readonly cpuPerRequestMs?: number
  /** Of one pod; without it, nobody can see it. */
  readonly memory?: MemorySpec
  /** How long it goes on answering when it is told to end. */
  readonly shutdownMs?: number
  /** What its pods do worse for a while when they become ready. */
  readonly cold?: Cold
  /** The last one that is of a request counts for it. */
  readonly parts: readonly ServicePart[]
}

export interface Places {
  readonly concurrency: number
  readonly queue: number
}

export interface Cold {
  /** It wears off in a straight line. */
  readonly forMs: number
  readonly latency?: LatencyChange
  readonly errorRatio?: number
}

/** Requests that a version answers otherwise than the rest. */
export interface ServicePart extends Answers {
  readonly route?: string
  readonly segment?: Readonly<Record<string, string>>
}

export function stableBehaviour(fields: BehaviourFields = {}): VersionBehaviour {
  const answers = { ...errorsFrom(fields.errors ?? 0.001), latency: latencyFrom(fields.latency, DEFAULT_LATENCY) }
  return {
    ...answers,
    start: percentilesFrom(fields.start, DEFAULT_START),
    ...defined({
      ...capacityFrom(fields.capacity),
      cpuPerRequestMs: fields.cpuPerRequest,
      memory: memoryFrom(fields.memory),
      shutdownMs: fields.shutdown,
      cold: coldFrom(fields.cold),
    }),
    parts: partsFrom(fields.parts, answers),
  }
}

/** What is not said of the canary is as stable; parts are, too, unless it has any of its own. */
export function canaryBehaviour(fields: BehaviourFields = {}, stable: VersionBehaviour): VersionBehaviour {
  const { capacityPerSecond, places, cpuPerRequestMs, memory, shutdownMs, cold } = stable
  const capacity = fields.capacity === undefined ? { capacityPerSecond, places } : capacityFrom(fields.capacity)
  const answers = answersLike(stable, fields)
  return {
    ...answers,
    start: percentilesLike(stable.start, fields.start),
    ...defined({
      ...capacity,
      cpuPerRequestMs: fields.cpuPerRequest ?? cpuPerRequestMs,
      memory: memoryFrom(fields.memory) ?? memory,
      shutdownMs: fields.shutdown ?? shutdownMs,
      cold: coldFrom(fields.cold) ?? cold,
    }),
    parts: fields.parts === undefined ? stable.parts : partsFrom(fields.parts, answers),
  }
}

function capacityFrom(capacity: BehaviourFields['capacity']): Pick<VersionBehaviour, 'capacityPerSecond' | 'places'> {
  if (typeof capacity !== 'object') return defined({ capacityPerSecond: capacity })
  return { places: { concurrency: capacity.concurrency, queue: capacity.queue ?? 0 } }
}

function coldFrom(cold: BehaviourFields['cold']): Cold | undefined {
  return cold && { forMs: cold.for, ...defined({ latency: cold.latency, errorRatio: cold.errors }) }
}

function partsFrom(parts: BehaviourFields['parts'], whole: Answers): readonly ServicePart[] {
  return (parts ?? []).map(({ route, segment, ...fields }) => ({
    ...defined({ route, segment }),
    ...answersLike(whole, fields),
  }))
}

/** What is not said is as of the others. */
function answersLike(
  { latency, errorRatio, otherErrors }: Answers,
  fields: Pick<BehaviourFields, 'errors' | 'latency'>,
): Answers {
  const errors = fields.errors === undefined ? { errorRatio, ...defined({ otherErrors }) } : errorsFrom(fields.errors)
  return { ...errors, latency: latencyLike(latency, fields.latency) }
}

function errorsFrom(errors: NonNullable<BehaviourFields['errors']>): Pick<Answers, 'errorRatio' | 'otherErrors'> {
  if (typeof errors === 'number') return { errorRatio: errors }
  const shares = Object.entries(errors).map(([status, ratio]) => ({ status: Number(status), ratio }))
  const otherErrors = shares.filter(({ status, ratio }) => status !== 500 && ratio > 0)
  // Percentages are decimals, and so is their sum.
  const errorRatio = Number(shares.reduce((sum, { ratio }) => sum + ratio, 0).toPrecision(12))
  return { errorRatio, ...(otherErrors.length === 0 ? {} : { otherErrors }) }
}
