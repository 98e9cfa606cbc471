// The endpoints that tell of all pods of the cluster: the kubelet's and that of the exporter at the API server.
import type { Observed, Side, Target } from '../metrics/dialects/dialect.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import type { CountedPods, Found, VersionOf } from './counted-pods.js'
import type { Endpoint } from './endpoint.js'
import type { Observation } from './observation.js'
import type { Pipeline } from './pipeline.js'
import { stateOfPod, stateOfSet } from './pod-state.js'
import { identityOfPod, identityOfSet, targetOf, type Workload } from './workload.js'

export class ClusterEndpoints {
  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly pods: CountedPods,
    private readonly kubelet: Endpoint | undefined,
    private readonly apiServer: Endpoint | undefined,
    private readonly pipeline: Pipeline,
  ) {}

  reset(): void {
    this.kubelet?.restart()
    this.apiServer?.restart()
  }

  /** What Prometheus knew of them is forgotten. */
  forget(): void {
    this.kubelet?.exposition.restart()
    this.apiServer?.exposition.restart()
  }

  /** Of both endpoints, or of the one on this side. */
  find(nowMs: number, cluster: Cluster, versionOf: VersionOf, found: Found[], side?: Side): void {
    const { kubelet, apiServer } = this
    if (kubelet && side !== 'cluster') found.push(this.atKubelet(kubelet, nowMs, cluster, versionOf))
    if (apiServer && side !== 'kubelet') found.push(this.atApiServer(apiServer, nowMs, cluster, versionOf))
  }

  private atKubelet(endpoint: Endpoint, nowMs: number, { replicaSets }: Cluster, versionOf: VersionOf): Found {
    endpoint.forget()
    for (const replicaSet of replicaSets) {
      const version = versionOf(replicaSet)
      for (const pod of replicaSet.pods) {
        const { total } = this.pods.tallyOf(pod, version)
        this.tellOfPod(endpoint, 'kubelet', pod, version, nowMs, total)
      }
    }
    return endpoint
  }

  private atApiServer(endpoint: Endpoint, nowMs: number, { replicaSets }: Cluster, versionOf: VersionOf): Found {
    endpoint.forget()
    for (const replicaSet of replicaSets) {
      const version = versionOf(replicaSet)
      this.tellOfSet(endpoint, replicaSet, version)
      for (const pod of replicaSet.pods) this.tellOfPod(endpoint, 'cluster', pod, version, nowMs, 0)
    }
    return endpoint
  }

  private tellOfPod(endpoint: Endpoint, side: Side, pod: Pod, version: number, nowMs: number, requests: number): void {
    const { workload, observation } = this
    const state = stateOfPod(pod, nowMs, observation.startsAtMs, workload.pods[version]!, requests)
    // Nodes are in its labels, and a pod gets one some time after it was made.
    const key = pod.node === '' ? pod.name : `${pod.name} ${pod.node}`
    this.tell(endpoint, version, key, { ...nothing, pod: state }, () =>
      targetOf(workload, side, identityOfPod(workload, version, pod), workload.entryService),
    )
  }

  private tellOfSet(endpoint: Endpoint, replicaSet: ReplicaSet, version: number): void {
    const { workload, observation } = this
    const set = stateOfSet(replicaSet, observation.startsAtMs)
    this.tell(endpoint, version, `set ${replicaSet.name}`, { ...nothing, set }, () =>
      targetOf(workload, 'cluster', identityOfSet(workload, version, replicaSet), workload.entryService),
    )
  }

  private tell(endpoint: Endpoint, version: number, key: string, observed: Observed, target: () => Target): void {
    const { pipeline, workload } = this
    if (pipeline.isClean) return endpoint.tell(key, observed, target)
    const side = endpoint === this.kubelet ? 'kubelet' : 'cluster'
    const told = pipeline.told([workload.pods[version]!.kind], `${side} ${key}`, observed)
    if (told) endpoint.tell(key, told, target)
  }
}

/** What they tell of is no counter of requests. */
const nothing: Observed = { requests: [], latencyBins: [], latencySumsMs: [], startTimeMs: 0 }
