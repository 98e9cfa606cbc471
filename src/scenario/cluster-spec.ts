// The cluster of a scenario: where pods run, how long things take there, and what memory they use.
import { limits } from './limits.js'
import type { Percentiles } from './percentiles.js'

export interface ClusterSpec {
  /** Without any, nobody tells apart where pods are. */
  readonly nodes: readonly NodeSpec[]
  readonly schedule: Percentiles
  readonly pull: Percentiles
  readonly endpoints: {
    readonly add: Percentiles
    /** Undefined where nobody says it: at once. */
    readonly remove?: Percentiles
  }
  /** Infinity without a quota. */
  readonly mostPods: number
  /** Of hooks that don't just sleep. */
  readonly preStopMs: number
}

const none: Percentiles = { p50Ms: 0, p99Ms: 0 }

/** One in which nothing takes time but the start of a pod. */
export const plainCluster: ClusterSpec = Object.freeze({
  nodes: [],
  schedule: none,
  pull: none,
  endpoints: { add: none },
  mostPods: Number.POSITIVE_INFINITY,
  preStopMs: 0,
})

export interface NodeSpec {
  readonly name: string
  /** Empty where the scenario names none. */
  readonly zone: string
  /** Room for so many pods. */
  readonly pods: number
}

export interface MemorySpec {
  readonly baseBytes: number
  readonly growthBytesPerMs: number
  /** What each request that it serves leaves behind. */
  readonly perRequestBytes?: number
  /** Infinity where only the manifest may have one. */
  readonly limitBytes: number
}

/** Of so many nodes that are alike. */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: Math.min(count, limits.scenarioListItems) }, (_, index) => `node-${index + 1}`)
}
