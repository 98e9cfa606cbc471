// A cluster for tests: one workload whose pods live by a plan, and a diary of what the cluster tells of them.
import { Loop } from '../../../src/kernel/loop.js'
import { Tape } from '../../../src/kernel/random.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import { noDelay } from '../../../src/world/cluster/delay.js'
import type { PodTrouble } from '../../../src/world/cluster/life.js'
import type { Leak } from '../../../src/world/cluster/memory.js'
import type { Pod, ReplicaSet } from '../../../src/world/cluster/objects.js'
import { type ClusterPlan, PodLife, type PodLifePlan } from '../../../src/world/cluster/pod-life.js'
import { type PodSpec, type ProbeSpec, plainPodSpec } from '../../../src/world/cluster/pod-spec.js'

export interface Told {
  readonly atMs: number
  readonly on: string
  readonly reason: string
  readonly message: string
}

export interface Tested {
  readonly loop: Loop
  readonly cluster: Cluster
  readonly life: PodLife
  readonly diary: readonly Told[]
  /** When pods became ready or stopped being so, in seconds: `1 ready 6`. */
  readonly turns: readonly string[]
  set(size: number, image?: string): ReplicaSet
  strike(pod: Pod, trouble: PodTrouble): void
  relieve(pod: Pod, trouble: PodTrouble): void
  leak(pod: Pod, leak: Leak | undefined): void
  run(seconds: number): void
  /** Times in seconds at which the cluster told this. */
  times(reason: string): readonly number[]
}

interface Asked extends Partial<Omit<PodLifePlan, 'cluster'>> {
  readonly startMs?: number
  readonly spec?: Partial<PodSpec>
  readonly cluster?: Partial<ClusterPlan>
  readonly seed?: number
}

export const plainCluster: ClusterPlan = {
  nodes: [],
  schedule: noDelay,
  pull: noDelay,
  endpoints: { add: noDelay, remove: noDelay },
  mostPods: Number.POSITIVE_INFINITY,
  preStopMs: 0,
}

/** Pods are made 7 ms after their set has got its size, which is at 993 ms: at a whole second. */
const firstMs = 993

export function clusterOf({ startMs = 4000, spec, cluster: settings, seed = 1, ...plan }: Asked = {}): Tested {
  const loop = new Loop()
  const pods: PodLifePlan = {
    starts: [{ fixedMs: startMs }, { fixedMs: startMs }],
    faults: [],
    ...plan,
    ...(settings ? { cluster: { ...plainCluster, ...settings } } : {}),
  }
  const life = new PodLife(loop, pods, versionOf, 0, new Tape(seed))
  const cluster = new Cluster(loop, life, life.settings)
  life.attach(cluster)
  const diary: Told[] = []
  const turns: string[] = []
  const ready = new Map<Pod, boolean>()
  cluster.listen({
    told: (on, reason, message) => diary.push({ atMs: loop.now, on, reason, message }),
    podChanged: (pod) => {
      if ((ready.get(pod) ?? false) !== pod.ready) {
        turns.push(`${pod.ordinal} ${pod.ready ? 'ready' : 'not ready'} ${sinceStart(loop.now)}`)
      }
      ready.set(pod, pod.ready)
    },
  })
  loop.run(firstMs)
  let sets = 0
  const lifeOf = (pod: Pod) => [...life.living()].find((each) => each.pod === pod)!
  return {
    loop,
    cluster,
    life,
    diary,
    turns,
    set(size, image = 'shop:1') {
      const template = { key: `k${sets}`, hash: `h${sets++}`, image, spec: { ...plainPodSpec, ...spec } }
      const set = cluster.createReplicaSet({ kind: 'Rollout', name: 'shop' }, template, 1, 0)
      cluster.scale(set, size)
      return set
    },
    strike: (pod, trouble) => life.turn(lifeOf(pod), trouble, 1),
    relieve: (pod, trouble) => life.turn(lifeOf(pod), trouble, -1),
    leak: (pod, leak) => life.leak(lifeOf(pod), leak),
    run: (seconds) => loop.run(1000 + seconds * 1000),
    times: (reason) => diary.filter((told) => told.reason === reason).map(({ atMs }) => sinceStart(atMs)),
  }
}

function sinceStart(nowMs: number): number {
  return (nowMs - 1000) / 1000
}

/** Of images with this tag; the other one is stable. */
function versionOf({ replicaSet }: Pod): number {
  return replicaSet.template.image.endsWith(':2') ? 1 : 0
}

/** Each second, and three failures, unless something else is said. */
export function probe(own: Partial<ProbeSpec> = {}): ProbeSpec {
  return { initialDelayMs: 0, periodMs: 1000, timeoutMs: 1000, failureThreshold: 3, successThreshold: 1, ...own }
}
