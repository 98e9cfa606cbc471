// The small model of a Kubernetes cluster that every controller acts on, with the ReplicaSet controller inside.
import type { Loop } from '../../kernel/loop.js'
import { type Owner, Pod, type PodTemplate, ReplicaSet, Route, type Service } from './objects.js'

/** Decides when a pod becomes ready, fails and recovers. */
export interface PodDriver {
  created(pod: Pod): void
}

/** What somebody may want to be told of, at the instant it happens; they take what they need. */
export interface ClusterListener {
  /** Something that controllers watch changed: the size, the counts or the annotations of a ReplicaSet. */
  replicaSetChanged?(replicaSet: ReplicaSet): void
  /** It was written that its new size has been seen, and nothing else. */
  replicaSetNoticed?(replicaSet: ReplicaSet): void
  podChanged?(pod: Pod): void
  /** Its container has begun to run. */
  podStarted?(pod: Pod): void
  /** Its container has crashed, and will be started again. */
  podRestarted?(pod: Pod): void
  serviceChanged?(service: Service): void
  routeChanged?(route: Route): void
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

export class Cluster {
  readonly replicaSets: ReplicaSet[] = []
  readonly services: Service[] = []
  readonly routes: Route[] = []
  private readonly pods: Pod[] = []
  private readonly listeners: ClusterListener[] = []
  private replicaSetsMade = 0
  private readonly syncHandler: number
  private readonly noticedHandler: number
  private readonly countHandler: number
  private readonly lostHandler: number
  private readonly minReadyHandler: number
  private readonly availableHandler: number

  constructor(
    private readonly loop: Loop,
    private readonly driver: PodDriver,
  ) {
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

  listen(listener: ClusterListener): void {
    this.listeners.push(listener)
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

  service(name: string): Service | undefined {
    return this.services.find((service) => service.name === name)
  }

  addService(service: Service): void {
    this.services.push(service)
    this.serviceChanged(service)
  }

  removeService(service: Service): void {
    service.deleted = true
    this.services.splice(this.services.indexOf(service), 1)
    this.serviceChanged(service)
  }

  /** Without a hash the Service selects all pods of the workload again; whose it is stays written in it. */
  select(service: Service, hash: string | undefined): void {
    service.hash = hash
    service.managed = true
    this.serviceChanged(service)
  }

  /** Takes back what a controller has written into a Service. */
  release(service: Service): void {
    service.hash = undefined
    service.managed = false
    this.serviceChanged(service)
  }

  /** The route of that name; made when it isn't there, as controllers do with the objects they own. */
  route(kind: string, name: string): Route {
    const known = this.routes.find((route) => route.kind === kind && route.name === name)
    if (known) return known
    const made = new Route(kind, name)
    this.routes.push(made)
    return made
  }

  routed(route: Route, rules: Route['rules'], managed = route.managed): void {
    route.rules = rules
    route.managed = managed
    this.routeChanged(route)
  }

  /** Somebody took the object away; a route of that name is another one from then on. */
  removeRoute(route: Route): void {
    route.deleted = true
    this.routes.splice(this.routes.indexOf(route), 1)
    this.routeChanged(route)
  }

  /** A pod that has been up for long: ready, and past its time of waiting. */
  adopt(pod: Pod): void {
    pod.running = true
    this.becomeReady(pod)
    markAvailable(pod, true)
    this.podChanged(pod)
    this.count(pod.replicaSet)
  }

  setReady(pod: Pod, ready: boolean): void {
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
    pod.startedAtMs = this.loop.now
    for (const listener of this.listeners) listener.podStarted?.(pod)
  }

  restarted(pod: Pod): void {
    pod.running = false
    pod.restarts++
    for (const listener of this.listeners) listener.podRestarted?.(pod)
  }

  private becomeUnready(pod: Pod): void {
    pod.ready = false
    pod.turnedAtMs = this.loop.now
    pod.replicaSet.readyPods--
    markAvailable(pod, false)
  }

  private becomeReady(pod: Pod): void {
    pod.ready = true
    pod.readyAtMs = this.loop.now
    pod.turnedAtMs = this.loop.now
    pod.replicaSet.readyPods++
    pod.replicaSet.readyOrder.add(pod)
  }

  private waitMinReady(pod: Pod): void {
    const { minReadyMs } = pod.replicaSet
    // The kubelet writes the moment of readiness in whole seconds, and the wait counts from there.
    const availableMs = floorToSecond(pod.readyAtMs) + minReadyMs
    const isAvailable = minReadyMs <= 0 || availableMs <= this.loop.now
    markAvailable(pod, isAvailable)
    if (!isAvailable) this.loop.at(availableMs, podPriority, this.availableHandler, pod.id, pod.epoch)
  }

  private becomeAvailable(pod: Pod): void {
    markAvailable(pod, true)
    this.count(pod.replicaSet)
  }

  /** The ReplicaSet controller: makes as many pods as asked for, and takes the least useful ones away. */
  private sync(replicaSet: ReplicaSet): void {
    if (replicaSet.pods.length > replicaSet.spec) {
      while (replicaSet.pods.length > replicaSet.spec) this.removePod(leastUseful(replicaSet))
      this.soon(removalCountMs, this.countHandler, replicaSet)
      return
    }
    this.count(replicaSet)
    if (replicaSet.pods.length === replicaSet.spec) return
    while (replicaSet.pods.length < replicaSet.spec) this.createPod(replicaSet)
    this.soon(noticeDelayMs, this.noticedHandler, replicaSet)
    this.soon(countDelayMs, this.countHandler, replicaSet)
  }

  /** Of something that becomes of a ReplicaSet, unless it has been deleted by then. */
  private handler(act: (replicaSet: ReplicaSet) => void): number {
    return this.loop.handler((index) => {
      const replicaSet = this.replicaSets.find((candidate) => candidate.index === index)
      if (replicaSet) act(replicaSet)
    })
  }

  private soon(delayMs: number, handler: number, { index }: ReplicaSet): void {
    this.loop.at(this.loop.now + delayMs, replicaSetPriority, handler, index)
  }

  private noticed(replicaSet: ReplicaSet): void {
    for (const listener of this.listeners) listener.replicaSetNoticed?.(replicaSet)
  }

  private createPod(replicaSet: ReplicaSet): void {
    const pod = new Pod(this.pods.length, replicaSet, ++replicaSet.podsMade, this.loop.now)
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

  private serviceChanged(service: Service): void {
    for (const listener of this.listeners) listener.serviceChanged?.(service)
  }

  private routeChanged(route: Route): void {
    for (const listener of this.listeners) listener.routeChanged?.(route)
  }

  private podChanged(pod: Pod): void {
    for (const listener of this.listeners) listener.podChanged?.(pod)
  }
}

function markAvailable(pod: Pod, available: boolean): void {
  if (pod.available === available) return
  pod.available = available
  pod.replicaSet.availablePods += available ? 1 : -1
}

/** Which pod goes first: the newest that isn't ready, then the one that became ready last. */
function leastUseful({ pods, readyPods, readyOrder }: ReplicaSet): Pod {
  const anyUnready = readyPods < pods.length
  return (anyUnready ? pods.findLast(({ ready }) => !ready) : readyOrder.last())!
}

/** Controllers keep their times in whole seconds, cut off and not rounded. */
export function floorToSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000
}
