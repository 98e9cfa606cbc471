import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Quota } from '../../src/world/quota.js'
import { expectMoments } from '../kernel/goodness.js'

const means = Float64Array.from([3, 0, 1e-9, 5, 2])
const total = 10 + 1e-9

function draws(requests: number, count: number): number[][] {
  const quota = new Quota()
  const stream = new Tape(5).stream('quota')
  return Array.from({ length: count }, () => {
    quota.begin(requests, means, means.length)
    const taken = Array.from(means, (mean, category) => (mean === 0 ? 0 : quota.take(stream, category, mean)))
    return taken
  })
}

describe('Quota', () => {
  it('gives away exactly what there is', () => {
    for (const requests of [0, 1, 7, 1_000_000]) {
      for (const taken of draws(requests, 50)) expect(taken.reduce((sum, count) => sum + count)).toBe(requests)
    }
  })

  it('gives each category what a multinomial draw would, and takes it from the others', () => {
    const all = draws(40, 20_000)
    for (const [category, mean] of means.entries()) {
      const p = mean / total
      if (p < 1e-3) continue
      const variance = 40 * p * (1 - p)
      const fourth = 3 * variance ** 2 + variance * (1 - 6 * p * (1 - p))
      const counts = all.map((taken) => taken[category]!)
      expectMoments(`category ${category}`, counts, { mean: 40 * p, variance, fourth })
    }
    const [p, q] = [0.3, 0.5]
    const sums = all.map((taken) => taken[0]! + taken[3]!)
    const variance = 40 * (p + q) * (1 - p - q)
    const fourth = 3 * variance ** 2 + variance * (1 - 6 * (p + q) * (1 - p - q))
    expectMoments('two together', sums, { mean: 32, variance, fourth })
  })
})
