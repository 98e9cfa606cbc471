// What the kubelet reads of a pod's manifest: how it tells whether the container is well, and how it ends it.

/** A probe of the container, with the defaults of the API server filled in. */
export interface ProbeSpec {
  readonly initialDelayMs: number
  readonly periodMs: number
  readonly timeoutMs: number
  readonly failureThreshold: number
  readonly successThreshold: number
  /** Of a container that this probe condemns; without one that of the pod. */
  readonly graceMs?: number
}

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/** Of the first container, which is the one that requests reach. */
export interface PodSpec {
  readonly startup?: ProbeSpec
  readonly readiness?: ProbeSpec
  readonly liveness?: ProbeSpec
  /** How long the preStop hook takes; `hook` where only the scenario can tell. */
  readonly preStop?: number | 'hook'
  readonly graceMs: number
  readonly pullPolicy: PullPolicy
  readonly memoryLimitBytes?: number
  /** How long it stays on a node that doesn't answer; infinity for ever. */
  readonly tolerationMs: number
}

/** That of a manifest that says nothing. */
export const plainPodSpec: PodSpec = Object.freeze({
  graceMs: 30_000,
  pullPolicy: 'IfNotPresent',
  // The admission controller DefaultTolerationSeconds adds it to every pod.
  tolerationMs: 300_000,
})

export function hasProbes({ startup, readiness, liveness }: PodSpec): boolean {
  return (startup ?? readiness ?? liveness) !== undefined
}
