// What Chaos Mesh documents find in the world of a scenario.
import type { FaultTimes } from '../faults.js'

export interface ChaosSurroundings {
  /** The namespace of the workload. */
  readonly namespace: string
  /** By version the labels that its pods have. */
  readonly labels: Readonly<Record<'stable' | 'canary', readonly Readonly<Record<string, string>>[]>>
  /** The container that requests reach. */
  readonly container: string
  /** Of that container; without one, it is not limited. */
  readonly cpuLimitCores?: number
  readonly memoryLimitBytes?: number
  readonly nodes: readonly { readonly name: string; readonly zone?: string }[]
  readonly dependencies: readonly string[]
  /** What clocks show at the release, in milliseconds since 1970. */
  readonly releasedAtMs: number
  /** From the release until the flight ends. */
  readonly horizonMs: number
}

/** When a document is applied. */
export type ChaosTimes = Pick<FaultTimes, 'after' | 'onsetMs'>

/** What a scenario says of documents in a file of their own. */
export interface ChaosReference {
  /** As it is written. */
  readonly path: string
  readonly times: ChaosTimes
}

export const withRelease: ChaosTimes = { after: 'release', onsetMs: 0 }
