// How pods live in a flight: they come to a node, start, become ready, get into trouble, and end.
import type { Loop } from '../../kernel/loop.js'
import type { Tape } from '../../kernel/random.js'
import type { Course } from '../course.js'
import { Arrival } from './arrival.js'
import type { Cluster, ClusterSettings, PodDriver } from './cluster.js'
import { type Delay, Delays } from './delay.js'
import { Kubelet, type KubeletPlan } from './kubelet.js'
import { Life, type PodTrouble } from './life.js'
import type { Leak } from './memory.js'
import { NodeWatch } from './node-watch.js'
import { type Node, type NodePlan, Nodes } from './nodes.js'
import type { Pod } from './objects.js'
import { type Afflicted, type PodFault, PodFaults } from './pod-faults.js'

export interface PodLifePlan extends KubeletPlan {
  /** By their places in the scenario; those that strike no pods are left out. */
  readonly faults: readonly (PodFault | undefined)[]
  /** Left out where the scenario doesn't speak of it. */
  readonly cluster?: ClusterPlan
}

/** What the scenario says of the cluster. */
export interface ClusterPlan {
  /** Without any, nobody asks where pods are. */
  readonly nodes: readonly NodePlan[]
  readonly schedule: Delay
  readonly pull: Delay
  readonly endpoints: { readonly add: Delay; readonly remove: Delay }
  /** The namespace may have so many; infinity for any number. */
  readonly mostPods: number
  /** How long hooks take of which the manifest doesn't say it. */
  readonly preStopMs: number
}

const podPriority = 0

export class PodLife implements PodDriver, Afflicted {
  readonly settings: ClusterSettings
  private readonly nodes: Nodes
  private readonly kubelet: Kubelet
  /** By pod id. */
  private readonly lives: Life[] = []
  private cluster!: Cluster
  private arrival: Arrival | undefined
  private watch: NodeWatch | undefined
  private readonly restartHandler: number
  private readonly faults: PodFaults

  constructor(
    private readonly loop: Loop,
    private readonly plan: PodLifePlan,
    private readonly versionOf: (pod: Pod) => number,
    /** Pods that are made before this instant have been up for long. */
    private readonly settledMs: number,
    private readonly tape: Tape,
  ) {
    this.nodes = new Nodes(plan.cluster?.nodes ?? [])
    this.settings = settingsOf(plan, versionOf, tape)
    const listener = {
      restarts: (life: Life, waitMs: number) => this.restart(life, waitMs),
      ended: (life: Life) => this.ended(life),
    }
    this.kubelet = new Kubelet(loop, plan, (id) => this.lives[id]!, listener, plan.cluster?.preStopMs ?? 0, tape)
    this.restartHandler = loop.handler((id, attempt) => {
      const life = this.lives[id]!
      if (!life.pod.deleted && life.attempt === attempt) this.arrival!.pull(life)
    })
    this.faults = new PodFaults(loop, plan.faults, this, tape)
  }

  /** To be called before the cluster makes its first pod. */
  attach(cluster: Cluster): void {
    const { loop, nodes, plan, kubelet, tape } = this
    this.cluster = cluster
    kubelet.cluster = cluster
    if (!plan.cluster) return
    const lifeOf = (id: number) => this.lives[id]!
    const listener = {
      joined: (life: Life) => this.faults.joined(life),
      arrived: (life: Life) => kubelet.start(life, 0),
      isUnpullable: (life: Life) => this.faults.isUnpullable(life),
    }
    this.arrival = new Arrival(loop, nodes, cluster, lifeOf, listener, plan.cluster, plan.starts.length, tape)
    this.watch = new NodeWatch(loop, nodes, cluster, ({ id }) => this.lives[id]!.spec.tolerationMs, tape)
  }

  /** What a fault, by its place in the scenario, has waited for has come. */
  expect(fault: number, course: Course): void {
    this.faults.expect(fault, course)
  }

  created(pod: Pod): void {
    const life = new Life(pod, this.versionOf(pod))
    this.lives[pod.id] = life
    if (this.loop.now < this.settledMs) return this.adopt(life)
    pod.answers = false
    pod.isPending = true
    if (this.arrival) return this.arrival.begin(life)
    this.faults.joined(life)
    this.kubelet.start(life, 0)
  }

  deleted(pod: Pod): void {
    const life = this.lives[pod.id]!
    this.arrival?.forget(life)
    // The kubelet of a lost node says nothing, so that the pod stays until the node is back.
    pod.terminating = pod.running || pod.isLost
    if (pod.isLost) return
    if (pod.running && this.plan.cluster) this.cluster.tell(pod.name, 'Killing', 'Stopping container')
    this.kubelet.terminate(life)
  }

  living(): readonly Life[] {
    const pods = this.cluster.replicaSets.flatMap((set) => set.pods)
    return pods.sort((a, b) => a.id - b.id).map(({ id }) => this.lives[id]!)
  }

  /** Something begins to be wrong with the application in a pod, or ends; it may be so for several reasons. */
  turn(life: Life, trouble: PodTrouble, change: 1 | -1): void {
    life.count(trouble, change)
    if (change > 0) life.pod.isStruckDown = true
    this.kubelet.look(life)
  }

  mark({ pod }: Life, fault: number, isStruck: boolean): void {
    const others = pod.struckBy.filter((each) => each !== fault)
    this.cluster.strike(pod, isStruck ? [...others, fault].sort((one, other) => one - other) : others)
  }

  leak(life: Life, leak: Leak | undefined): void {
    this.kubelet.leak(life, leak)
  }

  /** Requests have left so much behind in its memory. */
  fill(pod: Pod, bytes: number): void {
    this.kubelet.fill(this.lives[pod.id]!, bytes)
  }

  /** Its container exits, once. */
  kill(pod: Pod): void {
    const life = this.lives[pod.id]!
    if (life.isRunning) this.kubelet.crash(life, 'Error')
  }

  evict(pod: Pod, graceMs: number): void {
    pod.isStruckDown = true
    this.lives[pod.id]!.graceMs = graceMs
    this.cluster.evict(pod)
  }

  limitPods(mostPods: number): void {
    this.cluster.limitPods(Math.min(mostPods, this.plan.cluster?.mostPods ?? Number.POSITIVE_INFINITY))
  }

  /** The machines stop, and everything on them. */
  loseNodes(fits: (node: NodePlan) => boolean): void {
    for (const node of this.nodes.all) if (node.isUp && fits(node.plan)) this.lose(node)
  }

  /** They have booted again: what was deleted meanwhile is gone, and the other containers start anew. */
  returnNodes(fits: (node: NodePlan) => boolean): void {
    for (const node of this.nodes.all) if (!node.isUp && fits(node.plan)) this.comeBack(node)
  }

  private lose(node: Node): void {
    node.isUp = false
    for (const pod of node.pods) {
      pod.isLost = true
      pod.isStruckDown = true
      this.kubelet.vanish(this.lives[pod.id]!)
      this.cluster.setAnswers(pod, false)
    }
    this.watch!.lost(node)
  }

  private comeBack(node: Node): void {
    node.isUp = true
    for (const pod of [...node.pods]) {
      const life = this.lives[pod.id]!
      pod.isLost = false
      if (pod.deleted) this.ended(life)
      else this.kubelet.comeBack(life)
    }
    this.watch!.back(node)
  }

  private adopt(life: Life): void {
    this.arrival?.adopt(life)
    this.faults.joined(life)
    this.kubelet.adopt(life)
    this.cluster.adopt(life.pod)
  }

  /** Whoever always pulls does so before each start. */
  private restart(life: Life, waitMs: number): void {
    const { pod, spec, attempt } = life
    if (waitMs > 0 && this.plan.cluster) {
      this.cluster.tell(pod.name, 'BackOff', `Back-off restarting failed container in pod ${pod.name}`)
    }
    if (!this.arrival || (spec.pullPolicy !== 'Always' && pod.hasAddress)) return this.kubelet.start(life, waitMs)
    this.loop.at(this.loop.now + waitMs, podPriority, this.restartHandler, pod.id, attempt)
  }

  private ended(life: Life): void {
    const { pod } = life
    const node = this.nodes.of(pod)
    node?.pods.delete(pod)
    if (pod.terminating) this.cluster.gone(pod)
    if (node) this.arrival!.roomMade()
  }
}

function settingsOf({ cluster, starts }: PodLifePlan, versionOf: (pod: Pod) => number, tape: Tape): ClusterSettings {
  if (!cluster) return {}
  const { endpoints, mostPods, nodes } = cluster
  const rest = { mostPods, hasNodes: nodes.length > 0 }
  if (isNone(endpoints.add) && isNone(endpoints.remove)) return rest
  const each = (delay: Delay) => Array<Delay>(starts.length).fill(delay)
  const adds = new Delays(each(endpoints.add), tape, 'endpoint-add')
  const removes = new Delays(each(endpoints.remove), tape, 'endpoint-remove')
  const propagation = (pod: Pod, comes: boolean) =>
    (comes ? adds : removes).draw(versionOf(pod), pod.ordinal, pod.epoch)
  return { ...rest, propagation }
}

function isNone(delay: Delay): boolean {
  return 'fixedMs' in delay && delay.fixedMs === 0
}
