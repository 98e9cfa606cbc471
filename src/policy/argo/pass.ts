// One pass of the controller over a Rollout: what it saw when it began, what it has decided so far.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { ReplicaSet } from '../../world/cluster/objects.js'
import type { View } from '../view.js'
import type { AnalysisRuns } from './analysis-runs.js'
import type { Experiments } from './experiments.js'
import { resolveBounds } from './replica-counts.js'
import type { Rollout } from './rollout.js'
import { isFullyPromoted } from './rollout.js'
import type { RolloutSpec } from './rollout-spec.js'
import { type Pause, type PauseReason, pauseFor, type Status } from './status.js'
import type { Behaviours } from './version.js'

/**
 * A ReplicaSet as the pass sees it: copied when the pass began. What the pass writes goes to the cluster and isn't seen
 * before the next pass; later sizes of the same pass are computed from the old ones (upstream behaviour).
 */
export class Seen {
  readonly spec: number
  readonly replicas: number
  readonly ready: number
  readonly available: number
  scaleDownDeadlineMs: number

  constructor(readonly live: ReplicaSet) {
    this.spec = live.spec
    this.replicas = live.replicas
    this.ready = live.ready
    this.available = live.available
    this.scaleDownDeadlineMs = live.scaleDownDeadlineMs
  }

  get hash(): string {
    return this.live.hash
  }

  get hasDeadline(): boolean {
    return !Number.isNaN(this.scaleDownDeadlineMs)
  }
}

export class Pass {
  readonly spec: RolloutSpec
  /** The status when the pass began. */
  readonly last: Readonly<Status>
  readonly all: readonly Seen[]
  readonly canary: Seen
  /** The version that an abort goes back to; the canary itself once promoted, absent before the first promotion. */
  readonly stable: Seen | undefined = undefined
  /** Neither canary nor stable. */
  readonly others: readonly Seen[]
  /** What analysis, traffic and scaling have found out for the next status. */
  weights: Status['weights']
  /** Name of the experiment that the step waits for. */
  experiment = ''
  stepRun: Status['stepRun']
  backgroundRun: Status['backgroundRun']
  plugins: Status['plugins']
  /** A step whose plugin can't be called isn't completed, whatever is known of it. */
  isPluginMissing = false
  restartedAtMs: number
  preRun: Status['preRun']
  postRun: Status['postRun']

  /** Whether the version had been given up, and so lately that it still waited for its pods to be removed. */
  private readonly hadDeadline: boolean
  private readonly hadTimeLeft: boolean
  private readonly addedPauses: PauseReason[] = []
  private endedPause: PauseReason | undefined
  private pausesCleared = false
  private abortAdded = false
  private abortRemoved = false
  abortMessage = ''
  /** Nothing of what the pass found out is kept then, and the controller tries again (upstream behaviour). */
  hasFailed = false
  /** How long the controller does nothing in the middle of the pass. */
  sleepMs = 0
  private readonly awakened: (() => void)[] = []

  constructor(
    readonly rollout: Rollout,
    canary: ReplicaSet,
    owned: readonly ReplicaSet[],
    readonly view: View,
    readonly runs: AnalysisRuns,
    readonly experiments: Experiments,
    readonly does: Behaviours,
    /** Asks for another pass at a time. */
    readonly wakeAt: (timeMs: number) => void,
  ) {
    this.spec = rollout.spec
    this.last = rollout.status
    const { stableHash } = this.last
    const all = owned.map((live) => new Seen(live))
    const others: Seen[] = []
    let current: Seen | undefined
    for (const seen of all) {
      const { live } = seen
      if (live === canary) current = seen
      if (stableHash !== '' && live.hash === stableHash) this.stable = seen
      else if (live !== canary) others.push(seen)
    }
    this.all = all
    this.others = others
    this.canary = current!
    this.hadDeadline = this.canary.hasDeadline
    this.hadTimeLeft = this.canary.scaleDownDeadlineMs > this.nowMs
    this.weights = this.last.weights
    this.plugins = this.last.plugins
    this.restartedAtMs = this.last.restartedAtMs
    this.preRun = this.last.preRun
    this.postRun = this.last.postRun
    if (isFullyPromoted(this.last) && this.isAborted) this.removeAbort()
  }

  /** maxSurge and maxUnavailable in pods. */
  get bounds(): { readonly surge: number; readonly unavailable: number } {
    const { replicas, canary, blueGreen } = this.spec
    return resolveBounds(replicas, canary.maxSurge, (blueGreen ?? canary).maxUnavailable)
  }

  get nowMs(): number {
    return this.view.loop.now
  }

  /** Whether the update goes back to a version that is so few versions older than stable that it may skip everything. */
  get isWithinRollbackWindow(): boolean {
    const { spec, canary, stable, all } = this
    if (spec.rollbackWindow <= 0 || !stable || !isOlder(canary, stable)) return false
    const between = all.filter((seen) => isOlder(canary, seen) && isOlder(seen, stable))
    return between.length < spec.rollbackWindow
  }

  /** Whether the update goes back to what is there already: no steps, pauses or analyses then. */
  get isFastRollback(): boolean {
    const { spec, last, canary, stable } = this
    if (!this.does.knowFastRollbacks) return this.hadDeadline
    if (!stable) return false
    if (last.stableHash === canary.hash || this.isWithinRollbackWindow) return true
    return spec.blueGreen !== undefined && this.hadTimeLeft && isOlder(canary, stable)
  }

  get isAborted(): boolean {
    return !this.abortRemoved && (this.abortAdded || this.last.abort === true)
  }

  get hasAddedPause(): boolean {
    return this.addedPauses.length > 0
  }

  /** What only people read: made where somebody does. */
  words(make: () => string): string {
    return this.view.journal.event ? make() : ''
  }

  addAbort(message: string): void {
    this.abortAdded = true
    this.abortMessage = message
  }

  removeAbort(): void {
    this.abortRemoved = true
  }

  addPause(reason: PauseReason): void {
    this.addedPauses.push(reason)
  }

  endPause(reason: PauseReason): void {
    this.endedPause = reason
  }

  clearPauses(): void {
    this.pausesCleared = true
  }

  /** Lets the controller wait in the middle of the pass, and do something then. */
  sleep(ms: number, wake: () => void): void {
    this.sleepMs = Math.max(this.sleepMs, ms)
    this.awakened.push(wake)
  }

  wake(): void {
    this.sleepMs = 0
    for (const act of this.awakened) act()
  }

  /** Why no pods may be added or taken away now, if so. */
  get isHalted(): boolean {
    return this.spec.paused === true || pauseFor(this.last, 'InconclusiveAnalysisRun') !== undefined
  }

  /** Abort and pauses of the next status. An abort drops every pause. */
  writePauses(next: Status, second: number): void {
    next.controllerPause = this.last.controllerPause === false ? false : undefined
    if (this.abortAdded || (!this.abortRemoved && this.last.abort)) {
      next.abort = true
      next.abortedAtMs = Number.isNaN(this.last.abortedAtMs) ? second : this.last.abortedAtMs
      return
    }
    next.abort = this.last.abort === false ? false : undefined
    next.abortedAtMs = Number.NaN
    if (this.pausesCleared) return
    const pauses: Pause[] = this.last.pauses.filter(({ reason }) => reason !== this.endedPause)
    let { controllerPause } = this.last
    for (const reason of this.addedPauses) {
      if (pauseFor(this.last, reason)) continue
      pauses.push({ reason, startMs: second })
      controllerPause = true
    }
    if (pauses.length === 0) return
    next.controllerPause = controllerPause
    next.pauses = pauses
  }
}

/** By the times of creation, which are kept in whole seconds. */
function isOlder(one: Seen, other: Seen): boolean {
  return floorToSecond(one.live.createdAtMs) < floorToSecond(other.live.createdAtMs)
}

/** All pods that the Rollout asks for, and all of them available. */
export function isSaturated({ spec }: Pass, seen: Seen): boolean {
  return seen.spec === spec.replicas && seen.available === spec.replicas && seen.live.desired === spec.replicas
}

export function totalAvailable(sets: readonly Seen[]): number {
  let total = 0
  for (const { available } of sets) total += available
  return total
}

export function totalSpec(sets: readonly Seen[]): number {
  let total = 0
  for (const { spec } of sets) total += spec
  return total
}
