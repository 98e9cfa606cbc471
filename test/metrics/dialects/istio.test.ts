// The Istio dialect: what its proxies report, and what canary queries find of it.

import { describe, expect, test } from 'vitest'
import type { Observed, PodIdentity, Target } from '../../../src/metrics/dialects/dialect.js'
import { Exposure } from '../../../src/metrics/dialects/exposure.js'
import { ISTIO } from '../../../src/metrics/dialects/istio.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { Store } from '../../../src/metrics/store.js'
import { canaryPod, OwnExposition, podTarget } from './targets.js'

const CODES = ['200', '500']

const canary: PodIdentity = { ...canaryPod, labels: { ...canaryPod.labels, version: 'v2' } }
const server: Target = { ...podTarget, server: canary, service: 'checkout-canary' }
const client: Target = { ...server, side: 'client' }

function exposureOf(...queries: string[]) {
  const store = new Store()
  const exposure = new Exposure(
    store,
    [ISTIO],
    queries.flatMap((text) => compile(text).selectors),
    CODES,
  )
  return { store, exposure }
}

function requests(...counts: number[]): Observed {
  return { requests: counts, latencyBins: [], latencySumsMs: counts, startTimeMs: 0 }
}

describe('The labels of a request', () => {
  test('are those of the standard metrics, plus those of the scraped pod', () => {
    const { store, exposure } = exposureOf('istio_requests_total{reporter="source"}')
    new OwnExposition(exposure, client).tell(0, requests(7))
    const value = compile('istio_requests_total').at(store, 0)
    expect(value).toMatchObject({ samples: [{ value: 7 }] })
    const labels = value.kind === 'vector' ? value.samples[0]!.labels.toRecord() : {}
    expect(labels).toEqual({
      __name__: 'istio_requests_total',
      app: 'istio-ingressgateway',
      connection_security_policy: 'unknown',
      destination_app: 'checkout',
      destination_canonical_revision: 'v2',
      destination_canonical_service: 'checkout',
      destination_cluster: 'Kubernetes',
      destination_principal: 'spiffe://cluster.local/ns/shop/sa/default',
      destination_service: 'checkout-canary.shop.svc.cluster.local',
      destination_service_name: 'checkout-canary',
      destination_service_namespace: 'shop',
      destination_version: 'v2',
      destination_workload: 'checkout',
      destination_workload_namespace: 'shop',
      instance: '10.244.0.18:15020',
      istio: 'ingressgateway',
      job: 'kubernetes-pods',
      kubernetes_namespace: 'istio-system',
      kubernetes_pod_name: 'istio-ingressgateway-6c647c4cf4-rxvhw',
      namespace: 'istio-system',
      pod: 'istio-ingressgateway-6c647c4cf4-rxvhw',
      reporter: 'source',
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      source_app: 'istio-ingressgateway',
      source_canonical_revision: 'latest',
      source_canonical_service: 'istio-ingressgateway',
      source_cluster: 'Kubernetes',
      source_principal: 'spiffe://cluster.local/ns/istio-system/sa/default',
      source_workload: 'istio-ingressgateway',
      source_workload_namespace: 'istio-system',
    })
  })

  test('as the serving pod reports it, carry the hash of the rollout', () => {
    const query = 'istio_requests_total{reporter="destination",rollouts_pod_template_hash="84969479d9"}'
    const { store, exposure } = exposureOf(query)
    new OwnExposition(exposure, server).tell(0, requests(3))
    expect(compile(query).at(store, 0)).toMatchObject({ samples: [{ value: 3 }] })
  })

  test.each([
    [{ version: 'v2' }, 'v2'],
    [{ 'app.kubernetes.io/version': '1.2', version: 'v2' }, '1.2'],
    [{ 'service.istio.io/canonical-revision': 'r', version: 'v2' }, 'r'],
    [{}, 'latest'],
  ])('name the revision after the labels %j', (labels, revision) => {
    const query = `istio_requests_total{destination_canonical_revision="${revision}"}`
    const { store, exposure } = exposureOf(query)
    new OwnExposition(exposure, { ...server, server: { ...canary, labels } }).tell(0, requests(3))
    expect(compile(query).at(store, 0)).toMatchObject({ samples: [{ value: 3 }] })
  })
})

describe('The usual success ratio', () => {
  const ratio = (service: string) => {
    const selected = `reporter="source",destination_service=~"${service}.*"`
    return (
      `sum(rate(istio_requests_total{${selected},response_code!~"5.*"}[1m]))` +
      ` / sum(rate(istio_requests_total{${selected}}[1m]))`
    )
  }

  test('of a service nobody has called is empty', () => {
    const { store, exposure } = exposureOf(ratio('checkout-canary'))
    new OwnExposition(exposure, client).tell(0, requests(0, 0))
    expect(compile(ratio('checkout-canary')).at(store, 0)).toEqual({ kind: 'vector', samples: [] })
    expect(store.pooledSeriesCount).toBe(0)
  })

  test('is empty at the first scrape with traffic, then 1, then lower with errors, then NaN without traffic', () => {
    const { store, exposure } = exposureOf(ratio('checkout-canary'))
    const exposition = new OwnExposition(exposure, client)
    const query = compile(ratio('checkout-canary'))
    const scrapes = [[10], [40], [70, 0], [85, 15], [100, 30], [100, 30], [100, 30], [100, 30], [100, 30]]
    const seen = scrapes.map(([ok = 0, failed = 0], index) => {
      exposition.tell(index * 15_000, requests(ok, failed))
      const value = query.at(store, index * 15_000)
      return value.kind === 'vector' ? (value.samples[0]?.value ?? 'empty') : undefined
    })
    expect(seen.slice(0, 4)).toEqual(['empty', 1, 1, 1])
    // The first errors are the counter's first value, which no rate sees.
    expect(seen[4]).toBeLessThan(1)
    expect(seen.at(-1)).toBeNaN()
  })
})
