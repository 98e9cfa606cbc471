import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { Flow, type FlowPlan } from '../../src/world/flow.js'
import { alike } from '../../src/world/lanes.js'
import { Traffic } from '../../src/world/traffic.js'
import { expectMoments } from '../kernel/goodness.js'
import {
  canaryWith,
  errors,
  expectUncorrelated,
  faultOf,
  healthy,
  minute,
  overSeeds,
  planOf,
  second,
} from './flights.js'

const codes = [0, 1, 2]

/** What each look of a flight brought to a version, summed over latency classes, per code. */
function looksOf(flow: Flow, version: number, untilMs: number, everyMs: number, turn = (_: number) => {}): number[][] {
  const before = codes.map(() => 0)
  const looks: number[][] = []
  for (let at = everyMs; at <= untilMs; at += everyMs) {
    flow.draw(at)
    looks.push(
      codes.map((code) => {
        let count = 0
        for (let k = 0; k < flow.cells.classes; k++) count += flow.cells.counts[flow.cells.index(version, code, k)]!
        const brought = count - before[code]!
        before[code] = count
        return brought
      }),
    )
    turn(at)
  }
  return looks
}

function fly(plan: FlowPlan, version: number, canaryShare: number, seed = 1): number[][] {
  const flow = new Flow(plan, new Tape(seed))
  const { versions } = plan.answering
  const rest = Array.from({ length: versions - 2 }, () => 0.1)
  flow.split(
    0,
    [1 - canaryShare - 0.1 * rest.length, canaryShare, ...rest],
    Array.from({ length: versions }, () => 5),
  )
  return looksOf(flow, version, 30 * minute, 15 * second)
}

describe('A look', () => {
  it.each([
    [10, 'many'],
    [0.02, 'few'],
  ])('draws Poisson counts: variance is mean, at %d requests a second', (rate) => {
    const plan = planOf({ traffic: Traffic.constant(rate), behaviours: canaryWith(errors(0.3)) })
    const looks = overSeeds(100, plan, (flow) => {
      flow.split(0, [0.6, 0.4], [5, 5])
      return looksOf(flow, 1, 30 * minute, 15 * second)
    }).flat()
    const answers = rate * 15 * 0.4
    const errorRatio = 0.002 + 0.998 * 0.3
    for (const [code, mean] of [answers * (1 - errorRatio), answers * errorRatio].entries()) {
      const fourth = mean + 3 * mean * mean
      expectMoments(
        `code ${code}, seeds 0 to 99`,
        looks.map((look) => look[code]!),
        { mean, variance: mean, fourth },
      )
    }
  })

  it('draws Poisson counts also when weights, rates and faults changed since the last one', () => {
    const traffic = new Traffic([0, 5, 10, 15].map((at) => ({ atMs: at * second, requestsPerSecond: 2 + (at % 10) })))
    const behaviours = canaryWith(errors(0.5, { onsetMs: 7 * second, rampMs: 5 * second }))
    const counts = overSeeds(5000, planOf({ traffic, behaviours }), (flow) => {
      flow.split(3 * second, [0.5, 0.5], [5, 5])
      flow.split(9 * second, [0, 1], [5, 5])
      flow.draw(14 * second)
      return flow.cells.counts[flow.cells.index(1, 1)]!
    })
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    expectMoments('errors', counts, { mean, variance: mean, fourth: mean + 3 * mean * mean })
  })

  it('draws versions, codes and successive looks independently of each other', () => {
    const behaviours = canaryWith(errors(0.3))
    const flights = overSeeds(40, planOf({ behaviours }), (flow) => {
      flow.split(0, [0.5, 0.5], [5, 5])
      const stable: number[] = []
      const canary: number[][] = []
      let before = 0
      canary.push(
        ...looksOf(flow, 1, 30 * minute, 15 * second, () => {
          const count = flow.cells.counts[flow.cells.index(0, 0)]!
          stable.push(count - before)
          before = count
        }),
      )
      return { stable, good: canary.map((look) => look[0]!), bad: canary.map((look) => look[1]!) }
    })
    const good = flights.flatMap((flight) => flight.good)
    expectUncorrelated(
      'stable and canary',
      flights.flatMap((flight) => flight.stable),
      good,
    )
    expectUncorrelated(
      'good and bad',
      good,
      flights.flatMap((flight) => flight.bad),
    )
    expectUncorrelated('one look and the next', good.slice(1), good.slice(0, -1))
  })

  it('brings nothing the second time at one instant', () => {
    const flow = new Flow(planOf(), new Tape(1))
    flow.draw(minute)
    const once = [...flow.cells.counts]
    flow.draw(minute)
    expect([...flow.cells.counts]).toEqual(once)
  })
})

describe('Draws of a version stay where they are', () => {
  const behaviours = canaryWith(errors(0.1))
  const plan = planOf({ behaviours })
  const stable = fly(plan, 0, 0.2)

  it('when somebody begins to watch latency', () => {
    expect(fly({ ...plan, latencyBoundsMs: [10, 100, 1000] }, 0, 0.2)).toEqual(stable)
    expect(fly({ ...plan, objective: { ratio: 0.9, windowMs: 1e9, latencyMs: 300 } }, 0, 0.2)).toEqual(stable)
  })

  it('when the other version behaves differently', () => {
    const slow = faultOf({ kind: 'latency', change: { kind: 'factor', factor: 3 } })
    expect(fly(planOf({ behaviours: canaryWith(errors(0.9), slow) }), 0, 0.2)).toEqual(stable)
  })

  it('when the other version is no longer watched', () => {
    expect(fly({ ...plan, watched: [true, false] }, 0, 0.2)).toEqual(stable)
  })

  it('when there is one version more, or the canary takes from another than this one', () => {
    const three = { ...plan, answering: alike([...behaviours, new Behaviour(healthy, [])]) }
    const third = fly(three, 2, 0.2)
    expect(third).toEqual(fly(three, 2, 0.7))
    expect(fly(three, 0, 0.1)).toEqual(stable)
  })

  it('when earlier looks were different', () => {
    const late = (weight: number) => {
      const flow = new Flow(plan, new Tape(1))
      flow.split(0, [1 - weight, weight], [5, 5])
      flow.draw(minute)
      flow.split(minute, [0.8, 0.2], [5, 5])
      return looksOf(flow, 0, 10 * minute, minute).slice(2)
    }
    expect(late(0.9)).toEqual(late(0.3))
  })

  it('nearly so under a slightly different weight: paired flights meet the same luck', () => {
    const totals = (share: number) =>
      Array.from({ length: 60 }, (_, seed) => fly(plan, 1, share, seed).map((look) => look[1]!)).flat()
    const [one, other] = [totals(0.2), totals(0.21)]
    let differing = 0
    for (const [index, count] of one.entries()) differing += (count - other[index]! + 1.5) ** 2
    // Independent draws would differ by the sum of their variances, 30 + 31.5.
    expect(differing / one.length).toBeLessThan(20)
  })
})

describe('A flight', () => {
  it('is the same again on the same tape, after others on the same flow', () => {
    const plan = planOf({ behaviours: canaryWith(errors(0.1)), latencyBoundsMs: [50, 100, 500] })
    const flight = (flow: Flow) => {
      flow.split(
        0,
        [0.7, 0.3],
        [5, 2],
        [
          [0, 1, 2, 3, 4],
          [7, 9],
        ],
      )
      const looks = looksOf(flow, 1, 20 * minute, 15 * second)
      return [flow.finish(21 * minute), looks, [...flow.cells.counts.slice(0, 9 * 12)], flow.cells.count]
    }
    const flow = new Flow(plan, new Tape(5))
    const first = flight(flow)
    flow.reset(new Tape(6))
    const other = flight(flow)
    flow.reset(new Tape(5))
    expect(flight(flow)).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('can stop in the middle and be flown again', () => {
    const plan = planOf({ behaviours: canaryWith(errors(0.1)), latencyBoundsMs: [50, 100, 500] })
    const flow = new Flow(plan, new Tape(1))
    const whole = (): unknown => {
      flow.reset(new Tape(2))
      flow.split(minute, [0.5, 0.5], [5, 5])
      return flow.finish(10 * minute)
    }
    const first = whole()
    flow.reset(new Tape(3))
    flow.split(2 * minute, [0.1, 0.9], [5, 5])
    flow.advance(7 * minute)
    expect(whole()).toEqual(first)
  })
})
