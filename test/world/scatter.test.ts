import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Latency } from '../../src/world/latency/latency.js'
import { latencyClasses } from '../../src/world/latency/latency-classes.js'
import { scatter } from '../../src/world/scatter.js'
import { discreteFromRatio, expectCountsFit, expectDiscreteFit } from '../kernel/goodness.js'

const law = latencyClasses(Latency.fromPercentiles(80, 400), [5, 10, 25, 50, 75, 100, 250, 500, 1000])

/** Repeats a scattering; puts the places back into the order of classes, with none beyond the returned place. */
function scattered(total: number, times: number): Float64Array[] {
  const stream = new Tape('scatter').stream('hits', total)
  const hits = new Float64Array(10)
  return Array.from({ length: times }, () => {
    const end = scatter(stream, total, law, hits)
    const counts = new Float64Array(10)
    for (let place = 0; place < end; place++) counts[law.order[place]!] = hits[place]!
    return counts
  })
}

describe('Scattering', () => {
  // 48 answers and fewer are placed one by one.
  it.each([1, 2, 47, 48, 49, 60, 100, 5000])('of %d answers loses none and follows the shares', (total) => {
    const draws = scattered(total, Math.ceil(200_000 / total))
    for (const hits of draws) expect(hits.reduce((sum, hit) => sum + hit, 0)).toBe(total)
    const sums = law.shares.map((_, index) => draws.reduce((sum, hits) => sum + hits[index]!, 0))
    expectCountsFit(`${total} answers, seed "scatter"`, sums, [...law.shares])
  })

  it.each([20, 70, 400])('of %d answers gives each class a binomial count', (total) => {
    const draws = scattered(total, 20_000)
    for (const index of [2, 4, 6]) {
      const p = law.shares[index]!
      const mode = Math.floor((total + 1) * p)
      const binomial = discreteFromRatio(0, total, mode, (k) => ((total - k) / (k + 1)) * (p / (1 - p)))
      expectDiscreteFit(
        `class ${index} of ${total}`,
        draws.map((hits) => hits[index]!),
        binomial,
      )
    }
  })

  it('needs one class only when there is one', () => {
    const whole = latencyClasses(Latency.fromPercentiles(80, 400), [])
    const hits = new Float64Array(1)
    const stream = new Tape(1).stream('hits')
    for (const total of [1, 10, 1e9]) {
      expect(scatter(stream, total, whole, hits)).toBe(1)
      expect(hits[0]).toBe(total)
    }
  })
})
