// An endpoint that tells of pods which come and go.
import { expect, test } from 'vitest'
import type { Observed } from '../../src/metrics/dialects/dialect.js'
import { EVERYWHERE } from '../../src/metrics/dialects/dialects.js'
import { Exposure } from '../../src/metrics/dialects/exposure.js'
import { compile } from '../../src/metrics/promql/query.js'
import { Store } from '../../src/metrics/store.js'
import { Endpoint } from '../../src/run/endpoint.js'
import { canaryPod, podTarget } from '../metrics/dialects/targets.js'

const observed: Observed = {
  requests: [],
  latencyBins: [],
  latencySumsMs: [],
  startTimeMs: 0,
  pod: {
    createdAtMs: 0,
    startedAtMs: 0,
    isReady: true,
    restarts: 0,
    waiting: '',
    isUnschedulable: false,
    isPending: false,
    lastEnd: '',
    cpuSeconds: 1,
    memoryBytes: 1,
  },
}

test('Of pods that are gone for long it keeps nothing, and its series are those of the pods that there are', () => {
  const store = new Store()
  store.retentionMs = 60_000
  const query = compile('count(kube_pod_info) or vector(0)')
  const endpoint = new Endpoint(new Exposure(store, EVERYWHERE, query.selectors, []), { ...podTarget, side: 'cluster' })
  const tell = (pod: number) => {
    const server = { ...canaryPod, name: `pod-${pod}` }
    endpoint.tell(server.name, observed, () => ({ ...podTarget, side: 'cluster', server }))
  }
  for (let round = 0; round < 5000; round++) {
    endpoint.forget()
    for (const pod of [round, round + 1, round + 2]) tell(pod)
    endpoint.exposition.scrape(round * 15_000, endpoint.sources)
    const value = query.at(store, round * 15_000)
    expect(value.kind === 'vector' && value.samples[0]!.value).toBe(3)
  }
  expect(endpoint.sources.length).toBeLessThan(2100)
})
