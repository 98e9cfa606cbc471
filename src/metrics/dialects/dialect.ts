// What a dialect is: which metric families an exporter offers for what the world counts, and how it labels them.

/** A pod, as far as metric labels show it. */
export interface PodIdentity {
  readonly namespace: string
  readonly name: string
  /** The Rollout, Deployment or other object that owns it. */
  readonly workload: string
  /** Kind of that object. */
  readonly workloadKind: string
  /** Which of the two versions it runs, as a scenario calls them; empty for pods of others. */
  readonly version: string
  /** The ReplicaSet between them; empty where there is none. */
  readonly replicaSet: string
  /** Its metadata labels, `rollouts-pod-template-hash` and the like included. */
  readonly labels: Readonly<Record<string, string>>
  readonly address: string
  /** Where it runs; left out where nobody tells nodes apart. */
  readonly node?: string
  readonly container: string
  readonly image: string
  /** What its manifest asks for and may use at most. */
  readonly resources: readonly ContainerResource[]
}

export interface ContainerResource {
  readonly bound: 'requests' | 'limits'
  readonly resource: 'cpu' | 'memory'
  /** Cores, or bytes. */
  readonly value: number
}

/** One exporter's view of one version: what a pod counts of itself, or a gateway or client of the version behind it. */
export interface Target {
  readonly side: Side
  /** Who serves the requests. On the client's side any pod of the version will do: no label names the pod. */
  readonly server: PodIdentity
  /** Who sends them. */
  readonly client: PodIdentity
  /** The Service they are sent to: the canary's, the stable one's, or the one for both. An application is found by it. */
  readonly service: string
  readonly servicePort: number
  /** The Service by which people call the workload: a router splits off some of its requests for others. */
  readonly mainService: string
  readonly route: RouteIdentity
}

/** The object by which the router knows the workload's requests. */
export interface RouteIdentity {
  /** Of the Ingress, HTTPRoute, ApisixRoute and the like; of the workload where there is none. */
  readonly name: string
  /** The rule of it that splits the requests, where rules have names. */
  readonly rule: string
  readonly host: string
  readonly path: string
}

/**
 * Where the exporter stands: before the pods, beside the application in them, in the application, on their node, or at
 * the API server; or nowhere, where the world itself is read. What stands beside an application is found as its pod, and
 * is one target; the application is found through Services, and is a target of each that selects the pod.
 */
export type Side = 'client' | 'server' | 'application' | 'kubelet' | 'cluster' | 'world'

export type Family = RequestFamily | StateFamily | UpFamily

interface AnyFamily {
  /** The metric name; of a histogram without _bucket, _sum and _count. */
  readonly name: string
  /** Only targets of this side expose it. */
  readonly side: Side
  /** As the exporter tells it in `# TYPE` and `# HELP`. */
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** What it counts here, for people: `requests that the gateway answered, by response code`. */
  readonly counts: string
  /** Labels that have one value whatever the target and the variant. */
  readonly fixed: Readonly<Record<string, string>>
  /**
   * All labels but the name and `le`. Empty values count as absent. What has the same labels for several variants or
   * targets of an endpoint is one series, their sum.
   */
  readonly labels: (target: Target, variant: string) => Record<string, string>
}

/** What requests add up to; the variants are response codes. */
export interface RequestFamily extends AnyFamily {
  readonly quantity: 'requests' | 'latency'
  /** Upper bounds of a histogram's buckets, in its own unit and without +Inf. */
  readonly bounds?: readonly number[]
  /** Milliseconds in one unit of the metric. */
  readonly unitMs?: number
  /** Whether series are there before the first request that they count, at zero. */
  readonly isThereFromStart?: boolean
  /** Which requests it counts; all of them if left out. */
  readonly takes?: (code: string, target: Target) => boolean
  /** Of these a counter counts such a part, in whole requests (1 if left out). */
  readonly share?: number
  /** What each of them adds to a counter (1 if left out). */
  readonly adds?: number
}

/** What a pod or a set of pods is at the moment of the scrape. */
export interface StateFamily extends AnyFamily {
  readonly quantity: 'state'
  /** Kind of the workloads that it tells of; all of them if left out. */
  readonly onlyOf?: string
  /** One series for each; one series if left out. */
  readonly variants?: readonly string[]
  /** NaN where there is nothing to expose. */
  readonly value: (observed: Observed, variant: string, target: Target) => number
}

/** 1 while scrapes of the endpoint succeed, 0 while they fail. */
export interface UpFamily extends AnyFamily {
  readonly quantity: 'up'
}

export interface Dialect {
  readonly name: string
  readonly families: readonly Family[]
}

/** What is to be told of a target at a scrape. */
export interface Observed {
  /** Cumulative since the container started, by index of response code. */
  readonly requests: ArrayLike<number>
  /**
   * Cumulative over time but not over bins: code c has its bins from c * (bounds + 1) on, each up to and including
   * its bound, the last one above all.
   */
  readonly latencyBins: ArrayLike<number>
  /** By index of response code. */
  readonly latencySumsMs: ArrayLike<number>
  /** On Prometheus' clock. */
  readonly startTimeMs: number
  /** Of a target that is a pod, where anybody asks. */
  readonly pod?: PodState | undefined
  /** Of a target that is a ReplicaSet. */
  readonly set?: SetState | undefined
}

export interface PodState {
  readonly createdAtMs: number
  /** Of the container; NaN before its first start. */
  readonly startedAtMs: number
  readonly isReady: boolean
  readonly restarts: number
  /** Why the container waits; empty while it runs. */
  readonly waiting: '' | 'ContainerCreating' | 'CrashLoopBackOff' | 'ErrImagePull' | 'ImagePullBackOff'
  /** No node has room for it: there is no container yet that anything could be told of. */
  readonly isUnschedulable: boolean
  /** Its container has never run yet. */
  readonly isPending: boolean
  /** Why its container ended before it was started again; empty if it never was. */
  readonly lastEnd: '' | 'Completed' | 'Error' | 'OOMKilled'
  /** By the container since it started; NaN where the scenario doesn't say. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
}

export interface SetState {
  readonly createdAtMs: number
  /** Pods asked for. */
  readonly wanted: number
  readonly replicas: number
  readonly ready: number
  readonly available: number
}

export function scrapedPod({ side, server, client }: Target): PodIdentity {
  return side === 'client' ? client : server
}

export function isOfRequests(family: Family): family is RequestFamily {
  return family.quantity === 'requests' || family.quantity === 'latency'
}

/** Of which its series there are at most so many for each target. */
export function variantsOf(family: Family, codes: readonly string[]): readonly string[] {
  if (isOfRequests(family)) return codes
  return (family.quantity === 'state' ? family.variants : undefined) ?? ONE_VARIANT
}

const ONE_VARIANT: readonly string[] = ['']
