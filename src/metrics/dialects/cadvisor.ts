// cAdvisor, as part of the kubelet of Kubernetes 1.36: what containers use. Names and help: metrics/prometheus.go of
// google/cadvisor 0.56.2, which that is built with; labels: containerPrometheusLabelsFunc in pkg/kubelet/server/server.go of
// kubernetes/kubernetes 1.36.3, scraped as manifests/kubernetesControlPlane-serviceMonitorKubelet.yaml of
// prometheus-operator/kube-prometheus (0.17) does. Each figure is there twice, for the container and for its pod as a
// whole; what the pod's sandbox uses is left out.

import type { Dialect, PodState, StateFamily, Target } from './dialect.js'
import { upFamily } from './scrape-labels.js'

const SCRAPED = {
  job: 'kubelet',
  metrics_path: '/metrics/cadvisor',
  endpoint: 'https-metrics',
  instance: '10.0.0.10:10250',
  node: 'node-1',
  service: 'kubelet',
}

const CONTAINER = 'container'

export const CADVISOR: Dialect = {
  name: 'cadvisor',
  families: [
    {
      ...family(
        'container_cpu_usage_seconds_total',
        'Cumulative cpu time consumed in seconds.',
        'CPU time that the container has used, as cpuPerRequest of its version has it',
        ({ cpuSeconds }) => cpuSeconds,
        { cpu: 'total' },
      ),
      type: 'counter',
    },
    memory('working_set_bytes', 'Current working set in bytes.'),
    memory('usage_bytes', 'Current memory usage in bytes, including all memory regardless of when it was accessed'),
    memory('rss', 'Size of RSS in bytes.'),
    {
      ...family(
        'container_start_time_seconds',
        'Start time of the container since unix epoch in seconds.',
        'when the container was last started, and the pod created',
        () => Number.NaN,
      ),
      value: ({ pod }, variant) => (pod ? startSeconds(pod, variant) : Number.NaN),
    },
    upFamily('kubelet', () => ({ ...SCRAPED, namespace: 'kube-system' })),
  ],
}

/** In the world there are no caches: the three are the same. */
function memory(what: string, help: string): StateFamily {
  const counts = 'memory that the container uses, as memory of its version has it'
  return family(`container_memory_${what}`, help, counts, ({ memoryBytes }) => memoryBytes)
}

function family(
  name: string,
  help: string,
  counts: string,
  value: (pod: PodState) => number,
  fixed: Readonly<Record<string, string>> = {},
): StateFamily {
  return {
    name,
    quantity: 'state',
    side: 'kubelet',
    type: 'gauge',
    help,
    counts,
    fixed,
    variants: [CONTAINER, 'pod'],
    labels: (target, variant) => ({ ...SCRAPED, ...fixed, ...labelsOf(target, variant) }),
    value: ({ pod }) => (pod ? value(pod) : Number.NaN),
  }
}

function startSeconds({ waiting, startedAtMs, createdAtMs }: PodState, variant: string): number {
  if (variant !== CONTAINER) return createdAtMs / 1000
  return waiting === '' ? startedAtMs / 1000 : Number.NaN
}

/** Names of control groups end in random numbers: here they are those of pod and container. */
function labelsOf({ server }: Target, variant: string): Record<string, string> {
  const { namespace, name, container, image } = server
  const group = { id: `/kubepods.slice/kubepods-pod${name}.slice`, namespace, pod: name }
  return variant === CONTAINER ? { ...group, id: `${group.id}/${container}`, name: container, container, image } : group
}
