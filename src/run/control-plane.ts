// What goes wrong with the programs that run a release: the controller that ends or is late, and the API server.
import type { Loop } from '../kernel/loop.js'
import type { Stream, Tape } from '../kernel/random.js'
import type { ArgoRollouts } from '../policy/argo/controller.js'
import type { FaultEffect } from '../scenario/faults.js'
import { watchedAgainMs } from '../world/cluster/api-client.js'
import type { Cluster } from '../world/cluster/cluster.js'
import { givesUpAtMs, staysUpFromMs, waitForLeaseMs } from '../world/cluster/leader-election.js'
import { strikesOf } from '../world/course.js'
import type { Fault } from '../world/fault.js'
import type { Plan } from './plan.js'

/** Of a flight in which something goes wrong with it; undefined in any other. */
export function controlPlaneOf(
  { faults }: Pick<Plan, 'faults'>,
  loop: Loop,
  tape: Tape,
  cluster: Cluster,
  controller: ArgoRollouts,
): ControlPlane | undefined {
  const concerned = faults.filter(concernsControlPlane)
  if (concerned.length === 0) return undefined
  const controlPlane = new ControlPlane(loop, tape, cluster, controller)
  for (const fault of concerned) controlPlane.expect(fault)
  return controlPlane
}

export function concernsControlPlane(fault: Fault): fault is Fault<ControlPlaneTrouble> {
  return fault.effect.kind === 'controller' || fault.effect.kind === 'api-server'
}

export type ControlPlaneTrouble = Extract<FaultEffect, { kind: 'controller' | 'api-server' }>

/** Whose watches say what becomes of a release. */
const watchedKinds = ['Rollout', 'ReplicaSet', 'AnalysisRun'] as const

/** Nothing else of an instant comes before it. */
const firstPriority = -1

/**
 * Routers keep the weights that they have, and pods go on serving: what stops is whatever somebody would have to write.
 * Controllers elect a leader, as they do where nobody has told them not to.
 */
export class ControlPlane {
  private controllersDown = 0
  private serversDown = 0
  /** When the API server went away. */
  private awayMs = Number.NaN
  /** When the controller's program ended because of that; NaN if it hasn't. */
  private endedMs = Number.NaN
  /** Of the outages so far: what belongs to an earlier one has nothing to say. */
  private outage = 0
  private readonly waiting: (() => void)[] = []
  private readonly expected: ControlPlaneTrouble[] = []
  private readonly changeHandler: number
  private readonly giveUpHandler: number
  private readonly goOnHandler: number
  private readonly elections: Stream
  private readonly watches: Stream
  private readonly managers: Stream

  constructor(
    private readonly loop: Loop,
    tape: Tape,
    private readonly cluster: Cluster,
    private readonly controller: ArgoRollouts,
  ) {
    this.elections = tape.stream('leader-election')
    this.watches = tape.stream('watches')
    this.managers = tape.stream('controller-manager')
    this.changeHandler = loop.handler((index, begins) => {
      if (begins === 1) this.begin(this.expected[index]!)
      else this.end(this.expected[index]!)
    })
    this.giveUpHandler = loop.handler((outage) => {
      if (outage === this.outage && this.serversDown > 0 && this.controllersDown === 0) this.giveUp()
    })
    this.goOnHandler = loop.handler((outage) => {
      if (outage === this.outage) cluster.goOn()
    })
  }

  /** So it will come and go. */
  expect(fault: Fault<ControlPlaneTrouble>): void {
    const { loop, changeHandler } = this
    const index = this.expected.push(fault.effect) - 1
    for (const { onsetMs, endMs } of strikesOf(fault)) {
      loop.at(onsetMs, firstPriority, changeHandler, index, 1)
      if (endMs < Number.POSITIVE_INFINITY) loop.at(endMs, firstPriority, changeHandler, index, 0)
    }
  }

  private begin({ kind, how, delayMs }: ControlPlaneTrouble): void {
    if (how === 'slow') this.delay(kind, delayMs)
    else if (kind === 'controller') {
      if (++this.controllersDown === 1) this.controller.availability.stop()
    } else if (++this.serversDown === 1) this.lose()
  }

  private end({ kind, how, delayMs }: ControlPlaneTrouble): void {
    if (how === 'slow') this.delay(kind, -delayMs)
    else if (kind === 'controller') {
      if (--this.controllersDown === 0) this.startAgain()
    } else if (--this.serversDown === 0) this.find()
  }

  /** Now, or as soon as the API server takes it. */
  write(act: () => void): void {
    if (this.serversDown > 0) this.waiting.push(act)
    else act()
  }

  /** Whoever has to write waits for each answer. */
  private delay(kind: ControlPlaneTrouble['kind'], delayMs: number): void {
    this.controller.view.program!.delayMs += delayMs
    if (kind === 'api-server') this.cluster.lateMs += delayMs
  }

  private startAgain(): void {
    if (this.serversDown > 0) this.endedMs = this.loop.now
    else this.controller.availability.start(this.lease(this.elections))
  }

  private lose(): void {
    const { loop, controller, cluster } = this
    this.awayMs = loop.now
    this.outage++
    controller.view.api!.isAnswered = false
    cluster.halt()
    const atMs = givesUpAtMs(loop.now, () => this.elections.uniform())
    loop.at(atMs, firstPriority, this.giveUpHandler, this.outage)
  }

  private giveUp(): void {
    this.endedMs = this.loop.now
    this.controller.availability.stop()
  }

  private find(): void {
    const { loop, cluster } = this
    const { availability } = this.controller
    const { now } = loop
    if (this.controllersDown > 0) availability.reconnect({})
    else if (Number.isNaN(this.endedMs)) availability.reconnect(this.watchedAgain())
    else {
      availability.reconnect({})
      availability.start(staysUpFromMs(this.endedMs, now) - now + this.lease(this.elections))
    }
    this.endedMs = Number.NaN
    for (const act of this.waiting.splice(0)) act()
    if (cluster.isHalted) loop.at(this.managedAgainMs(), firstPriority, this.goOnHandler, this.outage)
  }

  private watchedAgain(): Record<string, number> {
    const { awayMs, loop } = this
    const uniform = () => this.watches.uniform()
    return Object.fromEntries(watchedKinds.map((kind) => [kind, watchedAgainMs(awayMs, loop.now, uniform)]))
  }

  /** kube-controller-manager, with the controllers of ReplicaSets and autoscalers, has a lease and watches of its own. */
  private managedAgainMs(): number {
    const { awayMs, loop } = this
    const uniform = () => this.managers.uniform()
    const gaveUpMs = givesUpAtMs(awayMs, uniform)
    if (gaveUpMs > loop.now) return watchedAgainMs(awayMs, loop.now, uniform)
    return staysUpFromMs(gaveUpMs, loop.now) + this.lease(this.managers)
  }

  private lease(stream: Stream): number {
    return waitForLeaseMs(() => stream.uniform())
  }
}
