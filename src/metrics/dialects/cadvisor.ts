// cAdvisor, as part of the kubelet: what containers use. Names and help: metrics/prometheus.go of google/cadvisor; labels:
// those that the kubelet gives its /metrics/cadvisor, scraped as manifests/kubernetesControlPlane-serviceMonitorKubelet.yaml
// of prometheus-operator/kube-prometheus does. Each figure is there twice, for the container and for its pod as a whole.

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
    family(
      'container_memory_working_set_bytes',
      'Current working set in bytes.',
      'memory that the container uses, as memory of its version has it',
      ({ memoryBytes }) => memoryBytes,
    ),
    {
      ...family(
        'container_start_time_seconds',
        'Start time of the container since unix epoch in seconds.',
        'when the container was last started',
        ({ waiting, startedAtMs }) => (waiting === '' ? startedAtMs / 1000 : Number.NaN),
      ),
      variants: [CONTAINER],
    },
    upFamily('kubelet', () => ({ ...SCRAPED, namespace: 'kube-system' })),
  ],
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

/** Names of control groups end in random numbers: here they are those of pod and container. */
function labelsOf({ server }: Target, variant: string): Record<string, string> {
  const { namespace, name, container, image } = server
  const group = { id: `/kubepods.slice/kubepods-pod${name}.slice`, namespace, pod: name }
  return variant === CONTAINER ? { ...group, id: `${group.id}/${container}`, name: container, container, image } : group
}
