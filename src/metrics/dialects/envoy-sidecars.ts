// Envoys beside the pods, and differ in what they call them.
//
// A plain one is configured by hand: local_service and ingress_http are what many examples call the pod and its listener.
// App Mesh: the page "Exporting metrics" of its user guide for the listener's prefix, and the names of clusters that its
//   troubleshooting pages show: mesh, virtual node with its namespace, protocol and port. A mesh and virtual nodes of the
//   Service's names are made up here. Its own labels (appmesh_virtual_node) are off by default in its controller's chart.
// Kuma 2.9.13, without MeshServices: DataplaneLabels in pkg/mads/util.go, pkg/xds/envoy/names,
//   SanitizeMetric in pkg/util/xds, pkg/xds/generator/inbound_proxy_generator.go, pkg/plugins/runtime/gateway/
//   filter_chain_generator.go, pkg/plugins/runtime/k8s/controllers/inbound_converter.go, and the job kuma-dataplanes that
//   kumactl installs; `service` is of metrics by MeshMetric (2.14.3, pkg/plugins/policies/meshmetric/plugin/v1alpha1).

import type { Dialect, PodIdentity, Target } from './dialect.js'
import { envoyFamilies } from './envoy.js'
import { podLabels, scrapedLabels, upFamily } from './scrape-labels.js'

const JOB = 'kubernetes-pods'
const SIDECAR = 'the proxy beside the pod'
/** Of Kuma's gateway. */
const GATEWAY_SERVICE = 'gateway_kuma-gateway_svc'

export const ENVOY: Dialect = sidecar('envoy', {
  scraped: (target) => scrapedLabels(target, JOB, 9901),
  clusterOf: () => 'local_service',
  prefix: 'ingress_http',
})

export const APP_MESH: Dialect = sidecar('app-mesh', {
  scraped: (target) => scrapedLabels(target, JOB, 9901),
  clusterOf: ({ server, service, servicePort }) =>
    `cds_ingress_default_${service}_${server.namespace}_http_${servicePort}`,
  prefix: 'ingress',
})

/** The pod is called by its address, the gateway by the Service of its own, and Services by theirs. */
export const KUMA: Dialect = {
  name: 'kuma',
  families: [
    ...sidecar('kuma', {
      scraped: (target) => kumaLabels(target.server, kumaService(target)),
      clusterOf: () => 'localhost_8080',
      prefix: 'localhost_8080',
    }).families,
    ...envoyFamilies({
      side: 'client',
      who: 'the gateway',
      scraped: gatewayLabels,
      clusterOf: kumaService,
      prefix: GATEWAY_SERVICE,
    }),
    upFamily('client', gatewayLabels),
  ],
}

interface Sidecar {
  readonly scraped: (target: Target) => Record<string, string>
  readonly clusterOf: (target: Target) => string
  readonly prefix: string
}

function sidecar(name: string, names: Sidecar): Dialect {
  const families = envoyFamilies({ side: 'server', who: SIDECAR, ...names })
  return { name, families: [...families, upFamily('server', names.scraped)] }
}

function gatewayLabels({ client }: Target): Record<string, string> {
  return kumaLabels(client, GATEWAY_SERVICE)
}

/** Each tag of a data plane is a label, and labels of its pod are tags. Kuma's service discovery names the instance. */
function kumaLabels(pod: PodIdentity, service: string): Record<string, string> {
  const dataplane = `${pod.name}.${pod.namespace}`
  return {
    ...podLabels(pod),
    job: 'kuma-dataplanes',
    instance: dataplane,
    mesh: 'default',
    dataplane,
    service,
    kuma_io_service: service,
    kuma_io_services: `,${service},`,
    k8s_kuma_io_name: pod.name,
    k8s_kuma_io_namespace: pod.namespace,
  }
}

function kumaService({ server, service, servicePort }: Target): string {
  return `${service}_${server.namespace}_svc_${servicePort}`
}
