import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Audience } from '../../src/world/audience.js'
import type { Reached } from '../../src/world/reached.js'
import { expectMean } from './flights.js'
import { audienceOf } from './people.js'

interface Requests {
  readonly weight: number
  readonly toCanary?: boolean
  readonly excess: number
  readonly spared: number
}

function reached(users: number, sticky: boolean, all: readonly Requests[], seed = 1): Reached {
  const audience = new Audience(audienceOf(users, sticky ? 'hash' : 'request'))
  for (const { weight, toCanary = true, excess, spared } of all) {
    audience.reach(audience.at(weight), toCanary, excess, spared)
  }
  return audience.count(new Tape(seed).stream('users'))
}

/** Plays every request by itself: users drawn one by one from those a request can come from. */
function played(users: number, all: readonly Requests[], seed: number): Reached {
  const stream = new Tape(seed).stream('played')
  const harmed = new Set<number>()
  const exposed = new Set<number>()
  for (const { weight, toCanary = true, excess, spared } of all) {
    const edge = Math.round(users * weight)
    for (let request = 0; request < excess + spared; request++) {
      const part = stream.uniform()
      const user = toCanary ? Math.floor(part * edge) : edge + Math.floor(part * (users - edge))
      exposed.add(user)
      if (request < excess) harmed.add(user)
    }
  }
  return { exposed: exposed.size, harmed: harmed.size }
}

const seeds = Array.from({ length: 2000 }, (_, seed) => seed)

describe('An audience', () => {
  it("is reached by nobody's requests when there are none", () => {
    expect(reached(100, true, [{ weight: 0.1, excess: 0, spared: 0 }])).toEqual({ exposed: 0, harmed: 0 })
    expect(reached(100, false, [])).toEqual({ exposed: 0, harmed: 0 })
  })

  it.each([false, true])('counts nobody twice and nobody without a request, sticky %s', (sticky) => {
    for (const seed of seeds.slice(0, 300)) {
      const users = 1 + (seed % 40)
      const all = [0.1, 0.5, 0.3].map((weight, index) => ({ weight, excess: (seed + index) % 7, spared: seed % 11 }))
      const { exposed, harmed } = reached(users, sticky, all, seed)
      const excess = all.reduce((sum, requests) => sum + requests.excess, 0)
      const spared = all.reduce((sum, requests) => sum + requests.spared, 0)
      expect(harmed).toBeLessThanOrEqual(Math.min(excess, exposed))
      expect(exposed).toBeLessThanOrEqual(Math.min(users, excess + spared))
      expect(exposed > 0).toBe(excess + spared > 0)
      expect(harmed > 0).toBe(excess > 0)
    }
  })

  it('is as if every request had drawn its user', () => {
    const all = [{ weight: 1, excess: 60, spared: 90 }]
    const drawn = seeds.map((seed) => reached(100, false, all, seed))
    const expected = (balls: number) => 100 * (1 - 0.99 ** balls)
    expectMean(
      'harmed',
      drawn.map(({ harmed }) => harmed),
      expected(60),
    )
    expectMean(
      'exposed',
      drawn.map(({ exposed }) => exposed),
      expected(150),
    )
  })

  it('is as if every sticky request had drawn its user among those below the weight, or above it', () => {
    const all = [
      { weight: 0.1, excess: 12, spared: 20 },
      { weight: 0.5, excess: 30, spared: 25 },
      { weight: 0.25, excess: 18, spared: 0 },
      { weight: 0.5, toCanary: false, excess: 9, spared: 14 },
      { weight: 0, toCanary: false, excess: 3, spared: 5 },
      { weight: 1, excess: 6, spared: 2 },
    ]
    const drawn = seeds.map((seed) => reached(80, true, all, seed))
    const truth = seeds.map((seed) => played(80, all, seed))
    for (const key of ['harmed', 'exposed'] as const) {
      const difference = drawn.map((one, seed) => one[key] - truth[seed]![key])
      expectMean(`${key} drawn less played`, difference, 0)
      const squares = (all: readonly Reached[]) => all.map((one) => one[key] ** 2)
      const [drawnSquares, playedSquares] = [squares(drawn), squares(truth)]
      expectMean(
        `${key}, squared`,
        drawnSquares.map((square, seed) => square - playedSquares[seed]!),
        0,
      )
    }
  })

  it('has at least one user on each side of a weight between 0 and 1', () => {
    expect(reached(10, true, [{ weight: 0.001, excess: 50, spared: 0 }])).toEqual({ exposed: 1, harmed: 1 })
    const few = [{ weight: 0.999, toCanary: false, excess: 50, spared: 0 }]
    expect(reached(10, true, few)).toEqual({ exposed: 1, harmed: 1 })
    expect(reached(1, true, [{ weight: 0.5, excess: 0, spared: 9 }])).toEqual({ exposed: 1, harmed: 0 })
  })

  it('keeps sticky users when the weight grows: the most it was is all there are', () => {
    const all = [0.1, 0.2, 0.3].map((weight) => ({ weight, excess: 0, spared: 100_000 }))
    expect(reached(1000, true, all)).toEqual({ exposed: 300, harmed: 0 })
  })

  it('needs at least one user', () => {
    expect(() => audienceOf(0)).toThrow(RangeError)
    expect(() => audienceOf(1.5)).toThrow(RangeError)
  })
})
