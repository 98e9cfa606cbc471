import { expect, it } from 'vitest'
import { bench } from './bench.js'

it('The benchmark runs, adds up, and finds the outcomes it always found', () => {
  const { flowRunsPerSecond, bareFlowRunsPerSecond, parts, hash } = bench({ flights: 5, rounds: 1 })
  expect(flowRunsPerSecond).toBeGreaterThan(0)
  expect(bareFlowRunsPerSecond).toBeGreaterThan(0)
  expect(Object.values(parts).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  // Another hash means that flights come out differently: say why in the commit that changes it.
  expect(hash).toBe('207b3378')
})
