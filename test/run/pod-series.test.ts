// What exporters tell of pods that crash, start and go: the cluster's, the kubelet's, and what the pods themselves count.
import { describe, expect, test } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

const releaseMs = 120_000

const scenario = (more: string) => `
teaches: What exporters tell of pods that crash.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: 400/s}
service:
  stable: {errors: 0%, cpuPerRequest: 5ms, memory: 120Mi, start: 5s}
${more}
`

function asking(queries: readonly string[], more: string, dialect = '') {
  const observability = `observability: {scrape: {interval: 5s}${dialect && `, dialect: ${dialect}`}}`
  const asked = queries.map((query) => query.replaceAll('HASH', '{{args.canary-hash}}'))
  const plan = planOf(scenario(`${more}\n${observability}`), routedRollout('istio') + templateOf('asked', asked))
  const simulation = new Simulation(plan)
  const flying = simulation.takeOff(1)
  return (query: string, sinceReleaseMs: number) => {
    const atMs = releaseMs + sinceReleaseMs
    if (flying.loop.now < atMs) flying.advance(atMs)
    const told = simulation.observatory.answer(query.replaceAll('HASH', plan.stacks[1]!.hash), flying.loop.now)
    return told.kind === 'data' && told.result.resultType === 'vector' ? told.result.values : told
  }
}

describe('Pods that crash again and again', () => {
  const queries = {
    restarts: 'sum(kube_pod_container_status_restarts_total{pod=~"shop-HASH-.*"})',
    backOff: 'sum(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",pod=~"shop-HASH-.*"})',
    ready: 'sum(kube_pod_status_ready{condition="true",pod=~"shop-HASH-.*"})',
    notReady: 'sum(kube_pod_status_ready{condition="false",pod=~"shop-HASH-.*"})',
    phases: 'sum by (phase) (kube_pod_status_phase{pod=~"shop-HASH-.*"}) > 0',
    memory: 'count(container_memory_working_set_bytes{container!="",pod=~"shop-HASH-.*"})',
    lastEnd: 'count(kube_pod_container_status_last_terminated_reason{reason="Error",pod=~"shop-HASH-.*"})',
    pods: 'kube_replicaset_spec_replicas{replicaset="shop-HASH"} - kube_replicaset_status_ready_replicas',
  }
  const at = asking(Object.values(queries), 'faults: [{on: canary, crashLoop: true}]')

  test('are being created at first', () => {
    expect(at(queries.restarts, 4_000)).toEqual([])
    expect(at(queries.restarts, 5_000)).toEqual([0])
    expect(at(queries.backOff, 5_000)).toEqual([])
    expect(at(queries.memory, 5_000)).toEqual([])
  })

  test('are started again at once, and then held back for longer and longer', () => {
    // They crash after 5 s and, started again at once, after 10 s; then the kubelet waits for 10 s.
    expect(at(queries.restarts, 15_000)).toEqual([4])
    expect(at(queries.backOff, 15_000)).toEqual([2])
    expect(at(queries.memory, 15_000)).toEqual([])
    expect(at(queries.backOff, 25_000)).toEqual([])
    expect(at(queries.restarts, 30_000)).toEqual([6])
    expect(at(queries.lastEnd, 30_000)).toEqual([2])
  })

  test('run as far as their phase is concerned, and are never ready', () => {
    expect(at(queries.phases, 30_000)).toEqual([2])
    expect(at(queries.ready, 30_000)).toEqual([0])
    expect(at(queries.notReady, 30_000)).toEqual([2])
    expect(at(queries.pods, 30_000)).toEqual([2])
  })
})

describe('A container that starts again counts from zero', () => {
  const counters = [
    ['app', 'http_requests_total{rollouts_pod_template_hash="HASH"}'],
    ['istio', 'istio_requests_total{reporter="destination",rollouts_pod_template_hash="HASH"}'],
    ['linkerd', 'response_total{direction="inbound",rollouts_pod_template_hash="HASH"}'],
    ['envoy', 'envoy_http_downstream_rq_total{rollouts_pod_template_hash="HASH"}'],
    ['app-mesh', 'envoy_cluster_upstream_rq{rollouts_pod_template_hash="HASH"}'],
    ['kuma', 'envoy_cluster_upstream_rq_total{kuma_io_service="shop-canary_default_svc_80"}'],
    ['app', 'container_cpu_usage_seconds_total{container="shop",pod=~"shop-HASH-.*"}'],
  ] as const
  const crash = 'faults: [{on: canary, crashLoop: true, onset: 60s, for: 1s}]'

  test.each(counters)('in the pod: %s, %s', (dialect, counter) => {
    const resets = `sum(resets(${counter}[1m]))`
    const at = asking([resets], crash, dialect)
    expect(at(resets, 55_000)).toEqual([0])
    expect(at(resets, 80_000)).toEqual([2])
  })

  test.each([
    ['istio', 'istio_requests_total{reporter="source",destination_service_name="shop-canary"}'],
    ['linkerd', 'response_total{direction="outbound",dst_service="shop-canary"}'],
    ['contour', 'envoy_cluster_upstream_rq{envoy_cluster_name="default_shop-canary_80"}'],
    ['traefik', 'traefik_service_requests_total{service="default-shop-canary-80@kubernetescrd"}'],
    ['nginx', 'nginx_ingress_controller_requests{canary="default-shop-canary-80"}'],
    ['apisix', 'apisix_http_status'],
    ['osm', 'osm_request_total{destination_pod=~"shop_HASH_.*"}'],
    ['skipper', 'skipper_serve_route_count'],
    ['haproxy', 'haproxy_backend_http_requests_total{proxy="default_shop-canary_80"}'],
    ['nginx-gateway-fabric', 'nginx_gateway_fabric_upstream_server_requests{upstream="default_shop-canary_80"}'],
    ['app', 'kube_pod_container_status_restarts_total{pod=~"shop-HASH-.*"}'],
  ])('but not what others count of it: %s, %s', (dialect, counter) => {
    const resets = `sum(resets(${counter}[1m]))`
    expect(asking([resets], crash, dialect)(resets, 80_000)).toEqual([0])
  })
})

describe('Without errors', () => {
  test.each([
    ['istio', 'sum(rate(istio_requests_total{response_code=~"5.."}[1m])) / sum(rate(istio_requests_total[1m]))', []],
    ['nginx', 'sum(rate(nginx_ingress_controller_requests{status=~"5.."}[1m]))', []],
    ['contour', 'sum(rate(envoy_cluster_upstream_rq_xx{envoy_response_code_class="5"}[1m]))', []],
    ['envoy', 'sum(rate(envoy_http_downstream_rq_xx{envoy_response_code_class="5"}[1m]))', [0]],
    ['haproxy', 'sum(rate(haproxy_backend_http_responses_total{code="5xx"}[1m]))', [0]],
    ['nginx-gateway-fabric', 'sum(rate(nginx_gateway_fabric_upstream_server_responses{code="5xx"}[1m]))', [0]],
    ['linkerd', 'sum(rate(response_total{classification="failure"}[1m])) or vector(0)', [0]],
  ])('an exporter has a series of errors at zero or none at all: %s, %s', (dialect, query, answer) => {
    expect(asking([query], '', dialect)(query, 60_000)).toEqual(answer)
  })
})
