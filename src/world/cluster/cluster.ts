// The small model of a Kubernetes cluster that every controller acts on, with the ReplicaSet controller inside.
import type { Loop } from '../../kernel/loop.js'
import { Endpoints, type Propagation } from './endpoints.js'
import { leastUseful, leastUsefulOnNodes } from './least-useful.js'
import { Network } from './network.js'
import { type Owner, Pod, type PodTemplate, ReplicaSet } from './objects.js'
import { Quota, retryDelayMs } from './quota.js'

/** Decides when a pod becomes ready, fails and recovers. */
export interface PodDriver {
  created(pod: Pod): void
  /** Without it pods are gone as soon as they are deleted; with it those that are `terminating` stay until `gone`. */
  deleted?(pod: Pod): void
}

/** What of a cluster isn't as everywhere. */
export interface ClusterSettings {
  /** At once if left out. */
  readonly propagation?: Propagation
  /** Any number if left out. */
  readonly mostPods?: number
  /** Whether pods are on nodes that are told apart. */
  readonly hasNodes?: boolean
}

/** From a new size to the pods it asks for: what the real ReplicaSet controller takes when idle (observed). */
const replicaSetDelayMs = 7

/** From there until it has written that it has seen the new size (observed). */
const noticeDelayMs = 5

/** And until it has counted the pods that it made: it hears of them as everybody does (observed). */
const countDelayMs = 20

/**
 * From taking pods away to the count that misses them: a second pass of the ReplicaSet controller, which sees them go.
 * Whoever asked for the new size has looked once more by then (25 ms in all on a quiet machine, observed).
 */
const removalCountMs = 18

/** From the count that a lost pod is missing in to the one that has its replacement (observed). */
const replacementDelayMs = 13

const podPriority = 0
const replicaSetPriority = 5

export class Cluster extends Network {
  readonly replicaSets: ReplicaSet[] = []
  private readonly quota: Quota
  private readonly choose: (replicaSet: ReplicaSet) => Pod
  private readonly endpoints: Endpoints
  private readonly pods: Pod[] = []
  private replicaSetsMade = 0
  private readonly syncHandler: number
  private readonly noticedHandler: number
  private readonly countHandler: number
  private readonly lostHandler: number
  private readonly minReadyHandler: number
  private readonly availableHandler: number
  /** How much later than else ReplicaSets are seen to. */
  lateMs = 0
  /** What waits for the API server; undefined while that answers. */
  private waiting: (() => void)[] | undefined

  constructor(
    private readonly loop: Loop,
    private readonly driver: PodDriver,
    { propagation, mostPods = Number.POSITIVE_INFINITY, hasNodes = false }: ClusterSettings = {},
  ) {
    super()
    this.choose = hasNodes ? (set) => leastUsefulOnNodes(set, this.replicaSets) : leastUseful
    this.quota = new Quota(mostPods)
    this.endpoints = new Endpoints(
      loop,
      propagation,
      (id) => this.pod(id),
      (pod) => this.podRouted(pod),
    )
    this.syncHandler = this.handler((replicaSet) => this.sync(replicaSet))
    this.noticedHandler = this.handler((replicaSet) => this.noticed(replicaSet))
    this.countHandler = this.handler((replicaSet) => this.count(replicaSet))
    this.lostHandler = this.handler((replicaSet) => this.lost(replicaSet))
    this.minReadyHandler = this.handler((replicaSet) => this.measureAnew(replicaSet))
    this.availableHandler = loop.handler((id, epoch) => {
      const pod = this.pods[id]!
      if (pod.epoch === epoch && !pod.deleted) this.becomeAvailable(pod)
    })
  }

  /** The API server answers nobody: no pod is made or taken away, and none that becomes ready or unready is known to be. */
  halt(): void {
    this.waiting ??= []
  }

  goOn(): void {
    const acts = this.waiting ?? []
    this.waiting = undefined
    for (const act of acts) act()
  }

  get isHalted(): boolean {
    return this.waiting !== undefined
  }

  pod(id: number): Pod {
    return this.pods[id]!
  }

  createReplicaSet(
    owner: Owner,
    template: PodTemplate,
    revision: number,
    minReadyMs: number,
    name = template.hash === '' ? owner.name : `${owner.name}-${template.hash}`,
  ): ReplicaSet {
    const made = new ReplicaSet(this.replicaSetsMade++, owner, template, this.loop.now, revision, name)
    made.minReadyMs = minReadyMs
    this.replicaSets.push(made)
    this.changed(made)
    return made
  }

  scale(replicaSet: ReplicaSet, size: number): void {
    replicaSet.spec = size
    this.soon(replicaSetDelayMs, this.syncHandler, replicaSet)
    this.changed(replicaSet)
  }

  /** Takes one pod away, whichever it is; its ReplicaSet counts what is left before it makes another. */
  evict(pod: Pod): void {
    const { replicaSet } = pod
    this.removePod(pod)
    replicaSet.terminating++
    if (pod.isStruckDown) replicaSet.toReplace++
    this.soon(replicaSetDelayMs, this.lostHandler, replicaSet)
  }

  private lost(replicaSet: ReplicaSet): void {
    this.count(replicaSet)
    replicaSet.terminating = 0
    this.soon(replacementDelayMs, this.syncHandler, replicaSet)
  }

  /** Pods that are ready already are held against the new time, too. */
  setMinReady(replicaSet: ReplicaSet, minReadyMs: number): void {
    replicaSet.minReadyMs = minReadyMs
    this.soon(replicaSetDelayMs, this.minReadyHandler, replicaSet)
    this.changed(replicaSet)
  }

  private measureAnew(replicaSet: ReplicaSet): void {
    for (const pod of replicaSet.pods) {
      if (!pod.ready) continue
      pod.epoch++
      this.waitMinReady(pod)
    }
    this.count(replicaSet)
  }

  /** A controller wrote something into the ReplicaSet that doesn't concern its pods. */
  annotated(replicaSet: ReplicaSet): void {
    this.changed(replicaSet)
  }

  deleteReplicaSet(replicaSet: ReplicaSet): void {
    replicaSet.deleted = true
    while (replicaSet.pods.length > 0) this.removePod(replicaSet.pods.at(-1)!)
    this.replicaSets.splice(this.replicaSets.indexOf(replicaSet), 1)
    this.changed(replicaSet)
  }

  /** A pod that has been up for long: ready, and past its time of waiting. */
  adopt(pod: Pod): void {
    pod.running = true
    this.endpoints.adopt(pod)
    this.becomeReady(pod)
    pod.count(true)
    this.podChanged(pod)
    this.count(pod.replicaSet)
  }

  setReady(pod: Pod, ready: boolean): void {
    if (this.waiting) return void this.waiting.push(() => this.setReady(pod, ready))
    if (pod.deleted || pod.ready === ready) return
    pod.epoch++
    if (ready) {
      this.becomeReady(pod)
      this.waitMinReady(pod)
    } else {
      this.becomeUnready(pod)
    }
    this.podChanged(pod)
    this.count(pod.replicaSet)
  }

  started(pod: Pod): void {
    pod.running = true
    pod.isPending = false
    pod.startedAtMs = this.loop.now
    for (const listener of this.listeners) listener.podStarted?.(pod)
  }

  restarted(pod: Pod): void {
    pod.running = false
    pod.isPending = false
    pod.restarts++
    for (const listener of this.listeners) listener.podRestarted?.(pod)
  }

  /** Whether somebody listens at its address. */
  setAnswers(pod: Pod, answers: boolean): void {
    if (pod.answers === answers) return
    this.endpoints.answers(pod, answers)
    if (pod.isRouted) this.podRouted(pod)
  }

  /** From now on these faults change what it answers. */
  strike(pod: Pod, struckBy: readonly number[]): void {
    pod.struckBy = struckBy
    if (pod.isRouted) this.podRouted(pod)
  }

  /** A deleted pod has ended. */
  gone(pod: Pod): void {
    pod.terminating = false
    pod.running = false
    this.setAnswers(pod, false)
    this.leave(pod)
  }

  /** From now on the namespace may have so many pods; those that are there stay. */
  limitPods(mostPods: number): void {
    this.quota.pods = mostPods
  }

  /** What `kubectl get events` would show. */
  tell(on: string, reason: string, message: string): void {
    for (const listener of this.listeners) listener.told?.(on, reason, message)
  }

  private podRouted(pod: Pod): void {
    for (const listener of this.listeners) listener.podRouted?.(pod)
    this.leave(pod)
  }

  /** Nothing is left of a deleted pod once it has ended and nobody sends it requests. */
  private leave(pod: Pod): void {
    if (!pod.deleted || pod.terminating || this.endpoints.mayRoute(pod)) return
    const { leaving } = pod.replicaSet
    const place = leaving.indexOf(pod)
    if (place >= 0) leaving.splice(place, 1)
  }

  private becomeUnready(pod: Pod): void {
    pod.ready = false
    pod.turnedAtMs = this.loop.now
    pod.replicaSet.readyPods--
    pod.count(false)
    this.endpoints.turned(pod)
  }

  private becomeReady(pod: Pod): void {
    pod.ready = true
    pod.readyAtMs = this.loop.now
    pod.turnedAtMs = this.loop.now
    pod.replicaSet.readyPods++
    pod.isStruckDown = false
    pod.replicaSet.readyOrder.add(pod)
    this.endpoints.turned(pod)
  }

  private waitMinReady(pod: Pod): void {
    const { minReadyMs } = pod.replicaSet
    // The kubelet writes the moment of readiness in whole seconds, and the wait counts from there.
    const availableMs = floorToSecond(pod.readyAtMs) + minReadyMs
    const isAvailable = minReadyMs <= 0 || availableMs <= this.loop.now
    pod.count(isAvailable)
    if (!isAvailable) this.loop.at(availableMs, podPriority, this.availableHandler, pod.id, pod.epoch)
  }

  private becomeAvailable(pod: Pod): void {
    pod.count(true)
    this.count(pod.replicaSet)
  }

  /** The ReplicaSet controller: makes as many pods as asked for, and takes the least useful ones away. */
  private sync(replicaSet: ReplicaSet): void {
    if (replicaSet.pods.length > replicaSet.spec) {
      while (replicaSet.pods.length > replicaSet.spec) this.removePod(this.choose(replicaSet))
      replicaSet.toReplace = 0
      this.soon(removalCountMs, this.countHandler, replicaSet)
      return
    }
    this.count(replicaSet)
    if (replicaSet.pods.length === replicaSet.spec) return
    this.createPods(replicaSet)
    this.soon(noticeDelayMs, this.noticedHandler, replicaSet)
    this.soon(countDelayMs, this.countHandler, replicaSet)
  }

  /** Of something that becomes of a ReplicaSet, unless it has been deleted by then. */
  private handler(act: (replicaSet: ReplicaSet) => void): number {
    return this.loop.handler((index) => {
      const replicaSet = this.replicaSets.find((candidate) => candidate.index === index)
      if (!replicaSet) return
      if (this.waiting) this.waiting.push(() => act(replicaSet))
      else act(replicaSet)
    })
  }

  private soon(delayMs: number, handler: number, { index }: ReplicaSet): void {
    this.loop.at(this.loop.now + delayMs + this.lateMs, replicaSetPriority, handler, index)
  }

  private noticed(replicaSet: ReplicaSet): void {
    for (const listener of this.listeners) listener.replicaSetNoticed?.(replicaSet)
  }

  /** As many as are missing, or as the namespace may have: of the others one is tried again after a while. */
  private createPods(replicaSet: ReplicaSet): void {
    const { quota } = this
    while (replicaSet.pods.length < replicaSet.spec) {
      const used = quota.pods === Number.POSITIVE_INFINITY ? 0 : this.countPods()
      if (used >= quota.pods) {
        const name = `${replicaSet.name}-p${replicaSet.podsMade + 1}`
        this.tell(replicaSet.name, 'FailedCreate', quota.refusal(name, used))
        this.retryLater(replicaSet)
        return
      }
      this.createPod(replicaSet)
    }
    replicaSet.failedCreations = 0
  }

  /** The queue keeps the earliest time that was asked for. */
  private retryLater(replicaSet: ReplicaSet): void {
    const delayMs = retryDelayMs(++replicaSet.failedCreations)
    if (replicaSet.retryAtMs > this.loop.now) return
    replicaSet.retryAtMs = this.loop.now + delayMs
    this.soon(delayMs, this.syncHandler, replicaSet)
  }

  /** All that the API server knows of, terminating ones too. */
  private countPods(): number {
    return this.replicaSets.reduce(
      (sum, { pods, leaving }) => sum + pods.length + leaving.filter(({ terminating }) => terminating).length,
      0,
    )
  }

  private createPod(replicaSet: ReplicaSet): void {
    const pod = new Pod(this.pods.length, replicaSet, ++replicaSet.podsMade, this.loop.now)
    pod.isStruckDown = replicaSet.replaces()
    this.pods.push(pod)
    replicaSet.pods.push(pod)
    this.podChanged(pod)
    this.driver.created(pod)
  }

  private removePod(pod: Pod): void {
    const { pods } = pod.replicaSet
    if (pods[pods.length - 1] === pod) pods.pop()
    else pods.splice(pods.lastIndexOf(pod), 1)
    pod.deleted = true
    if (pod.ready) this.becomeUnready(pod)
    pod.epoch++
    this.driver.deleted?.(pod)
    if (pod.terminating || this.endpoints.mayRoute(pod)) pod.replicaSet.leaving.push(pod)
    this.podChanged(pod)
  }

  private count(replicaSet: ReplicaSet): void {
    const { pods, readyPods, availablePods } = replicaSet
    const { replicas, ready, available } = replicaSet
    if (replicas === pods.length && ready === readyPods && available === availablePods) return
    replicaSet.replicas = pods.length
    replicaSet.ready = readyPods
    replicaSet.available = availablePods
    this.changed(replicaSet)
  }

  private changed(replicaSet: ReplicaSet): void {
    for (const listener of this.listeners) listener.replicaSetChanged?.(replicaSet)
  }

  private podChanged(pod: Pod): void {
    for (const listener of this.listeners) listener.podChanged?.(pod)
  }
}

/** Controllers keep their times in whole seconds, cut off and not rounded. */
export function floorToSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000
}
