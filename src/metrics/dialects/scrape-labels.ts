// The labels Prometheus itself puts on whatever it scrapes from a pod, and the series `up`.

import { type Family, type PodIdentity, scrapedPod, type Target } from './dialect.js'

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

/** 1 while scrapes succeed, 0 while they fail; it carries the target's labels and no others. */
export function upFamily(labels: (target: Target) => Record<string, string>): Family {
  return { name: 'up', quantity: 'up', fixed: {}, labels }
}

export function scrapedLabels(target: Target, job: string, port: number): Record<string, string> {
  return scrapeLabels(scrapedPod(target), job, port)
}

/** What service discovery makes of a label name that Prometheus would not take. */
function sanitized(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}
