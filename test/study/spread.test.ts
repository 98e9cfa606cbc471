// A multiset of values is the same whatever parts it was put together from, and however many values there are.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { zigguratNormal } from '../../src/kernel/ziggurat.js'
import { Spread } from '../../src/study/spread.js'

const seed = 20261121

function spreadOf(values: readonly number[]): Spread {
  const spread = new Spread()
  for (const value of values) spread.add(value)
  return spread
}

function drawn(count: number): number[] {
  const stream = new Tape(seed).stream('values')
  return Array.from({ length: count }, () => 1000 + 200 * zigguratNormal(stream))
}

describe('What is said of a spread', () => {
  it('is what is said of its values', () => {
    const spread = spreadOf([3, 1, 2, 2, 10])
    expect([spread.size, spread.min, spread.max, spread.mean]).toEqual([5, 1, 10, 3.6])
    expect(spread.quantile(0.5)).toBe(2)
    expect(spread.quantile(0.8)).toBe((3 + 10) / 2)
    expect(spread.quantile(1)).toBe(10)
    expect(spread.standardError).toBeCloseTo(Math.sqrt(53.2 / 4 / 5), 12)
    expect(spread.find((value) => value > 2)).toBe(3)
  })

  it('takes what never happened as the greatest of all', () => {
    const spread = spreadOf([5, Number.POSITIVE_INFINITY, 7])
    expect([spread.quantile(0.5), spread.max, spread.mean]).toEqual([7, Infinity, Infinity])
  })

  it('does not vary where all values are equal', () => {
    const spread = spreadOf(Array.from({ length: 30 }, () => 0.1))
    expect([spread.mean, spread.standardError]).toEqual([0.1, 0])
  })
})

describe.each([500, 60_000])('%i values', (count) => {
  const values = drawn(count)
  const whole = spreadOf(values).data()

  it(`are the same in any order and in any parts (seed ${seed})`, () => {
    expect(spreadOf(values.toReversed()).data()).toEqual(whole)
    for (const parts of [2, 7, 300]) {
      const shares = Array.from({ length: parts }, () => new Spread())
      for (const [index, value] of values.entries()) shares[(index * index) % parts]!.add(value)
      const merged = new Spread()
      for (const share of shares.toReversed()) merged.merge(Spread.from(share.data()))
      expect(merged.data()).toEqual(whole)
    }
  })

  it('are as exact as they need to be, in bounded memory', () => {
    expect(whole.values.length).toBeLessThanOrEqual(8192)
    const sorted = values.toSorted((a, b) => a - b)
    const spread = spreadOf(values)
    for (const p of [0.05, 0.5, 0.9, 0.99]) {
      const exact = sorted[Math.floor(p * count)]!
      expect(Math.abs(spread.quantile(p) / exact - 1)).toBeLessThan(count > 8192 ? 1e-3 : 1e-2)
    }
    expect(spread.size).toBe(count)
  })
})
