import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { Flow } from '../../src/world/flow.js'
import { Traffic } from '../../src/world/traffic.js'
import { type Changes, canaryWith, errors, expectMean, healthy, minute, overSeeds, planOf, second } from './flights.js'
import { audienceOf } from './people.js'

const end = 30 * minute
const spotless = { ...healthy, errorRatio: 0 }

/** Looks every 15 seconds, as a scrape would, with these weights from these minutes on. */
function flyWith(weights: readonly (readonly [fromMinute: number, weight: number])[]) {
  return (flow: Flow) => {
    let next = 0
    for (let at = 0; at < end; at += 15 * second) {
      flow.draw(at)
      for (; next < weights.length && weights[next]![0] * minute <= at; next++) {
        const weight = weights[next]![1]
        flow.split(at, [1 - weight, weight], [5, 5])
      }
    }
    return flow.finish(end)
  }
}

describe('Excess requests, over a thousand seeds', () => {
  // B = integral of rate * weight * (error ratio of the canary - that of stable): worked out by hand.
  const ramp = new Traffic([
    { atMs: 0, requestsPerSecond: 0 },
    { atMs: end, requestsPerSecond: 120 },
  ])
  const step = new Traffic([
    { atMs: 0, requestsPerSecond: 10 },
    { atMs: 20 * minute, requestsPerSecond: 10 },
    { atMs: 20 * minute, requestsPerSecond: 40 },
  ])
  const cases: readonly (readonly [string, Changes, readonly (readonly [number, number])[], number])[] = [
    ['constant', { behaviours: canaryWith(errors(0.1)) }, [[0, 0.1]], 100 * 0.1 * 0.0998 * 1800],
    ['ramping traffic', { traffic: ramp, behaviours: canaryWith(errors(0.1)) }, [[0, 0.1]], 60 * 0.1 * 0.0998 * 1800],
    ['stepping traffic', { traffic: step, behaviours: canaryWith(errors(0.1)) }, [[10, 0.5]], 0.5 * 0.0998 * 30_000],
    [
      'a ramping fault on ramping traffic',
      { traffic: ramp, behaviours: canaryWith(errors(0.1, { rampMs: end })) },
      [[0, 0.1]],
      (120 * 0.1 * 0.0998 * 1800) / 3,
    ],
    [
      'stepping weights and a late fault',
      { behaviours: canaryWith(errors(0.02, { onsetMs: 7 * minute })) },
      [
        [5, 0.05],
        [10, 0.25],
        [20, 0.5],
        [25, 0],
      ],
      100 * 60 * 0.998 * 0.02 * (3 * 0.05 + 10 * 0.25 + 5 * 0.5),
    ],
  ]

  it.each(cases)('are what the closed form says: %s', (label, changes, weights, expected) => {
    const harms = overSeeds(1000, planOf(changes), flyWith(weights))
    expect(harms[0]!.meanExcessRequests / expected).toBeCloseTo(1, 9)
    const excess = harms.map((harm) => harm.excessRequests)
    expectMean(label, excess, expected)
    expectMean(
      `${label}, variance`,
      excess.map((count) => (count - expected) ** 2),
      expected,
    )
    const exposed = harms.map((harm) => harm.exposedRequests)
    expectMean(`${label}, exposed`, exposed, harms[0]!.meanExposedRequests)
  })

  it('are none without a fault', () => {
    for (const harm of overSeeds(100, planOf({ traffic: ramp }), flyWith([[0, 0.5]]))) {
      expect(harm).toMatchObject({ excessRequests: 0, exposedRequests: 0, harmedUsers: 0, exposedUsers: 0 })
      expect(harm).toMatchObject({ budgetSpentPercent: 0, userMinutes: 0, exposurePossibleMs: undefined })
      expect(harm.failed).toBeGreaterThan(0)
    }
  })

  it('are none for a fault that the canary shares with stable', () => {
    const both = [errors(0.2, { onsetMs: minute, rampMs: 10 * minute })]
    const behaviours = [new Behaviour(healthy, both), new Behaviour(healthy, both)]
    for (const harm of overSeeds(20, planOf({ behaviours }), flyWith([[0, 0.5]]))) expect(harm.exposedRequests).toBe(0)
  })

  it('are none for a canary that is better than stable', () => {
    const behaviours = [new Behaviour({ ...healthy, errorRatio: 0.1 }, []), new Behaviour(healthy, [])]
    for (const harm of overSeeds(20, planOf({ behaviours }), flyWith([[0, 0.5]]))) expect(harm.exposedRequests).toBe(0)
  })

  it("don't depend on whether anybody watches", () => {
    const behaviours = canaryWith(errors(0.02, { onsetMs: 7 * minute }))
    const weights = [
      [5, 0.05],
      [20, 0.5],
    ] as const
    const expected = 100 * 60 * 0.998 * 0.02 * (13 * 0.05 + 10 * 0.5)
    for (const watched of [
      [false, false],
      [false, true],
      [true, false],
    ]) {
      const harms = overSeeds(1000, planOf({ behaviours, watched }), flyWith(weights))
      expectMean(
        `watched ${watched}`,
        harms.map((harm) => harm.excessRequests),
        expected,
      )
      expectMean(
        `watched ${watched}, failed`,
        harms.map((harm) => harm.failed),
        180_000 * 0.002 + expected,
      )
    }
  })

  it('stay right on average when the policy stops at what it sees', () => {
    // Weight goes to 0 at the first look that shows eight errors: harm and counts depend on each other through that.
    const behaviours = [new Behaviour(healthy, []), new Behaviour(healthy, [errors(0.01, { onsetMs: 5 * minute })])]
    const harms = overSeeds(4000, planOf({ traffic: Traffic.constant(20), behaviours }), (flow) => {
      flow.split(0, [0.5, 0.5], [5, 5])
      const at500 = flow.cells.index(1, 1)
      let before = 0
      for (let at = 37 * second; at < end; at += 37 * second) {
        flow.draw(at)
        const seen = flow.cells.counts[at500]! - before
        before += seen
        if (seen >= 8) flow.split(at, [1, 0], [5, 0])
      }
      return flow.finish(end)
    })
    expect(new Set(harms.map((harm) => harm.meanExcessRequests)).size).toBeGreaterThan(10)
    const difference = harms.map((harm) => harm.excessRequests - harm.meanExcessRequests)
    expectMean('excess beyond its mean under a stopping policy', difference, 0)
  })
})

describe('Users, over a thousand seeds', () => {
  const traffic = Traffic.constant(10)
  const excess = 10 * 0.1 * 0.1 * 1800
  const behaviours = [new Behaviour(spotless, []), new Behaviour(spotless, [errors(0.1)])]

  it('are harmed independently of each other without stickiness: U (1 - exp(-B/U))', () => {
    const harms = overSeeds(1000, planOf({ traffic, behaviours }), flyWith([[0, 0.1]]))
    expectMean(
      'harmed',
      harms.map((harm) => harm.harmedUsers),
      1000 * (1 - Math.exp(-excess / 1000)),
    )
    expectMean(
      'exposed',
      harms.map((harm) => harm.exposedUsers),
      1000 * (1 - Math.exp((-10 * excess) / 1000)),
    )
  })

  it('are harmed below the weight only when they are sticky: U w (1 - exp(-B/(U w)))', () => {
    const audience = audienceOf(4000, 'hash')
    const harms = overSeeds(1000, planOf({ traffic, behaviours, audience }), flyWith([[0, 0.1]]))
    expectMean(
      'harmed',
      harms.map((harm) => harm.harmedUsers),
      400 * (1 - Math.exp(-excess / 400)),
    )
    expectMean(
      'exposed',
      harms.map((harm) => harm.exposedUsers),
      400 * (1 - Math.exp((-10 * excess) / 400)),
    )
  })

  it.each([
    ['looked at often', [true, true]],
    ['looked at once, at the end', [false, false]],
  ])(
    'are harmed slice by slice when the weight goes up and down, %s: sum of U (b-a) (1 - exp(-m))',
    (label, watched) => {
      const users = 20_000
      const plan = planOf({ behaviours, audience: audienceOf(users, 'hash'), watched })
      const weights = [
        [0, 0.02],
        [10, 0.1],
        [20, 0.05],
      ] as const
      const harms = overSeeds(1000, plan, flyWith(weights))
      // Excess requests per user: a user's own requests while the weight is above the user's bucket.
      const perMinute = (100 * 60 * 0.1) / users
      const slice = (share: number, minutes: number, part = 1) =>
        users * share * (1 - Math.exp(-perMinute * minutes * part))
      const harmed = slice(0.02, 30) + slice(0.03, 20) + slice(0.05, 10)
      expectMean(
        `harmed, ${label}`,
        harms.map((harm) => harm.harmedUsers),
        harmed,
      )
      const exposed = slice(0.02, 30, 10) + slice(0.03, 20, 10) + slice(0.05, 10, 10)
      expectMean(
        `exposed, ${label}`,
        harms.map((harm) => harm.exposedUsers),
        exposed,
      )
    },
  )

  it('are far fewer when sticky, though the failed requests are the same', () => {
    const loose = overSeeds(10, planOf({ behaviours, audience: audienceOf(20_000) }), flyWith([[0, 0.01]]))
    const sticky = overSeeds(10, planOf({ behaviours, audience: audienceOf(20_000, 'hash') }), flyWith([[0, 0.01]]))
    expect(loose.map((harm) => harm.excessRequests)).toEqual(sticky.map((harm) => harm.excessRequests))
    for (const [seed, harm] of sticky.entries()) {
      expect(harm.exposedUsers).toBeLessThanOrEqual(200)
      expect(loose[seed]!.exposedUsers).toBeGreaterThan(1000)
    }
  })
})

describe('The rest of the blast radius', () => {
  const behaviours = [new Behaviour(spotless, []), new Behaviour(spotless, [errors(0.5, { onsetMs: 6 * minute })])]

  it('measures user-minutes as users * weight * minutes while bad', () => {
    const [harm] = overSeeds(
      1,
      planOf({ behaviours }),
      flyWith([
        [2, 0.1],
        [10, 0.3],
        [20, 0],
      ]),
    )
    expect(harm!.userMinutes).toBeCloseTo(1000 * (0.1 * 4 + 0.3 * 10), 9)
  })

  it('measures the budget as excess / (mean rate * window * (1 - objective))', () => {
    const objective = { ratio: 0.99, windowMs: 24 * 60 * minute }
    const traffic = new Traffic([
      { atMs: 0, requestsPerSecond: 0 },
      { atMs: end, requestsPerSecond: 200 },
    ])
    const [harm] = overSeeds(1, planOf({ traffic, behaviours, objective }), flyWith([[0, 0.5]]))
    expect(harm!.budgetSpentPercent).toBeCloseTo((100 * harm!.excessRequests) / (100 * 86_400 * 0.01), 9)
  })

  it('has no budget without an objective', () => {
    const { objective: _, ...plan } = planOf({ behaviours })
    expect(overSeeds(1, plan, flyWith([[0, 0.5]]))[0]!.budgetSpentPercent).toBeUndefined()
  })

  it('knows the greatest weight that serving canary pods had', () => {
    const flow = new Flow(planOf(), new Tape(1))
    flow.split(minute, [0.75, 0.25], [5, 1])
    flow.split(2 * minute, [0.1, 0.9], [5, 0])
    flow.split(3 * minute, [0.2, 0.8], [5, 3])
    flow.split(3 * minute, [1, 0], [5, 3])
    expect(flow.finish(end).peakWeightPercent).toBe(25)
  })

  it('begins at the later of the onset and the first weight', () => {
    const [early, late] = [3, 9].map((from) => overSeeds(1, planOf({ behaviours }), flyWith([[from, 0.1]]))[0]!)
    expect(early!.exposurePossibleMs).toBe(6 * minute)
    expect(late!.exposurePossibleMs).toBe(9 * minute)
  })

  it('exposes the first request an exponential time later', () => {
    const plan = planOf({ traffic: Traffic.constant(0.5), behaviours })
    const harms = overSeeds(4000, plan, flyWith([[0, 0.1]]))
    const waits = harms.map((harm) => (harm.firstExposedRequestMs ?? Number.NaN) - 6 * minute)
    for (const [seed, harm] of harms.entries()) expect(waits[seed]! >= 0).toBe(harm.exposedRequests > 0)
    const late = (waitMs: number) => waits.filter((wait) => !(wait <= waitMs)).length
    for (const waitMs of [5 * second, 20 * second, minute, 3 * minute]) {
      const share = Math.exp(-0.05 * (waitMs / second))
      const off = Math.abs(late(waitMs) - 4000 * share) / Math.sqrt(4000 * share * (1 - share))
      expect(off, `waits beyond ${waitMs} ms`).toBeLessThan(4)
    }
  })

  it('exposes the first request in proportion to a growing rate', () => {
    const traffic = new Traffic([
      { atMs: 6 * minute, requestsPerSecond: 0 },
      { atMs: 16 * minute, requestsPerSecond: 2 },
    ])
    const harms = overSeeds(4000, planOf({ traffic, behaviours }), (flow) => {
      flow.split(0, [0.9, 0.1], [5, 5])
      return flow.finish(end)
    })
    const waits = harms.map((harm) => (harm.firstExposedRequestMs ?? Number.NaN) - 6 * minute)
    for (const wait of [30, 60, 120]) {
      // The rate of exposed requests is 0.2 t / 600 a second.
      const share = Math.exp((-0.1 * wait ** 2) / 600)
      const off = waits.filter((waited) => !(waited <= wait * second)).length - 4000 * share
      expect(Math.abs(off) / Math.sqrt(4000 * share * (1 - share)), `waits beyond ${wait} s`).toBeLessThan(4)
    }
  })
})
