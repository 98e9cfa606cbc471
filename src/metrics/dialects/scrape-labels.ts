// The labels Prometheus itself puts on whatever it scrapes from a pod, and the series `up`.

import { type PodIdentity, type Side, scrapedPod, type Target, type UpFamily } from './dialect.js'

/**
 * As the scrape job kubernetes-pods of samples/addons/prometheus.yaml of istio/istio (August 2026), which is the
 * Prometheus chart's, relabels: every pod label is mapped, so that the rollout's hash can be asked for. The label `node`
 * that it adds is left out. kubernetes_namespace and kubernetes_pod_name are what Flagger's built-in queries ask for
 * (pkg/metrics/observers of fluxcd/flagger 1.44): older jobs of that name wrote them.
 */
export function scrapeLabels(pod: PodIdentity, job: string, port: number): Record<string, string> {
  return {
    ...podLabels(pod),
    ...endpointLabels(pod, job, port),
    kubernetes_namespace: pod.namespace,
    kubernetes_pod_name: pod.name,
  }
}

/** What a job tells of a pod that maps all its labels. */
export function podLabels({ namespace, name, labels: own }: PodIdentity): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [label, value] of Object.entries(own)) labels[sanitized(label)] = value
  return { ...labels, namespace, pod: name }
}

/** What every job tells. */
export function endpointLabels({ address }: PodIdentity, job: string, port: number): Record<string, string> {
  return { job, instance: `${address}:${port}` }
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

/** A proxy in front of the workload, as the installation of its project names it. */
export function proxyPod(
  namespace: string,
  workload: string,
  container: string,
  labels: Readonly<Record<string, string>>,
): PodIdentity {
  return {
    namespace,
    name: `${workload}-0`,
    workload,
    workloadKind: 'Deployment',
    version: '',
    replicaSet: '',
    labels,
    address: '10.0.0.2',
    container,
    image: '',
    resources: [],
  }
}

/**
 * What the exporter itself says of whom it counts. Where the scraper has labels of the same names, installations differ
 * in whose they keep (`honor_labels`), and the exporter's get the prefix `exported_`: here they have both names.
 */
export function withOwnLabels(scraped: Record<string, string>, own: Record<string, string>): Record<string, string> {
  const labels = { ...scraped, ...own }
  for (const name of TAKEN_BY_SCRAPERS) if (own[name] !== undefined) labels[`exported_${name}`] = own[name]
  return labels
}

/** By scrape jobs for pods, and by ServiceMonitors. */
const TAKEN_BY_SCRAPERS = ['namespace', 'pod', 'container', 'service'] as const

export function scrapedLabels(target: Target, job: string, port: number): Record<string, string> {
  return scrapeLabels(scrapedPod(target), job, port)
}

/** What service discovery makes of a label name that Prometheus would not take. */
export function sanitized(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}
