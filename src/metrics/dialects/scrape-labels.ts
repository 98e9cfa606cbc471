// The labels Prometheus itself puts on whatever it scrapes from a pod, and the series `up`.

import { type PodIdentity, type Side, scrapedPod, type Target, type UpFamily } from './dialect.js'

/**
 * As the scrape job kubernetes-pods of Istio's samples/addons/prometheus.yaml (which is the Prometheus chart's)
 * relabels: every pod label is mapped, so that the rollout's hash can be asked for. kubernetes_namespace and
 * kubernetes_pod_name are what older versions of that job wrote; Flagger's built-in queries still ask for them.
 */
function scrapeLabels(pod: PodIdentity, job: string, port: number): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [name, value] of Object.entries(pod.labels)) labels[sanitized(name)] = value
  return {
    ...labels,
    job,
    instance: `${pod.address}:${port}`,
    namespace: pod.namespace,
    pod: pod.name,
    kubernetes_namespace: pod.namespace,
    kubernetes_pod_name: pod.name,
  }
}

/** It carries the endpoint's labels and no others. */
export function upFamily(side: Side, labels: (target: Target) => Record<string, string>): UpFamily {
  return {
    name: 'up',
    quantity: 'up',
    side,
    type: 'gauge',
    help: '',
    counts: 'whether the last scrape of the endpoint succeeded',
    fixed: {},
    labels,
  }
}

export function scrapedLabels(target: Target, job: string, port: number): Record<string, string> {
  return scrapeLabels(scrapedPod(target), job, port)
}

/** What service discovery makes of a label name that Prometheus would not take. */
function sanitized(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}
