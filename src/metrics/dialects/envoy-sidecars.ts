// Envoys beside the pods, and differ in what they call them. A plain sidecar calls its pod local_service, as the examples
// of envoyproxy/envoy do. App Mesh names ingress clusters after mesh, virtual node and port. Kuma scrapes each data plane
// with the tags of its Service (docs/proposals/prometheus-metrics.md of kumahq/kuma), and calls other Services by theirs.

import type { Dialect, Target } from './dialect.js'
import { envoyFamilies } from './envoy.js'
import { scrapedLabels, upFamily } from './scrape-labels.js'

const JOB = 'kubernetes-pods'
const SIDECAR = 'the proxy beside the pod'

export const ENVOY: Dialect = sidecar(
  'envoy',
  (target) => scrapedLabels(target, JOB, 9901),
  () => 'local_service',
)

export const APP_MESH: Dialect = sidecar(
  'app-mesh',
  (target) => scrapedLabels(target, JOB, 9901),
  ({ server, service, servicePort }) => `cds_ingress_${server.namespace}_${service}_http_${servicePort}`,
)

export const KUMA: Dialect = {
  name: 'kuma',
  families: [
    ...sidecar('kuma', kumaLabels, () => 'localhost_8080').families,
    ...envoyFamilies({
      side: 'client',
      who: 'the gateway',
      scraped: meshLabels,
      clusterOf: kumaService,
      prefix: 'gateway',
    }),
    upFamily('client', meshLabels),
  ],
}

function sidecar(
  name: string,
  scraped: (target: Target) => Record<string, string>,
  clusterOf: (target: Target) => string,
): Dialect {
  const families = envoyFamilies({ side: 'server', who: SIDECAR, scraped, clusterOf, prefix: 'ingress_http' })
  return { name, families: [...families, upFamily('server', scraped)] }
}

function kumaLabels(target: Target): Record<string, string> {
  const service = kumaService(target)
  const { name, namespace } = target.server
  return { ...meshLabels(target), dataplane: `${name}.${namespace}`, service, kuma_io_service: service }
}

function meshLabels(target: Target): Record<string, string> {
  return { ...scrapedLabels(target, 'kuma-dataplanes', 5670), mesh: 'default' }
}

function kumaService({ server, service, servicePort }: Target): string {
  return `${service}_${server.namespace}_svc_${servicePort}`
}
