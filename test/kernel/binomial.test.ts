import { describe, expect, it } from 'vitest'
import { binomial, binomialLogProbability } from '../../src/kernel/binomial.js'
import { Tape } from '../../src/kernel/random.js'
import { casesOf } from './cases.js'
import { discreteFromRatio, drawn, expectDiscreteFit, expectMoments } from './goodness.js'

// Inversion below n p = 10, rejection above; each also mirrored, for p above one half.
const CASES = [
  [1, 0.3],
  [10, 0.5],
  [19, 0.5],
  [20, 0.5],
  [1_000, 1e-4],
  [1_000, 0.00999],
  [1_000, 0.01],
  [1_000, 0.02],
  [1_000, 0.5],
  [40, 0.9],
  [1_000, 0.995],
  [1_000, 0.7],
  [10_000, 0.3],
  [1_000_000, 0.2],
  [1_000_000, 5e-6],
  [1_000_000_000, 0.37],
  [1_000_000_000, 2e-8],
] as const

describe('binomial draws', () => {
  it.each(CASES)('of %s trials with probability %s come from the binomial distribution', (n, p) => {
    const stream = new Tape('binomial fit').stream('draws', `${n} ${p}`)
    const draws = drawn(100_000, () => binomial(stream, n, p))
    const label = `n ${n}, p ${p}, seed "binomial fit"`
    const variance = n * p * (1 - p)
    expectDiscreteFit(label, draws, lawOf(n, p))
    const fourth = variance * (1 + (3 * n - 6) * p * (1 - p))
    expectMoments(label, draws, { mean: n * p, variance, fourth })
  })

  it('are certain where the trials are', () => {
    const stream = new Tape(1).stream('draws')
    expect([binomial(stream, 0, 0.5), binomial(stream, 1e9, 0), binomial(stream, 1e9, 1)]).toEqual([0, 0, 1e9])
  })

  it('stay between 0 and n when the uniform is at its ends', () => {
    const stream = new Tape(1).stream('draws')
    for (const uniform of [0, 1 - 2 ** -53]) {
      stream.uniform = () => uniform
      for (const [n, p] of [
        [1, 0.5],
        [3, 0.4],
        [19, 0.5],
        [19, 0.6],
        [1_000_000, 9e-6],
      ] as const) {
        const count = binomial(stream, n, p)
        expect(count, `n ${n}, p ${p}`).toBeGreaterThanOrEqual(0)
        expect(count, `n ${n}, p ${p}`).toBeLessThanOrEqual(Math.min(n, n * p + 70))
      }
    }
  })

  it('never fall when only the probability rises, below a mean of 10', () => {
    const stream = new Tape('monotone').stream('draws')
    for (let block = 0; block < 2_000; block++) {
      let before = 0
      for (const p of [0, 1e-4, 0.001, 0.002, 0.0099]) {
        stream.seek(block)
        const count = binomial(stream, 1_000, p)
        expect(count, `block ${block}`).toBeGreaterThanOrEqual(before)
        before = count
      }
    }
  })

  it('stay exact integers up to 2^52 trials', () => {
    const stream = new Tape(1).stream('draws')
    const n = 2 ** 52
    const draws = drawn(2_000, () => binomial(stream, n, 0.25))
    expect(draws.every(Number.isSafeInteger)).toBe(true)
    expectMoments('n 2^52, seed 1', draws, { mean: n / 4, variance: (n * 3) / 16 })
  })

  it('refuse trials that are no count and probabilities that are none', () => {
    const stream = new Tape(1).stream('draws')
    for (const [n, p] of [
      [-1, 0.5],
      [1.5, 0.5],
      [Number.NaN, 0.5],
      [1e17, 0.5],
      [10, -0.1],
      [10, 1.1],
      [10, Number.NaN],
    ] as const) {
      expect(() => binomial(stream, n, p)).toThrow(RangeError)
    }
  })
})

it.each(casesOf('probabilities').filter(([name]) => name === 'binomial'))(
  'ln P for %s count %s of %s with probability %s is %s',
  (_, k, n, p, value) => {
    const truth = Number(value)
    expect(Math.abs(binomialLogProbability(Number(k), Number(n), Number(p)) - truth)).toBeLessThan(1e-9)
  },
)

function lawOf(n: number, p: number) {
  const mode = Math.floor((n + 1) * p)
  const reach = Math.ceil(8 * Math.sqrt(n * p * (1 - p)) + 20)
  return discreteFromRatio(
    Math.max(0, mode - reach),
    Math.min(n, mode + reach),
    mode,
    (k) => ((n - k) / (k + 1)) * (p / (1 - p)),
  )
}
