// kube-state-metrics 2.20: what the API server knows of pods and their sets. Names, labels and help: internal/store/pod.go,
// replicaset.go and deployment.go of kubernetes/kube-state-metrics, with --metric-labels-allowlist=pods=[*] for the labels
// of pods; scraped as manifests/kubeStateMetrics-{serviceMonitor,deployment}.yaml of prometheus-operator/kube-prometheus
// (0.17) does.

import type { Dialect, Observed, PodState, SetState, StateFamily, Target } from './dialect.js'
import { sanitized, upFamily } from './scrape-labels.js'

/** The labels of its endpoint, where its series have none of the name (`honor_labels`). */
export const KUBE_STATE_ENDPOINT = {
  job: 'kube-state-metrics',
  instance: '10.0.0.3:8443',
  container: 'kube-rbac-proxy-main',
}
/** Of a cluster in which nobody tells nodes apart. */
const theNode = 'node-1'
const hostIp = '10.0.0.10'

type Labels = (target: Target, variant: string) => Record<string, string>

export const KUBE_STATE: Dialect = {
  name: 'kube-state',
  families: [
    ...ofPods(),
    ...ofContainers(),
    ...ofSets(),
    ...ofDeployments(),
    upFamily('cluster', () => KUBE_STATE_ENDPOINT),
  ],
}

function ofPods(): StateFamily[] {
  const one = ({ pod }: Observed) => (pod ? 1 : Number.NaN)
  return [
    pods('info', 'Information about pod.', 'that the pod exists: always 1', one, ({ server }) => ({
      node: server.node ?? theNode,
      host_ip: hostIp,
      pod_ip: server.address,
      created_by_kind: 'ReplicaSet',
      created_by_name: server.replicaSet,
      host_network: 'false',
    })),
    pods(
      'owner',
      "Information about the Pod's owner.",
      'which ReplicaSet owns the pod: always 1',
      one,
      ({ server }) => ({
        owner_kind: 'ReplicaSet',
        owner_name: server.replicaSet,
        owner_is_controller: 'true',
      }),
    ),
    pods(
      'labels',
      'Kubernetes labels converted to Prometheus labels.',
      'which labels the pod has: always 1',
      one,
      labelsOf,
    ),
    pods(
      'created',
      'Unix creation timestamp',
      'when the pod was created',
      ofPod(({ createdAtMs }) => createdAtMs / 1000),
    ),
    {
      ...pods('status_phase', 'The pods current phase.', 'in which phase the pod is', isIn(phaseOf), as('phase')),
      variants: ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'],
    },
    {
      ...pods(
        'status_ready',
        'Describes whether the pod is ready to serve requests.',
        'whether the pod is ready',
        isIn(({ isReady }) => String(isReady)),
        as('condition'),
      ),
      variants: ['true', 'false', 'unknown'],
    },
    {
      ...pods(
        'status_scheduled',
        'Describes the status of the scheduling process for the pod.',
        'whether the pod has a node',
        isIn(({ isUnschedulable }) => String(!isUnschedulable)),
        as('condition'),
      ),
      variants: ['true', 'false', 'unknown'],
    },
    pods(
      'status_unschedulable',
      'Describes the unschedulable status for the pod.',
      'that no node has room for the pod: 1, and no series otherwise',
      ofPod(({ isUnschedulable }) => (isUnschedulable ? 1 : Number.NaN)),
    ),
  ]
}

function ofContainers(): StateFamily[] {
  const of = (what: string, help: string, counts: string, value: StateFamily['value'], own: Labels = () => ({})) =>
    pods(`container_${what}`, help, counts, value, (target, variant) => ({
      container: target.server.container,
      ...own(target, variant),
    }))
  const isNow = (what: string, help: string, counts: string, is: (pod: PodState) => boolean) =>
    of(
      `status_${what}`,
      `Describes whether the ${help}.`,
      counts,
      ofContainer((pod) => Number(is(pod))),
    )
  const currently = (what: string) => `container is currently in ${what} state`
  return [
    of(
      'info',
      'Information about a container in a pod.',
      'which image the container has: always 1',
      ofContainer(() => 1),
      ({ server }) => ({ image_spec: server.image, image: server.image }),
    ),
    {
      ...of(
        'status_restarts_total',
        'The number of container restarts per container.',
        'how often the container was started again',
        ofContainer(({ restarts }) => restarts),
      ),
      type: 'counter',
    },
    isNow('running', currently('running'), 'whether the container runs', ({ waiting }) => waiting === ''),
    isNow(
      'waiting',
      currently('waiting'),
      'whether the container waits to be started',
      ({ waiting }) => waiting !== '',
    ),
    isNow('ready', 'containers readiness check succeeded', 'whether the container is ready', ({ isReady }) => isReady),
    {
      ...of(
        'status_waiting_reason',
        'Describes the reason the container is currently in waiting state.',
        'why the container waits: 1 for the reason, and no series while it runs',
        ofContainer(({ waiting }, reason) => (waiting === reason ? 1 : Number.NaN)),
        as('reason'),
      ),
      variants: ['ContainerCreating', 'CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff'],
    },
    {
      ...of(
        'status_last_terminated_reason',
        'Describes the last reason the container was in terminated state.',
        'why the container last ended: 1 for the reason, once it was started again',
        ofContainer(({ lastEnd }, reason) => (lastEnd === reason ? 1 : Number.NaN)),
        as('reason'),
      ),
      variants: ['Completed', 'Error', 'OOMKilled'],
    },
    ...(['requests', 'limits'] as const).map((bound) => resources(bound)),
  ]
}

function resources(bound: 'requests' | 'limits'): StateFamily {
  const word = bound === 'requests' ? 'request' : 'limit'
  const value: StateFamily['value'] = ({ pod }, resource, { server }) => {
    const found = server.resources.find((each) => each.bound === bound && each.resource === resource)
    return pod && found ? found.value : Number.NaN
  }
  return {
    ...pods(
      `container_resource_${bound}`,
      `The number of requested ${word} resource by a container. It is recommended to use the kube_pod_resource_${bound} metric exposed by kube-scheduler instead, as it is more precise.`,
      `what the manifest of the container ${bound}: cores, or bytes`,
      value,
      ({ server }, resource) => ({
        container: server.container,
        node: server.node ?? theNode,
        resource,
        unit: resource === 'cpu' ? 'core' : 'byte',
      }),
    ),
    variants: ['cpu', 'memory'],
  }
}

function ofSets(): StateFamily[] {
  const labels: Labels = ({ server }) => ({ namespace: server.namespace, replicaset: server.replicaSet })
  const of = (what: string, help: string, counts: string, value: (set: SetState) => number) =>
    clusterFamily(`kube_replicaset_${what}`, help, counts, ({ set }) => (set ? value(set) : Number.NaN), labels)
  return [
    of(
      'created',
      'Unix creation timestamp',
      'when the ReplicaSet was created',
      ({ createdAtMs }) => createdAtMs / 1000,
    ),
    of(
      'spec_replicas',
      'Number of desired pods for a ReplicaSet.',
      'pods the ReplicaSet shall have',
      ({ wanted }) => wanted,
    ),
    of(
      'status_replicas',
      'The number of replicas per ReplicaSet.',
      'pods the ReplicaSet has',
      ({ replicas }) => replicas,
    ),
    of(
      'status_ready_replicas',
      'The number of ready replicas per ReplicaSet.',
      'pods of the ReplicaSet that are ready',
      ({ ready }) => ready,
    ),
    {
      ...of('owner', "Information about the ReplicaSet's owner.", 'what owns the ReplicaSet: always 1', () => 1),
      labels: (target, variant) => ({
        ...KUBE_STATE_ENDPOINT,
        ...labels(target, variant),
        owner_kind: target.server.workloadKind,
        owner_name: target.server.workload,
        owner_is_controller: 'true',
      }),
    },
  ]
}

/** Of Deployments alone: a Rollout is not among what it knows. */
function ofDeployments(): StateFamily[] {
  const onlyOf = 'Deployment'
  const labels: Labels = ({ server }) => ({ namespace: server.namespace, deployment: server.workload })
  const family = (what: string, help: string, counts: string, value: (set: SetState) => number): StateFamily => ({
    ...clusterFamily(
      `kube_deployment_${what}`,
      help,
      counts,
      ({ set }, _, { server }) => (set && server.workloadKind === onlyOf ? value(set) : Number.NaN),
      labels,
    ),
    onlyOf,
  })
  const of = (what: string, kind: string, value: (set: SetState) => number) =>
    family(
      `status_replicas${what}`,
      `The number of ${kind}replicas per deployment.`,
      `pods of the Deployment${kind === '' ? '' : ` that are ${kind}`}`.trim(),
      value,
    )
  const desired = 'Number of desired pods for a deployment.'
  return [
    family('spec_replicas', desired, 'pods the Deployment shall have', ({ wanted }) => wanted),
    of('', '', ({ replicas }) => replicas),
    of('_ready', 'ready ', ({ ready }) => ready),
    of('_available', 'available ', ({ available }) => available),
    of('_unavailable', 'unavailable ', ({ wanted, available }) => Math.max(0, wanted - available)),
  ]
}

function pods(
  what: string,
  help: string,
  counts: string,
  value: StateFamily['value'],
  own: Labels = () => ({}),
): StateFamily {
  return clusterFamily(`kube_pod_${what}`, help, counts, value, (target, variant) => ({
    namespace: target.server.namespace,
    pod: target.server.name,
    uid: target.server.name,
    ...own(target, variant),
  }))
}

function clusterFamily(
  name: string,
  help: string,
  counts: string,
  value: StateFamily['value'],
  own: Labels,
): StateFamily {
  const labels: Labels = (target, variant) => ({ ...KUBE_STATE_ENDPOINT, ...own(target, variant) })
  return { name, quantity: 'state', side: 'cluster', type: 'gauge', help, counts, fixed: {}, labels, value }
}

function ofPod(value: (pod: PodState, variant: string) => number): StateFamily['value'] {
  return ({ pod }, variant) => (pod ? value(pod, variant) : Number.NaN)
}

/** The status of a pod without a node names no container. */
function ofContainer(value: (pod: PodState, variant: string) => number): StateFamily['value'] {
  return ofPod((pod, variant) => (pod.isUnschedulable ? Number.NaN : value(pod, variant)))
}

/** 1 for the variant that the pod is in, 0 for the others. */
function isIn(variantOf: (pod: PodState) => string): StateFamily['value'] {
  return ofPod((pod, variant) => Number(variantOf(pod) === variant))
}

function as(label: string): Labels {
  return (_, variant) => ({ [label]: variant })
}

/** The kubelet tells Running when a container has been started, and keeps to it while it crashes. */
function phaseOf({ isPending }: PodState): string {
  return isPending ? 'Pending' : 'Running'
}

function labelsOf({ server }: Target): Record<string, string> {
  return Object.fromEntries(Object.entries(server.labels).map(([name, value]) => [`label_${sanitized(name)}`, value]))
}
