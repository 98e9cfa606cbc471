// What metric labels say of those who serve the requests, and of the gateway that sends them.
import type { ContainerResource, PodIdentity, RouteIdentity, Side, Target } from '../metrics/dialects/dialect.js'
import type { TargetKind } from '../scenario/scrape.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'

/** Argo Rollouts puts it on its pods. */
export const rolloutHashLabel = 'rollouts-pod-template-hash'

/** What labels say of the pods of the workload, and of the way to them. */
export interface Workload {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly container: string
  /** Response codes that its answers can have. */
  readonly codes: readonly string[]
  readonly resources: readonly ContainerResource[]
  /** By stack. */
  readonly pods: readonly PodsOfStack[]
  /** The Service that requests are sent to when no router splits them. */
  readonly entryService: string
  /** By name of the Service. */
  readonly servicePorts: ReadonlyMap<string, number>
  readonly route: RouteIdentity
}

export interface PodsOfStack {
  /** Which of the two versions it is, or runs in an experiment. */
  readonly kind: TargetKind
  readonly labels: Readonly<Record<string, string>>
  readonly image: string
  /** NaN where the scenario doesn't say. */
  readonly cpuMsPerRequest: number
  readonly memoryBytes: number
}

/** The gateway in front of the workload, as Istio's own installation names it. */
export const gateway: PodIdentity = {
  namespace: 'istio-system',
  name: 'istio-ingressgateway-0',
  workload: 'istio-ingressgateway',
  workloadKind: 'Deployment',
  version: '',
  replicaSet: '',
  labels: { app: 'istio-ingressgateway' },
  address: '10.0.0.1',
  container: 'istio-proxy',
  image: '',
  resources: [],
}

export function targetOf(workload: Workload, side: Side, server: PodIdentity, service: string): Target {
  const { entryService, servicePorts, route } = workload
  const servicePort = servicePorts.get(service) ?? defaultPort
  return { side, server, client: gateway, service, servicePort, mainService: entryService, route }
}

const defaultPort = 80

/** Pods of another owner, such as the Deployment that a Rollout refers to, lack the Rollout's label. */
export function identityOfPod(workload: Workload, stack: number, { name, id, replicaSet, node }: Pod): PodIdentity {
  const identity = identityIn(replicaSet, identityOf(workload, stack, name, id))
  return node === '' ? identity : { ...identity, node }
}

/** Of the set as a whole: no name of a pod. */
export function identityOfSet(workload: Workload, stack: number, replicaSet: ReplicaSet): PodIdentity {
  return identityIn(replicaSet, identityOf(workload, stack, '', 0))
}

function identityIn({ owner, hash, name }: ReplicaSet, identity: PodIdentity): PodIdentity {
  const owned = { ...identity, replicaSet: name }
  if (owner.kind === 'Rollout') return owned
  const { [rolloutHashLabel]: _, ...labels } = identity.labels
  const own = owner.kind === 'Deployment' ? { 'pod-template-hash': hash } : {}
  return { ...owned, workload: owner.name, workloadKind: owner.kind, labels: { ...labels, ...own } }
}

export function identityOf(workload: Workload, stack: number, podName: string, podId: number): PodIdentity {
  const { name, kind, namespace, container, resources, pods } = workload
  const { labels, image, kind: version } = pods[stack]!
  const address = `10.1.${(podId >> 8) & 255}.${podId & 255}`
  const owner = { workload: name, workloadKind: kind, replicaSet: `${name}-${labels[rolloutHashLabel] ?? ''}` }
  return { namespace, name: podName, version, ...owner, labels, address, container, image, resources }
}
