// What the kubelet keeps of a pod beside what everybody sees.

import type { BackOff, RestartBackOff } from './back-off.js'
import type { Leak } from './memory.js'
import type { Pod } from './objects.js'
import { type PodSpec, plainPodSpec } from './pod-spec.js'
import type { Probing } from './probing.js'

/** What may be wrong with the application in a pod. */
export const podTroubles = ['crash-loop', 'not-ready', 'hang'] as const
export type PodTrouble = (typeof podTroubles)[number]

export class Life {
  readonly spec: PodSpec
  /** How often its container was started; timers of earlier starts are stale. */
  attempt = 0
  /** Whether the application has come up. */
  isUp = false
  /** Whether the kubelet is ending the container. */
  isEnding = false
  leak: Leak | undefined
  /** How long it is given to end, where whoever deletes it says so. */
  graceMs: number | undefined
  /** Raised when it becomes full at another time. */
  memoryTicket = 0
  probing: Probing | undefined
  /** From its first restart, and from the first pull that failed: most pods have neither. */
  restarts: RestartBackOff | undefined
  pulls: BackOff | undefined
  /** How often each is wrong with it at the moment; nothing is, in most pods. */
  private troubles: Map<PodTrouble, number> | undefined

  constructor(
    readonly pod: Pod,
    readonly version: number,
  ) {
    this.spec = pod.replicaSet.template.spec ?? plainPodSpec
  }

  /** And can be acted on: nobody has begun to end it. */
  get isRunning(): boolean {
    const { running, deleted, isLost } = this.pod
    return running && !deleted && !isLost && !this.isEnding
  }

  has(trouble: PodTrouble): boolean {
    return this.troubles !== undefined && (this.troubles.get(trouble) ?? 0) > 0
  }

  /** The same may be wrong for several reasons. */
  count(trouble: PodTrouble, change: 1 | -1): void {
    this.troubles ??= new Map()
    this.troubles.set(trouble, Math.max(0, (this.troubles.get(trouble) ?? 0) + change))
  }
}
