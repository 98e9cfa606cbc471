// How the cluster finds out that a node is gone, and what it does then (1.36, pkg/controller/nodelifecycle).
import type { Loop } from '../../kernel/loop.js'
import type { Tape } from '../../kernel/random.js'
import type { Cluster } from './cluster.js'
import type { Node, Nodes } from './nodes.js'
import type { Pod } from './objects.js'

/** A kubelet renews its lease at a quarter of the 40 s that it lasts. */
const renewalMs = 10_000

/** --node-monitor-period: how often the controller looks at leases. */
const monitorMs = 5_000

/** --node-monitor-grace-period: 40 s until 1.31, 50 s since 1.32. */
const graceMs = 50_000

const nodePriority = 1

export class NodeWatch {
  private readonly phasesMs: readonly number[]
  private readonly monitorPhaseMs: number
  private readonly noticeHandler: number
  private readonly evictHandler: number
  /** By node: raised whenever it goes or comes back. */
  private readonly turns: number[]

  constructor(
    private readonly loop: Loop,
    private readonly nodes: Nodes,
    private readonly cluster: Cluster,
    private readonly toleratesMs: (pod: Pod) => number,
    tape: Tape,
  ) {
    const phases = tape.stream('nodes')
    this.monitorPhaseMs = Math.floor(phases.uniform() * monitorMs)
    this.phasesMs = nodes.all.map(() => Math.floor(phases.uniform() * renewalMs))
    this.turns = nodes.all.map(() => 0)
    this.noticeHandler = loop.handler((index, turn) => {
      if (this.turns[index] === turn) this.notice(nodes.all[index]!)
    })
    this.evictHandler = loop.handler((id) => this.evict(cluster.pod(id)))
  }

  /** It stopped just now. */
  lost(node: Node): void {
    const index = this.indexOf(node)
    const renewedMs = lastBefore(this.loop.now, this.phasesMs[index]!, renewalMs)
    const seenMs = this.nextLook(renewedMs)
    // In the first minutes of a flight a lease may be older than the flight.
    this.noticeAt(index, Math.max(this.loop.now, seenMs + graceMs))
  }

  /** It has just come up: its kubelet says so at once. */
  back(node: Node): void {
    this.noticeAt(this.indexOf(node), this.nextLook(this.loop.now))
  }

  private noticeAt(index: number, atMs: number): void {
    this.loop.at(atMs, nodePriority, this.noticeHandler, index, ++this.turns[index]!)
  }

  private notice(node: Node): void {
    if (node.isReady === node.isUp) return
    node.isReady = node.isUp
    this.cluster.tell(node.name, node.isUp ? 'NodeReady' : 'NodeNotReady', statusOf(node))
    if (node.isUp) return
    for (const pod of node.pods) this.giveUp(pod)
  }

  /** It isn't ready for anybody, and goes when it has been borne long enough. */
  private giveUp(pod: Pod): void {
    this.cluster.setReady(pod, false)
    const tolerationMs = this.toleratesMs(pod)
    if (tolerationMs === Number.POSITIVE_INFINITY) return
    this.loop.at(this.loop.now + tolerationMs, nodePriority, this.evictHandler, pod.id)
  }

  private evict(pod: Pod): void {
    if (pod.deleted || this.nodes.of(pod)?.isReady !== false) return
    this.cluster.tell(pod.name, 'TaintManagerEviction', `Marking for deletion Pod ${pod.name}`)
    this.cluster.evict(pod)
  }

  private nextLook(fromMs: number): number {
    const { monitorPhaseMs } = this
    return monitorPhaseMs + Math.ceil((fromMs - monitorPhaseMs) / monitorMs) * monitorMs
  }

  private indexOf(node: Node): number {
    return this.nodes.all.indexOf(node)
  }
}

function lastBefore(nowMs: number, phaseMs: number, periodMs: number): number {
  return phaseMs + Math.floor((nowMs - phaseMs) / periodMs) * periodMs
}

function statusOf({ name, isReady }: Node): string {
  return `Node ${name} status is now: ${isReady ? 'NodeReady' : 'NodeNotReady'}`
}
