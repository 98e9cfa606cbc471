// How the versions of the service behave when nothing is wrong, with every default filled in.

import { memoryFrom } from './cluster-schema.js'
import type { MemorySpec } from './cluster-spec.js'
import { defined } from './defined.js'
import { type LatencyShape, latencyFrom, latencyLike } from './latency.js'
import { DEFAULT_LATENCY, DEFAULT_START, type Percentiles, percentilesFrom, percentilesLike } from './percentiles.js'
import type { BehaviourFields } from './service-schema.js'
import type { LatencyChange } from './units.js'

export interface VersionBehaviour {
  readonly errorRatio: number
  readonly latency: LatencyShape
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
export interface ServicePart {
  readonly route?: string
  readonly segment?: Readonly<Record<string, string>>
  readonly errorRatio: number
  readonly latency: LatencyShape
}

export function stableBehaviour(fields: BehaviourFields = {}): VersionBehaviour {
  const [errorRatio, latency] = [fields.errors ?? 0.001, latencyFrom(fields.latency, DEFAULT_LATENCY)]
  return {
    errorRatio,
    latency,
    start: percentilesFrom(fields.start, DEFAULT_START),
    ...defined({
      ...capacityFrom(fields.capacity),
      cpuPerRequestMs: fields.cpuPerRequest,
      memory: memoryFrom(fields.memory),
      shutdownMs: fields.shutdown,
      cold: coldFrom(fields.cold),
    }),
    parts: partsFrom(fields.parts, errorRatio, latency),
  }
}

/** What is not said of the canary is as stable; parts are, too, unless it has any of its own. */
export function canaryBehaviour(fields: BehaviourFields = {}, stable: VersionBehaviour): VersionBehaviour {
  const { capacityPerSecond, places, cpuPerRequestMs, memory, shutdownMs, cold } = stable
  const capacity = fields.capacity === undefined ? { capacityPerSecond, places } : capacityFrom(fields.capacity)
  const errorRatio = fields.errors ?? stable.errorRatio
  const latency = latencyLike(stable.latency, fields.latency)
  return {
    errorRatio,
    latency,
    start: percentilesLike(stable.start, fields.start),
    ...defined({
      ...capacity,
      cpuPerRequestMs: fields.cpuPerRequest ?? cpuPerRequestMs,
      memory: memoryFrom(fields.memory) ?? memory,
      shutdownMs: fields.shutdown ?? shutdownMs,
      cold: coldFrom(fields.cold) ?? cold,
    }),
    parts: fields.parts === undefined ? stable.parts : partsFrom(fields.parts, errorRatio, latency),
  }
}

function capacityFrom(capacity: BehaviourFields['capacity']): Pick<VersionBehaviour, 'capacityPerSecond' | 'places'> {
  if (typeof capacity !== 'object') return defined({ capacityPerSecond: capacity })
  return { places: { concurrency: capacity.concurrency, queue: capacity.queue ?? 0 } }
}

function coldFrom(cold: BehaviourFields['cold']): Cold | undefined {
  return cold && { forMs: cold.for, ...defined({ latency: cold.latency, errorRatio: cold.errors }) }
}

function partsFrom(parts: BehaviourFields['parts'], errorRatio: number, whole: LatencyShape): readonly ServicePart[] {
  return (parts ?? []).map(({ route, segment, errors, latency }) => ({
    ...defined({ route, segment }),
    errorRatio: errors ?? errorRatio,
    latency: latencyLike(whole, latency),
  }))
}
