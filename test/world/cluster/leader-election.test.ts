// How long it takes until a program may act: its lease, and the container that it runs in.
import { describe, expect, it } from 'vitest'
import { givesUpAtMs, staysUpFromMs, waitForLeaseMs } from '../../../src/world/cluster/leader-election.js'

const always = (value: number) => () => value

describe('A program that finds a lease', () => {
  it('gets it at its first try after 15 s, of tries every 2 s to 4.4 s', () => {
    expect(waitForLeaseMs(always(0))).toBe(16_000)
    expect(waitForLeaseMs(always(0.5))).toBe(16_000)
    expect(waitForLeaseMs(always(0.999999))).toBe(17_596)
    let state = 1
    const uniform = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    for (let count = 0; count < 1000; count++) {
      const waitedMs = waitForLeaseMs(uniform)
      expect(waitedMs).toBeGreaterThanOrEqual(15_000)
      expect(waitedMs).toBeLessThan(19_400)
    }
  })
})

describe('A leader that cannot renew its lease', () => {
  it('gives up after ten seconds of trying, which begin up to two seconds late', () => {
    // Argo Rollouts 1.10.1 ended 11.3 s after the API server (recorded).
    expect(givesUpAtMs(1_000, always(0))).toBe(11_000)
    expect(givesUpAtMs(1_000, always(0.65))).toBe(12_300)
    expect(givesUpAtMs(1_000, always(0.999))).toBe(12_998)
  })
})

describe('A container that ends as long as the API server is away', () => {
  it.each([
    [0, 0],
    [1, 10_000],
    [10_000, 10_000],
    [10_001, 30_000],
    [31_000, 70_000],
    [71_000, 150_000],
    [151_000, 310_000],
    [311_000, 610_000],
    [611_000, 910_000],
  ])('of which it is there again after %i ms stays up from %i ms on', (answersFromMs, expected) => {
    expect(staysUpFromMs(5_000, 5_000 + answersFromMs)).toBe(5_000 + expected)
  })
})
