// The expected size of a sequential test, held against Wald's closed form and against the test itself.
import { describe, expect, it } from 'vitest'
import { expectedSize } from '../../src/judge/sprt.js'
import { Tape } from '../../src/kernel/random.js'

const errors = { falseAborts: 0.05, missed: 0.05 }

/** Requests that Wald's test takes, one after another, until it decides that something is faulty or isn't. */
function sizeOfOne(healthy: number, faulty: number, draw: () => number): number {
  const upper = Math.log((1 - errors.missed) / errors.falseAborts)
  const lower = Math.log(errors.missed / (1 - errors.falseAborts))
  let sum = 0
  for (let requests = 1; ; requests++) {
    sum += draw() < faulty ? Math.log(faulty / healthy) : Math.log((1 - faulty) / (1 - healthy))
    if (sum >= upper || sum <= lower) return requests
  }
}

describe('The expected size of a sequential test', () => {
  it('is the closed form that is computed by hand', () => {
    // α = β = 5 %: 0.95 ln 19 + 0.05 ln (1/19) = 0.9 × 2.944439; 10 % against 5 %: 0.1 ln 2 + 0.9 ln (0.9 / 0.95).
    const gain = 0.1 * Math.LN2 + 0.9 * -0.0540672
    expect(expectedSize({ healthy: 0.05, faulty: 0.1 }, errors)).toBeCloseTo((0.9 * 2.944439) / gain, 1)
  })

  it('is a little less than what the test takes, which ends beyond its bound', () => {
    for (const [healthy, faulty] of [
      [0.01, 0.03],
      [0.05, 0.1],
      [0.2, 0.3],
    ] as const) {
      const stream = new Tape(7).stream('sprt')
      const flown = 4000
      let sum = 0
      for (let run = 0; run < flown; run++) sum += sizeOfOne(healthy, faulty, () => stream.uniform())
      const bound = expectedSize({ healthy, faulty }, errors)
      expect(sum / flown).toBeGreaterThan(bound * 0.97)
      expect(sum / flown).toBeLessThan(bound * 1.2)
    }
  })

  it('is without end where both are the same, and nothing where one request is proof', () => {
    expect(expectedSize({ healthy: 0.1, faulty: 0.1 }, errors)).toBe(Number.POSITIVE_INFINITY)
    expect(expectedSize({ healthy: 0, faulty: 0.1 }, errors)).toBe(0)
  })

  it('needs more requests the surer it has to be, and the nearer the two are', () => {
    const shares = { healthy: 0.01, faulty: 0.05 }
    const sure = expectedSize(shares, { falseAborts: 0.001, missed: 0.001 })
    expect(sure).toBeGreaterThan(expectedSize(shares, errors))
    expect(expectedSize({ healthy: 0.01, faulty: 0.02 }, errors)).toBeGreaterThan(expectedSize(shares, errors))
  })
})
