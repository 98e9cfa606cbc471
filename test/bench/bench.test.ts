import { expect, it } from 'vitest'
import { bench } from './bench.js'
import { checkBench } from './check-bench.js'
import { memoryBench } from './memory-bench.js'
import { queries, queryBench } from './query-bench.js'
import { queueingBench } from './queueing-bench.js'
import { requestBench } from './request-bench.js'
import { simpyBench } from './simpy/simpy.js'

it('The benchmark runs, adds up, and finds the outcomes it always found', () => {
  const { flowRunsPerSecond, bareFlowRunsPerSecond, parts, hash } = bench({ flights: 5, rounds: 1 })
  expect(flowRunsPerSecond).toBeGreaterThan(0)
  expect(bareFlowRunsPerSecond).toBeGreaterThan(0)
  expect(Object.values(parts).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  // Another hash means that flights come out differently: say why in the commit that changes it.
  expect(hash).toBe('207b3378')
})

it('The benchmark of queries runs, and gets the answers it always got', () => {
  const { nanosecondsPerEvaluation, tenfoldHistory, hash } = queryBench({ rounds: 1, millisecondsPerQuery: 0 })
  expect(Object.keys(nanosecondsPerEvaluation)).toEqual(Object.keys(queries))
  for (const name of Object.keys(queries)) {
    expect(nanosecondsPerEvaluation[name]).toBeGreaterThan(0)
    expect(tenfoldHistory[name]).toBeGreaterThan(0)
  }
  // Another hash means that queries mean something else: say why in the commit that changes it.
  expect(hash).toBe('c19766bf')
})

it('The benchmark of requests that queue runs, and the same becomes of them as always', () => {
  const { queueing, hash } = queueingBench({ requests: 5000, rounds: 1 })
  for (const { engine, bare } of Object.values(queueing)) {
    expect(engine).toBeGreaterThan(0)
    expect(bare).toBeGreaterThan(0)
  }
  // Another hash means that requests end differently: say why in the commit that changes it.
  expect(hash).toBe('510523ba')
})

it('SimPy is measured where Python has it, and its absence is told by name', () => {
  const told = simpyBench([1, 10], 0.8, 100)
  if (typeof told === 'string') return expect(told).toMatch(/^python3 (is not there|can't import simpy: )/)
  expect(told.requestsPerSecond['1']).toBeGreaterThan(0)
  expect(told.requestsPerSecond['10']).toBeGreaterThan(0)
})

it('The benchmark of requests one by one runs, and finds the outcome it always found', () => {
  const { requestsPerSecond, bareRequestsPerSecond, requestHash } = requestBench({ flights: 1, rounds: 1 })
  expect(requestsPerSecond).toBeGreaterThan(0)
  expect(bareRequestsPerSecond).toBeGreaterThan(0)
  // Another hash means that flights come out differently: say why in the commit that changes it.
  expect(requestHash).toBe('ffdbea95')
})

it.each([
  ['flow', 1e6, 31],
  ['request', 2e5, 1],
] as const)('Memory stays as it is along a flight: %s', (fidelity, requests, days) => {
  const { heapBytes, requests: flown } = memoryBench({ fidelity, requests, days })
  expect(Math.abs(flown - requests)).toBeLessThan(0.1 * requests)
  expect(heapBytes).toHaveLength(12)
  // Without a collector at hand there is nothing to be said of it but that it is measured.
  if ('gc' in globalThis) expect(heapBytes.at(-2)! - heapBytes[1]!).toBeLessThan(2 ** 20)
})

it('The benchmark of check runs, and takes 50 manifests', () => {
  const { check, checkMany, manifests } = checkBench({ rounds: 1, runs: 1, policies: ['good-release'] })
  for (const { seconds, overBare } of [check['good-release']!, checkMany]) {
    expect(seconds).toBeGreaterThan(0)
    expect(overBare).toBeGreaterThan(0)
  }
  expect(manifests).toBe(50)
})
