// What the cluster's exporters see of a pod and of a ReplicaSet at a moment.
import type { PodState, SetState } from '../metrics/dialects/dialect.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import type { PodsOfStack } from './workload.js'

/** Times of the cluster are of the scenario; its exporters show the clock. */
export function stateOfPod(
  pod: Pod,
  nowMs: number,
  startsAtMs: number,
  usage: PodsOfStack,
  requests: number,
): PodState {
  const waiting = waitingFor(pod, nowMs)
  return {
    createdAtMs: startsAtMs + pod.createdAtMs,
    startedAtMs: startsAtMs + pod.startedAtMs,
    isReady: pod.ready,
    restarts: pod.restarts,
    waiting,
    isUnschedulable: pod.isUnschedulable,
    isPending: pod.isPending,
    lastEnd: pod.restarts > 0 ? pod.lastEnd : '',
    // A container that waits has no resources that could be measured.
    cpuSeconds: waiting === '' ? (requests * usage.cpuMsPerRequest) / 1000 : Number.NaN,
    memoryBytes: waiting === '' ? (pod.memory?.at(nowMs) ?? usage.memoryBytes) : Number.NaN,
  }
}

export function stateOfSet(set: ReplicaSet, startsAtMs: number): SetState {
  const { createdAtMs, spec, replicas, ready, available } = set
  return { createdAtMs: startsAtMs + createdAtMs, wanted: spec, replicas, ready, available }
}

function waitingFor(pod: Pod, nowMs: number): PodState['waiting'] {
  const { running, restarts, heldBackUntilMs, pullTrouble } = pod
  if (running) return ''
  if (pullTrouble !== '') return pullTrouble
  if (restarts === 0) return 'ContainerCreating'
  return nowMs < heldBackUntilMs ? 'CrashLoopBackOff' : ''
}
