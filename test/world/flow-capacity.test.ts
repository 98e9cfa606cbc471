import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { Flow } from '../../src/world/flow.js'
import { Traffic } from '../../src/world/traffic.js'
import { errors, expectMean, healthy, minute, overSeeds, planOf, quadrature, second } from './flights.js'

const end = 30 * minute
const small = { ...healthy, errorRatio: 0, capacityPerPod: 20 }
const plain = [new Behaviour(small, []), new Behaviour(small, [])]
const refused = (flow: Flow, version: number) => flow.cells.counts[flow.cells.index(version, 2)]!

// 0 to 150 requests a second in half an hour; five stable pods serve 100.
const rising = new Traffic([
  { atMs: 0, requestsPerSecond: 0 },
  { atMs: end, requestsPerSecond: 150 },
])

describe('A version', () => {
  it('sheds what exceeds the capacity of its pods, to the instant at which a rising rate passes it', () => {
    // Half of the traffic on two pods: 75 t/T - 40 above t = 16 minutes.
    const expected = 0.5 * 35 * 14 * 60
    const flights = overSeeds(1000, planOf({ traffic: rising, behaviours: plain }), (flow) => {
      flow.split(0, [0.5, 0.5], [5, 2])
      const harm = flow.finish(end)
      return { shed: refused(flow, 1), stableShed: refused(flow, 0), harm }
    })
    expectMean(
      'shed',
      flights.map(({ shed }) => shed),
      expected,
    )
    expect(flights.every(({ stableShed, harm, shed }) => stableShed === 0 && harm.failed === shed)).toBe(true)
    // Stable alone would shed above 20 minutes, so of the shed requests half of 50 t/T' are not the release's doing.
    const stableAlone = 0.5 * 0.5 * 50 * 10 * 60
    expect(flights[0]!.harm.meanExcessRequests).toBeCloseTo(expected - stableAlone, 6)
    expect(flights[0]!.harm.meanExposedRequests).toBeCloseTo(
      quadrature((t) => t / second / 24, [16 * minute, end]) / second,
      3,
    )
    expectMean(
      'excess',
      flights.map(({ harm }) => harm.excessRequests),
      expected - stableAlone,
    )
  })

  it('sheds beside a growing error ratio exactly', () => {
    const behaviours = [plain[0]!, new Behaviour(small, [errors(0.6, { onsetMs: 5 * minute, rampMs: 20 * minute })])]
    const flow = new Flow(planOf({ traffic: rising, behaviours }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 2])
    const harm = flow.finish(end)
    const good = (t: number) => Math.min(rising.rateAt(t) / 2, 40) * (1 - behaviours[1]!.errorRatioAt(t))
    const yardstick = (t: number) => Math.min(rising.rateAt(t), 100) / 2
    const edges = [0, 5, 16, 20, 25, 30].map((at) => at * minute)
    const expected = quadrature((t) => (yardstick(t) - good(t)) / second, edges)
    expect(harm.meanExcessRequests / expected).toBeCloseTo(1, 9)
  })

  it('sheds all the time when the rate is constant and too high', () => {
    const shed = overSeeds(500, planOf({ traffic: Traffic.constant(100), behaviours: plain }), (flow) => {
      flow.split(0, [0.2, 0.8], [5, 3])
      flow.draw(end)
      return refused(flow, 1)
    })
    expectMean('shed', shed, 20 * 1800)
  })

  it('without a serving pod refuses everything it is sent', () => {
    const behaviours = [new Behaviour({ ...healthy, errorRatio: 0.1 }, []), new Behaviour(healthy, [])]
    const flow = new Flow(planOf({ behaviours }), new Tape(1))
    flow.split(10 * minute, [0.9, 0.1], [5, 0])
    flow.split(20 * minute, [1, 0], [5, 0])
    const harm = flow.finish(end)
    expect(refused(flow, 1)).toBe(harm.canaryRequests)
    expect(harm.exposedRequests).toBe(harm.canaryRequests)
    // Nine in ten of them stable would have answered well.
    expect(harm.meanExcessRequests).toBeCloseTo(0.9 * 0.1 * 100 * 600, 6)
  })

  it('stable included: when no pod serves, everything fails, and the release is to blame', () => {
    const flow = new Flow(planOf(), new Tape(1))
    flow.split(10 * minute, [1, 0], [0, 0])
    flow.split(15 * minute, [1, 0], [5, 0])
    const harm = flow.finish(end)
    expect(harm.meanExposedRequests).toBeCloseTo(100 * 300, 6)
    expect(harm.meanExcessRequests).toBeCloseTo(0.998 * 100 * 300, 6)
    expect(harm.userMinutes).toBeCloseTo(1000 * 5, 6)
    expect(harm.canaryRequests).toBe(0)
  })
})

describe('Overload', () => {
  it('that stable would have had with all its pods is no harm of the release', () => {
    const plan = planOf({ traffic: Traffic.constant(300), behaviours: plain })
    for (const share of [0, 0.07, 0.4]) {
      const flow = new Flow(plan, new Tape(1))
      flow.split(0, [1 - share, share], [5 * (1 - share), 5 * share])
      const harm = flow.finish(end)
      expect(harm.failed).toBeGreaterThan(190 * 1800)
      expect(harm).toMatchObject({ excessRequests: 0, exposedRequests: 0, meanExposedRequests: 0 })
    }
  })

  it('that comes from taking pods from stable is', () => {
    const flow = new Flow(planOf({ traffic: Traffic.constant(90), behaviours: plain }), new Tape(1))
    flow.split(0, [0.9, 0.1], [3, 1])
    expect(flow.finish(end).meanExcessRequests).toBeCloseTo((81 - 60) * 1800, 6)
  })
})
