// What can go wrong in a scenario: to whom, when, how much of it, and what it does.
import type { LatencyChange } from './units.js'

export interface ScenarioFault {
  readonly name?: string
  readonly on: FaultSelector
  readonly when: FaultTimes
  readonly effect: FaultEffect
  /** It is a part of the one before, which tells of all of it. */
  readonly isToldBefore?: true
}

/** What a fault's onset counts from: the release, its promotion to everyone, or the first pod of the canary. */
export const anchors = ['release', 'promotion', 'first-pod'] as const
export type Anchor = (typeof anchors)[number]

export interface FaultTimes {
  readonly after: Anchor
  /** Since what it counts from. */
  readonly onsetMs: number
  /** How long it lasts each time; without one, until the end. */
  readonly forMs?: number
  /** From one onset to the next; without one, it strikes once. Longer than it lasts. */
  readonly everyMs?: number
  /** How long it takes to grow to full size, each time. */
  readonly rampMs: number
  /** In place of a ramp: how much of it there is from each of these instants on, counted from the onset. */
  readonly steps?: readonly FaultStep[]
}

export interface FaultStep {
  readonly atMs: number
  readonly ratio: number
}

/** Those only whom all of it selects; what is missing selects everyone. */
export interface FaultSelector {
  readonly version: FaultVersion
  /** So many of its pods: those that have lived longest. */
  readonly pods?: PodShare
  readonly zone?: string
  readonly node?: string
  readonly route?: string
  /** By dimension, such as a region or a plan. */
  readonly segment?: Readonly<Record<string, string>>
  /** Requests that call this dependency. */
  readonly dependency?: string
  /** So many of the requests, by chance. */
  readonly shareRatio?: number
}

/** The gateway in front of both has metrics of its own. */
export const faultVersions = ['canary', 'stable', 'both', 'gateway'] as const
export type FaultVersion = (typeof faultVersions)[number]

/** Faults that have the very same one strike the same pods where these are drawn. */
export type PodShare =
  | { readonly count: number; readonly areDrawn?: true }
  /** Rounded up, and down if they are drawn. */
  | { readonly ratio: number; readonly areDrawn?: true }
  /** Of a part that is drawn, too, up to this. */
  | { readonly mostRatio: number; readonly areDrawn: true }

export type FaultEffect = AnswerEffect | PodEffect | ClusterEffect | SharedEffect | TrafficEffect | ObserverEffect

/** What a fault does to answers. */
export type AnswerEffect =
  | { readonly kind: 'errors'; readonly ratio: number; readonly status: number; readonly abovePerSecond?: number }
  | { readonly kind: 'latency'; readonly change: LatencyChange; readonly abovePerSecond?: number }
  /** So many requests are never answered. */
  | { readonly kind: 'hang'; readonly ratio: number }
  /** Something else takes so much of the CPU: a pod serves less, and takes longer. */
  | { readonly kind: 'cpu-theft'; readonly ratio: number }

/** What a fault does to pods: the cluster acts on these, answers only follow from them. */
export type PodEffect =
  /** The container exits before it could become ready, again and again, under the kubelet's back-off. */
  | { readonly kind: 'crash-loop' }
  /** The readiness probe fails. */
  | { readonly kind: 'not-ready' }
  /** Memory grows, to so much more at most, until the container is killed at its limit. */
  | {
      readonly kind: 'leak'
      readonly bytesPerMs: number
      readonly mostBytes?: number
      /** Without one, that of the container. */
      readonly limitBytes?: number
      /** What takes it runs in the container, and is not started again with the next one. */
      readonly endsWithContainer?: true
    }
  /** At its onset the pods are deleted, or their containers exit. */
  | { readonly kind: 'kill'; readonly what: KillTarget; readonly graceMs: number }
  /** New pods don't get their image. */
  | { readonly kind: 'image-pull' }

export const killTargets = ['pod', 'container'] as const
export type KillTarget = (typeof killTargets)[number]

export type ClusterEffect =
  | { readonly kind: 'node-loss' }
  /** No new pod is admitted. */
  | { readonly kind: 'quota' }

/** What versions do to each other by what they share. */
export type SharedEffect =
  /** Each request that the selected version serves spoils one of so many records; who reads a spoiled one gets an error. */
  | {
      readonly kind: 'poison'
      readonly records: number
      readonly status: number
      /** Mean time after which a spoiled record is well again; without one, never. */
      readonly recoveryMs?: number
    }
  /** So many answers of the selected version fail because of the other one's schema. */
  | { readonly kind: 'skew'; readonly ratio: number; readonly status: number; readonly while: SkewTime }

/** From the first pod of the canary on for good, or only while both versions have pods that serve. */
export const skewTimes = ['migrated', 'mixed'] as const
export type SkewTime = (typeof skewTimes)[number]

export type TrafficEffect = { readonly kind: 'traffic'; readonly factor: number }

/** What keeps the policy from seeing or acting. */
export type ObserverEffect =
  | { readonly kind: 'metrics'; readonly how: MetricsTrouble; readonly delayMs: number }
  | { readonly kind: 'prometheus'; readonly how: 'down' }
  | { readonly kind: 'controller'; readonly how: ProcessTrouble; readonly delayMs: number }
  | { readonly kind: 'api-server'; readonly how: ProcessTrouble; readonly delayMs: number }

/** Not there; seen late; with the labels of the other version; the same value again and again. */
export const metricsTroubles = ['lost', 'delayed', 'mislabelled', 'stuck'] as const
export type MetricsTrouble = (typeof metricsTroubles)[number]

export const processTroubles = ['down', 'slow'] as const
export type ProcessTrouble = (typeof processTroubles)[number]
