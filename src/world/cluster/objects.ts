// The objects of the cluster that controllers act on: pods, ReplicaSets, Services and the routes that split traffic.
import type { JsonObject } from '../../scenario/json.js'
import type { Memory } from './memory.js'
import type { PodSpec } from './pod-spec.js'
import { ReadyOrder } from './ready-order.js'

export type EndReason = '' | 'Completed' | 'Error' | 'OOMKilled'

/** One pod of a ReplicaSet. `ready` decides whether it serves, `available` whether controllers count on it. */
export class Pod {
  ready = false
  available = false
  readyAtMs = 0
  /** When it last became ready or stopped being so. */
  turnedAtMs: number
  deleted = false
  /** Whether its container runs, ready or not. */
  running = false
  /** When its container last began to run. */
  startedAtMs: number
  /** How often its container was started again. */
  restarts = 0
  /** Until when the kubelet holds back a container that has crashed again. */
  heldBackUntilMs = 0
  /** Why its container ended the last time; empty before that. */
  lastEnd: EndReason = ''
  /** Why its image isn't there; empty while nothing is wrong with it. */
  pullTrouble: '' | 'ErrImagePull' | 'ImagePullBackOff' = ''
  /** What its container uses, where the scenario says more of it than one figure. */
  memory: Memory | undefined
  /** Whether somebody listens at its address; whoever drives it says so, if it matters. */
  answers = true
  /** Faults that change what it answers, in order, by their places in the scenario. */
  struckBy: readonly number[] = []
  /** Whether requests are sent to it. */
  isRouted = false
  /** When all that happened to it so far has got to those who send requests. */
  routedByMs = 0
  /** Deleted, and its container still runs. */
  terminating = false
  /** A fault took it, or the one whose place it takes: without a release it would be missing, too. */
  isStruckDown = false
  /** On a node that doesn't answer. */
  isLost = false
  /** Its container has never run; whoever drives it says so, if it matters. */
  isPending = false
  /** No node has room for it. */
  isUnschedulable = false
  /** Where it was scheduled to; empty before that, and where the scenario names no nodes. */
  node = ''
  zone = ''
  /** Raised on every change of readiness, so that timers set before it know that they are stale. */
  epoch = 0

  constructor(
    readonly id: number,
    readonly replicaSet: ReplicaSet,
    /** 1 for the first pod of its ReplicaSet, and so on; never used again. */
    readonly ordinal: number,
    readonly createdAtMs: number,
  ) {
    this.turnedAtMs = createdAtMs
    this.startedAtMs = createdAtMs
  }

  /** The kubelet reports the address late: here, once the container has been started for the first time. */
  get hasAddress(): boolean {
    return this.running || this.restarts > 0
  }

  get name(): string {
    return `${this.replicaSet.name}-p${this.ordinal}`
  }

  /** Controllers count on it from now on, or don't any more. */
  count(isAvailable: boolean): void {
    if (this.available === isAvailable) return
    this.available = isAvailable
    this.replicaSet.availablePods += isAvailable ? 1 : -1
  }
}

/** The object that a ReplicaSet belongs to: names are unique within a kind only. */
export interface Owner {
  readonly kind: string
  readonly name: string
}

/** A set of equal pods: what a controller asked for, and what the cluster has counted so far. */
export class ReplicaSet {
  /** How many pods it should have. */
  spec = 0
  replicas = 0
  ready = 0
  available = 0
  /** Pods that have been evicted and are not replaced yet. */
  terminating = 0
  /** How many of its next pods take the place of such that faults took. */
  toReplace = 0
  /** The owner's size at the last scaling, kept as an annotation by controllers that tell a resize from a rollout. */
  desired = -1
  /** The most pods that all of the owner's ReplicaSets might have had then; kept by Deployments. */
  mostPods = 0
  /** When a controller will remove its pods, in milliseconds; NaN when no such time is set. */
  scaleDownDeadlineMs = Number.NaN
  minReadyMs = 0
  deleted = false
  /** Living pods in the order of their creation. */
  readonly pods: Pod[] = []
  /** Of the living pods, as they are now; what the cluster has counted follows. */
  readyPods = 0
  availablePods = 0
  /** Deleted pods that still run, or that requests are still sent to. */
  readonly leaving: Pod[] = []
  /**
   * Those that requests are sent to, leaving ones too. Kept wherever a pod's own mark changes: every split asks for it,
   * and a flight of 200 pods takes 1.3 times as long if it is counted anew each time.
   */
  routedPods = 0
  /** Those of them that don't answer. */
  deadPods = 0
  /** How often in a row no pod could be made. */
  failedCreations = 0
  /** When the next try is due. */
  retryAtMs = 0
  readonly readyOrder = new ReadyOrder<Pod>()
  podsMade = 0

  constructor(
    /** Its place in the order of creation, from 0. */
    readonly index: number,
    readonly owner: Owner,
    readonly template: PodTemplate,
    readonly createdAtMs: number,
    /** 0 where its owner counts none. */
    public revision: number,
    readonly name: string,
  ) {}

  get hash(): string {
    return this.template.hash
  }

  /** Whether the pod that is being made takes the place of one that a fault took. */
  replaces(): boolean {
    if (this.toReplace === 0) return false
    this.toReplace--
    return true
  }
}

export type Labels = Readonly<Record<string, string>>

export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

/** What a pod is made from, as far as the world cares: equal keys are equal templates. */
export interface PodTemplate {
  /** Canonical text of the manifest's template. */
  readonly key: string
  /** Names the version: part of the names and labels of its pods. Empty in a ReplicaSet that nobody else made. */
  readonly hash: string
  /** Image of the first container. */
  readonly image: string
  /** Left out where nobody asks how its pods live. */
  readonly spec?: PodSpec
  /** Labels of its pods where these aren't the workload's, which every Service of the workload selects by. */
  readonly otherLabels?: Labels
}

/** A Kubernetes Service: which pods it selects. Until a controller adopts it, it selects all pods of the workload. */
export class Service {
  hash: string | undefined
  managed = false
  deleted = false

  constructor(
    readonly name: string,
    /** Labels that its pods have beside the hash. */
    readonly selector: Labels = {},
  ) {}

  selects(replicaSet: ReplicaSet): boolean {
    return (this.hash === undefined || this.hash === replicaSet.hash) && this.fits(replicaSet)
  }

  /** Whether the labels are right, whatever the hash. */
  fits({ template: { otherLabels } }: ReplicaSet): boolean {
    return !otherLabels || hasLabels(otherLabels, this.selector)
  }
}

/** One way that a router sends a share of the requests. */
export interface Destination {
  /** Name of a Service, of a subset, or of a virtual node. */
  readonly to: string
  /** Of a subset the Service that it is of: what `to` means stands in a DestinationRule then. */
  readonly subsetOf?: string
  /** The version whose pods a subset or a virtual node means; a Service selects its pods itself. */
  readonly hash: string | undefined
  readonly weight: number
}

/** One of the rules of a route, which spreads the requests that it takes by weight. */
export interface Rule {
  /** Where it stands in the object, such as `http[0]`; empty where the object is nothing but the rule. */
  readonly path: string
  readonly destinations: readonly Destination[]
}

/** A rule that a controller adds for some of the requests, before all others. */
export interface ManagedRoute {
  readonly name: string
  /** Which requests take it, in the router's own terms. */
  readonly match: readonly JsonObject[]
  readonly destinations: readonly Destination[]
  /** Who gets copies of them. */
  readonly mirror: { readonly to: string; readonly percent: number } | undefined
}

/** What a router (a VirtualService, an Ingress) does with the requests that reach it. */
export class Route {
  /** Those that a controller spreads by weight; every one of them takes the same part of the requests. */
  rules: readonly Rule[] = []
  /** The first one that a request fits takes it. */
  managed: readonly ManagedRoute[] = []
  deleted = false

  constructor(
    readonly kind: string,
    readonly name: string,
  ) {}

  /** Of the first rule, which is the only one of most kinds. */
  get destinations(): readonly Destination[] {
    return this.rules[0]?.destinations ?? []
  }
}

/** 0 without any. */
export function highestRevision(sets: readonly ReplicaSet[], except?: ReplicaSet): number {
  let highest = 0
  for (const set of sets) if (set !== except && set.revision > highest) highest = set.revision
  return highest
}
