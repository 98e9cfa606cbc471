import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { Flow, type FlowPlan } from '../../src/world/flow.js'
import type { Harm } from '../../src/world/harm.js'
import { Traffic } from '../../src/world/traffic.js'
import { canaryWith, errors, faultOf, forever, healthy, minute, planOf, quadrature, second } from './flights.js'

// The means of exposed and excess requests don't depend on the seed, so they can be held against plain quadrature of
// the definition: rate * weight * max(0, bad of the canary - bad of stable).

const end = 30 * minute
const weights = [
  [3 * minute, 0.05],
  [10 * minute, 0.2],
  [17 * minute, 0.5],
  [25 * minute, 0],
] as const

const weightAt = (timeMs: number) => weights.findLast(([from]) => from <= timeMs)?.[1] ?? 0

function fly(plan: FlowPlan): Harm {
  const flow = new Flow(plan, new Tape(1))
  for (const [at, weight] of weights) {
    // Looks in between must not change what is integrated.
    flow.draw(at - minute)
    flow.split(at, [1 - weight, weight], [5, 5])
  }
  return flow.finish(end)
}

const wavy = new Traffic([
  { atMs: 0, requestsPerSecond: 20 },
  { atMs: 8 * minute, requestsPerSecond: 180 },
  { atMs: 12 * minute, requestsPerSecond: 180 },
  { atMs: 12 * minute, requestsPerSecond: 60 },
  { atMs: 28 * minute, requestsPerSecond: 140 },
])
const bends = [0, 3, 4, 5, 6, 8, 10, 11, 12, 13, 17, 18, 20, 25, 28, 30].map((at) => at * minute)

const cases: Record<string, readonly Behaviour[]> = {
  'a fault that is there at once': canaryWith(errors(0.1, { onsetMs: 5 * minute })),
  'a fault that comes and goes': canaryWith(errors(0.1, { onsetMs: 5 * minute, endMs: 13 * minute })),
  'a fault that grows': canaryWith(errors(0.5, { onsetMs: 4 * minute, rampMs: 14 * minute })),
  'three faults that grow at once': canaryWith(
    errors(0.5, { onsetMs: 4 * minute, rampMs: 14 * minute }),
    errors(0.3, { onsetMs: 6 * minute, rampMs: 7 * minute }),
    errors(0.2, { onsetMs: 8 * minute, rampMs: 12 * minute, endMs: 18 * minute }),
  ),
  'a canary that is worse by itself': [new Behaviour(healthy, []), new Behaviour({ ...healthy, errorRatio: 0.03 }, [])],
  'a fault that grows on both versions': [
    new Behaviour(healthy, [errors(0.4, { onsetMs: 5 * minute, rampMs: 15 * minute })]),
    new Behaviour({ ...healthy, errorRatio: 0.03 }, [errors(0.4, { onsetMs: 5 * minute, rampMs: 15 * minute })]),
  ],
}

describe('The means of the flow', () => {
  it.each(Object.entries(cases))('are the integrals of the definition: %s', (_, behaviours) => {
    const harm = fly(planOf({ traffic: wavy, behaviours }))
    const [stable, canary] = behaviours as [Behaviour, Behaviour]
    const gapAt = (timeMs: number) => canary.errorRatioAt(timeMs) - stable.errorRatioAt(timeMs)
    const excess = quadrature((t) => (wavy.rateAt(t) / second) * weightAt(t) * Math.max(0, gapAt(t)), bends)
    const exposed = quadrature((t) => (wavy.rateAt(t) / second) * weightAt(t) * (gapAt(t) > 0 ? 1 : 0), bends)
    expect(excess).toBeGreaterThan(50)
    expect(harm.meanExcessRequests / excess).toBeCloseTo(1, 9)
    expect(harm.meanExposedRequests / exposed).toBeCloseTo(1, 9)
  })

  it('follow the workbook: 5 % of traffic with 20 % errors are 1 % of all requests', () => {
    const behaviours = [0, 0.2].map((errorRatio) => new Behaviour({ ...healthy, errorRatio }, []))
    const flow = new Flow(planOf({ behaviours }), new Tape(1))
    flow.split(0, [0.95, 0.05], [5, 1])
    const { meanExcessRequests, meanExposedRequests } = flow.finish(end)
    expect(meanExcessRequests).toBeCloseTo(0.01 * 100 * 1800, 8)
    expect(meanExposedRequests).toBeCloseTo(0.05 * 100 * 1800, 8)
  })

  it('count a canary only while it is worse than stable, to the instant at which two ramps cross', () => {
    // Stable goes from 0 to 30 % in 30 minutes, the canary stays at 12 %: it is worse until minute 12.
    const behaviours = [
      new Behaviour({ ...healthy, errorRatio: 0 }, [errors(0.3, { rampMs: 30 * minute })]),
      new Behaviour({ ...healthy, errorRatio: 0.12 }, []),
    ]
    const flow = new Flow(planOf({ behaviours }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 5])
    const harm = flow.finish(end)
    expect(harm.meanExposedRequests).toBeCloseTo(0.5 * 100 * 12 * 60, 6)
    expect(harm.meanExcessRequests).toBeCloseTo((0.5 * 100 * 12 * 60 * 0.12) / 2, 6)
    expect(harm.userMinutes).toBeCloseTo(1000 * 0.5 * 12, 6)
  })

  it('count answers slower than the objective as bad', () => {
    const slow = faultOf({ kind: 'latency', change: { kind: 'percent', percent: 50 } }, { onsetMs: 10 * minute })
    const objective = { ratio: 0.99, windowMs: 1e9, latencyMs: 400 }
    const behaviours = canaryWith(slow, errors(0.1, { onsetMs: 20 * minute }))
    const flow = new Flow(planOf({ behaviours, objective }), new Tape(1))
    flow.split(0, [0.9, 0.1], [5, 1])
    const slowBefore = 0.01
    const slowAfter = healthy.latency.shareBetween(400 / 1.5, forever)
    const good = (errorRatio: number, slowShare: number) => (1 - errorRatio) * (1 - slowShare)
    const stable = good(0.002, slowBefore)
    const excess = 2 * stable - good(0.002, slowAfter) - good(0.002 + 0.998 * 0.1, slowAfter)
    expect(flow.finish(end).meanExcessRequests / (0.1 * 100 * 600 * excess)).toBeCloseTo(1, 9)
  })

  it('see no harm in latency when the objective has none', () => {
    const slow = faultOf({ kind: 'latency', change: { kind: 'factor', factor: 10 } })
    const flow = new Flow(planOf({ behaviours: canaryWith(slow) }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 5])
    expect(flow.finish(end)).toMatchObject({ meanExcessRequests: 0, exposedRequests: 0, userMinutes: 0 })
  })

  it('follow a growing latency to a thousandth', () => {
    const change = { kind: 'add', ms: 500 } as const
    const grow = faultOf({ kind: 'latency', change }, { onsetMs: 5 * minute, rampMs: 20 * minute })
    const objective = { ratio: 0.99, windowMs: 1e9, latencyMs: 400 }
    const flow = new Flow(planOf({ behaviours: canaryWith(grow), objective }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 5])
    const slowShare = (t: number) => {
      const grown = Math.min(1, Math.max(0, (t - 5 * minute) / (20 * minute)))
      return healthy.latency.changed(change, grown).shareBetween(400, forever)
    }
    const edges = [0, 5, 10, 15, 20, 25, 30].map((at) => at * minute)
    const excess = quadrature((t) => 0.05 * 0.998 * (slowShare(t) - slowShare(0)), edges)
    expect(Math.abs(flow.finish(end).meanExcessRequests / excess - 1)).toBeLessThan(1e-3)
  })

  it('are as many as there are looks: none, or one a second', () => {
    const plan = planOf({ traffic: wavy, behaviours: cases['a fault that grows']! })
    const rarely = fly(plan)
    const flow = new Flow(plan, new Tape(1))
    for (let at = 0; at <= end; at += second) {
      flow.draw(at)
      for (const [from, weight] of weights) if (from === at) flow.split(at, [1 - weight, weight], [5, 5])
    }
    const often = flow.finish(end)
    expect(often.meanExcessRequests / rarely.meanExcessRequests).toBeCloseTo(1, 9)
    expect(often.meanExposedRequests / rarely.meanExposedRequests).toBeCloseTo(1, 9)
  })

  it.each([0.01, 3, 1000])('grow with the traffic: %d times', (factor) => {
    const scaled = new Traffic([0, 10, 20].map((at) => ({ atMs: at * minute, requestsPerSecond: (at + 5) * factor })))
    const plain = new Traffic([0, 10, 20].map((at) => ({ atMs: at * minute, requestsPerSecond: at + 5 })))
    const behaviours = cases['three faults that grow at once']!
    const one = fly(planOf({ traffic: plain, behaviours }))
    const many = fly(planOf({ traffic: scaled, behaviours }))
    expect(many.meanExcessRequests / one.meanExcessRequests / factor).toBeCloseTo(1, 9)
  })
})
