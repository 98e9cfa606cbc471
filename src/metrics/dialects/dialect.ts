// What a dialect is: which metric families an exporter offers for what the world counts, and how it labels them.

/** A pod, as far as metric labels show it. */
export interface PodIdentity {
  readonly namespace: string
  readonly name: string
  /** The Rollout, Deployment or other object that owns it. */
  readonly workload: string
  /** Its metadata labels, `rollouts-pod-template-hash` and the like included. */
  readonly labels: Readonly<Record<string, string>>
  readonly address: string
  readonly container: string
}

/** One exporter's view of one version: what a pod counts of itself, or a gateway or client of the version behind it. */
export interface Target {
  readonly side: Side
  /** Who serves the requests. On the client's side any pod of the version will do: no label names the pod. */
  readonly server: PodIdentity
  /** Who sends them. */
  readonly client: PodIdentity
  /** The Service they are sent to: the canary's, the stable one's, or the one for both. */
  readonly service: string
}

/** The side whose exporter is scraped. */
export type Side = 'server' | 'client'

export type Quantity = 'requests' | 'latency' | 'up' | 'startTime'

/** A metric family; all but `up` and the start time have one series, or one histogram, for each response code. */
export interface Family {
  /** The metric name; of a histogram without _bucket, _sum and _count. */
  readonly name: string
  readonly quantity: Quantity
  /** Only targets of this side expose it; absent: both do. */
  readonly side?: Side
  /** Upper bounds of a histogram's buckets, in its own unit and without +Inf. */
  readonly bounds?: readonly number[]
  /** Milliseconds in one unit of the metric. */
  readonly unitMs?: number
  /** Labels that have one value whatever the target and the response code. */
  readonly fixed: Readonly<Record<string, string>>
  /** All labels but the name and `le`. Empty values count as absent. */
  readonly labels: (target: Target, code: string) => Record<string, string>
}

export interface Dialect {
  readonly name: string
  readonly families: readonly Family[]
}

/** What a target has counted since its container started. */
export interface Observed {
  /** Cumulative, by index of response code. */
  readonly requests: ArrayLike<number>
  /**
   * Cumulative over time but not over bins: code c has its bins from c * (bounds + 1) on, each up to and including
   * its bound, the last one above all.
   */
  readonly latencyBins: ArrayLike<number>
  /** By index of response code. */
  readonly latencySumsMs: ArrayLike<number>
  readonly startTimeMs: number
}

export function scrapedPod({ side, server, client }: Target): PodIdentity {
  return side === 'server' ? server : client
}
