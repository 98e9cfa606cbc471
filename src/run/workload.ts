// What metric labels say of those who serve the requests, and of the gateway that sends them.
import type { PodIdentity } from '../metrics/dialects/dialect.js'
import type { Pod } from '../world/cluster/objects.js'

/** Argo Rollouts puts it on its pods. */
export const rolloutHashLabel = 'rollouts-pod-template-hash'

/** What labels say of the pods of the workload. */
export interface Workload {
  readonly name: string
  readonly namespace: string
  readonly container: string
  /** By version: labels of its pods. */
  readonly labels: readonly Readonly<Record<string, string>>[]
}

/** The gateway in front of the workload, as Istio's own installation names it. */
export const gateway: PodIdentity = {
  namespace: 'istio-system',
  name: 'istio-ingressgateway-0',
  workload: 'istio-ingressgateway',
  labels: { app: 'istio-ingressgateway' },
  address: '10.0.0.1',
  container: 'istio-proxy',
}

/** Pods of another owner, such as the Deployment that a Rollout refers to, lack the Rollout's label. */
export function identityOfPod(workload: Workload, version: number, { name, id, replicaSet }: Pod): PodIdentity {
  const identity = identityOf(workload, version, name, id)
  const { owner, hash } = replicaSet
  if (owner.kind === 'Rollout') return identity
  const { [rolloutHashLabel]: _, ...labels } = identity.labels
  const own = owner.kind === 'Deployment' ? { 'pod-template-hash': hash } : {}
  return { ...identity, workload: owner.name, labels: { ...labels, ...own } }
}

export function identityOf(workload: Workload, version: number, podName: string, podId: number): PodIdentity {
  const { name, namespace, container, labels } = workload
  const address = `10.1.${(podId >> 8) & 255}.${podId & 255}`
  return { namespace, name: podName, workload: name, labels: labels[version]!, address, container }
}
