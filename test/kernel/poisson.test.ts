import { describe, expect, it } from 'vitest'
import { poisson, poissonLogProbability } from '../../src/kernel/poisson.js'
import { Tape } from '../../src/kernel/random.js'
import { casesOf } from './cases.js'
import { discreteFromRatio, drawn, expectDiscreteFit, expectMoments } from './goodness.js'

// Both sides of the switch of method at 10, its first few counts included, and up to counts no table could hold.
const MEANS = [1e-3, 0.5, 1, 5, 9.999, 10, 10.001, 12, 30, 50, 300, 1e4, 1e6, 1e9]

describe('Poisson draws', () => {
  it.each(MEANS)('of mean %s come from the Poisson distribution', (mean) => {
    const stream = new Tape('poisson fit').stream('draws', String(mean))
    const draws = drawn(100_000, () => poisson(stream, mean))
    expectDiscreteFit(`mean ${mean}, seed "poisson fit"`, draws, lawOf(mean))
    expectMoments(`mean ${mean}, seed "poisson fit"`, draws, { mean, variance: mean, fourth: mean + 3 * mean * mean })
  })

  it('of mean 0 are 0', () => {
    expect(poisson(new Tape(1).stream('draws'), 0)).toBe(0)
  })

  it('stay exact integers up to a mean of 2^52', () => {
    const stream = new Tape(1).stream('draws')
    const mean = 2 ** 52
    const draws = drawn(2_000, () => poisson(stream, mean))
    expect(draws.every(Number.isSafeInteger)).toBe(true)
    expectMoments('mean 2^52, seed 1', draws, { mean, variance: mean })
  })

  it('never fall when only the mean rises, below 10', () => {
    const stream = new Tape('monotone').stream('draws')
    for (let block = 0; block < 2_000; block++) {
      let before = 0
      for (const mean of [0, 0.1, 1, 1.5, 4, 9.9]) {
        stream.seek(block)
        const count = poisson(stream, mean)
        expect(count, `block ${block}`).toBeGreaterThanOrEqual(before)
        before = count
      }
    }
  })

  it('end at a sane count when the uniform is as close to 1 as it gets', () => {
    const stream = new Tape(1).stream('draws')
    stream.uniform = () => 1 - 2 ** -53
    for (const mean of [0, 1e-9, 0.5, 5, 9.999]) {
      const count = poisson(stream, mean)
      expect(count, `mean ${mean}`).toBeLessThan(mean + 60)
    }
  })

  it('refuse a mean that is negative, no number, infinite or too large for exact counts', () => {
    const stream = new Tape(1).stream('draws')
    for (const mean of [-1e-9, Number.NaN, Number.POSITIVE_INFINITY, 1e17]) {
      expect(() => poisson(stream, mean)).toThrow(RangeError)
    }
  })
})

it.each(casesOf('probabilities').filter(([name]) => name === 'poisson'))(
  'ln P for %s count %s of mean %s is %s',
  (_, k, mean, value) => {
    const truth = Number(value)
    expect(Math.abs(poissonLogProbability(Number(k), Number(mean)) - truth)).toBeLessThan(1e-9)
  },
)

function lawOf(mean: number) {
  const reach = Math.ceil(8 * Math.sqrt(mean) + 20)
  const first = Math.max(0, Math.floor(mean) - reach)
  return discreteFromRatio(first, Math.floor(mean) + reach, Math.floor(mean), (k) => mean / (k + 1))
}
