import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Flow } from '../../src/world/flow.js'
import { latencyClasses } from '../../src/world/latency/latency-classes.js'
import { Traffic } from '../../src/world/traffic.js'
import { expectCountsFit, expectMoments } from '../kernel/goodness.js'
import { canaryWith, errors, expectUncorrelated, faultOf, healthy, minute, overSeeds, planOf } from './flights.js'

const latencyBoundsMs = [10, 25, 50, 100, 250, 500, 1000, 10_000]
const classes = latencyBoundsMs.length + 1

function classesOf(flow: Flow, version: number, code: number): number[] {
  return Array.from({ length: classes }, (_, k) => flow.cells.counts[flow.cells.index(version, code, k)]!)
}

describe('Latency classes', () => {
  it.each([
    ['many requests', 1000],
    ['few requests', 0.2],
  ])('are filled by the law: %s', (label, rate) => {
    const plan = planOf({ traffic: Traffic.constant(rate), behaviours: canaryWith(errors(0.3)), latencyBoundsMs })
    const flights = overSeeds(200, plan, (flow) => {
      flow.split(0, [0.5, 0.5], [5, 5])
      for (let at = 15_000; at <= 10 * minute; at += 15_000) flow.draw(at)
      return [0, 1].map((code) => classesOf(flow, 1, code))
    })
    const shares = [...latencyClasses(healthy.latency, latencyBoundsMs).shares]
    for (const code of [0, 1]) {
      const sums = shares.map((_, k) => flights.reduce((sum, flight) => sum + flight[code]![k]!, 0))
      expectCountsFit(`${label}, code ${code}, seeds 0 to 199`, sums, shares)
    }
  })

  it('are independent Poisson counts', () => {
    const plan = planOf({ traffic: Traffic.constant(10), latencyBoundsMs })
    const flights = overSeeds(4000, plan, (flow) => {
      flow.draw(minute)
      return classesOf(flow, 0, 0)
    })
    const { shares } = latencyClasses(healthy.latency, latencyBoundsMs)
    const counts = (k: number) => flights.map((flight) => flight[k]!)
    for (let k = 1; k < 7; k++) {
      const mean = 600 * 0.998 * shares[k]!
      expectMoments(`class ${k}`, counts(k), { mean, variance: mean, fourth: mean + 3 * mean * mean })
    }
    expectUncorrelated('two classes', counts(3), counts(4))
  })

  it('are those of the old and the new law in their parts when latency changes between two looks', () => {
    const change = { kind: 'add', ms: 150 } as const
    const behaviours = canaryWith(
      faultOf({ kind: 'latency', change }, { onsetMs: 40_000 }),
      errors(0.5, { onsetMs: 40_000 }),
    )
    const plan = planOf({ behaviours, latencyBoundsMs })
    const flights = overSeeds(300, plan, (flow) => {
      flow.split(0, [0.5, 0.5], [5, 5])
      flow.draw(minute)
      return [0, 1].map((code) => classesOf(flow, 1, code))
    })
    const before = latencyClasses(healthy.latency, latencyBoundsMs).shares
    const after = latencyClasses(healthy.latency.changed(change), latencyBoundsMs).shares
    for (const [code, [early, late]] of [
      [40 * 0.998, 20 * 0.998 * 0.5],
      [40 * 0.002, 20 * 0.501],
    ].entries() as Iterable<[number, [number, number]]>) {
      const shares = [...before].map((share, k) => (early * share + late * after[k]!) / (early + late))
      const sums = shares.map((_, k) => flights.reduce((sum, flight) => sum + flight[code]![k]!, 0))
      expectCountsFit(`code ${code}, seeds 0 to 299`, sums, shares)
    }
  })

  it('hold what is refused in the first: it is answered at once', () => {
    const flow = new Flow(planOf({ latencyBoundsMs }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 0])
    const harm = flow.finish(minute)
    expect(classesOf(flow, 1, 2)).toEqual([harm.canaryRequests, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(flow.cells.sumsMs[5]).toBe(0)
  })

  it('are the union of what queries and the objective look at', () => {
    const objective = { ratio: 0.99, windowMs: 1e9, latencyMs: 300 }
    const count = (plan: object) => new Flow(planOf(plan), new Tape(1)).cells.classes
    expect(count({})).toBe(1)
    expect(count({ objective })).toBe(2)
    expect(count({ latencyBoundsMs: [500, 100] })).toBe(3)
    expect(count({ objective, latencyBoundsMs: [500, 100] })).toBe(4)
    expect(count({ objective, latencyBoundsMs: [500, 300, 100] })).toBe(4)
  })

  it('tell slow successes from the others', () => {
    const objective = { ratio: 0.99, windowMs: 1e9, latencyMs: 250 }
    const behaviours = canaryWith(faultOf({ kind: 'latency', change: { kind: 'factor', factor: 3 } }))
    const flow = new Flow(planOf({ objective, behaviours, latencyBoundsMs }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 5])
    const harm = flow.finish(10 * minute)
    const slow = [0, 1].flatMap((version) => classesOf(flow, version, 0).slice(5))
    expect(harm.slow).toBe(slow.reduce((sum, count) => sum + count, 0))
    expect(harm.failed).toBe([0, 1].flatMap((version) => classesOf(flow, version, 1)).reduce((a, b) => a + b, 0))
    expect(harm.slow).toBeGreaterThan(harm.excessRequests)
  })
})

describe('The time taken', () => {
  const sumOf = (flow: Flow, version: number, code: number) => flow.cells.sumsMs[version * 3 + code]!

  it.each([
    ['fine buckets', latencyBoundsMs],
    ['no buckets at all', []],
  ])('has the mean and the variance of its law: %s', (label, bounds) => {
    const traffic = Traffic.constant(50)
    const sums = overSeeds(3000, planOf({ traffic, latencyBoundsMs: bounds }), (flow) => {
      flow.draw(minute)
      return sumOf(flow, 0, 0)
    })
    const answers = 3000 * 0.998
    const infinity = Number.POSITIVE_INFINITY
    const meanMs = healthy.latency.meanBetweenMs(0, infinity)
    const square = healthy.latency.varianceBetween(0, infinity) + meanMs * meanMs
    // A compound Poisson sum has the second moment of one answer in its variance.
    expectMoments(label, sums, { mean: answers * meanMs, variance: answers * square })
  })

  it.each([50, 300])('follows a change of latency by %d ms between two looks', (ms) => {
    const behaviours = canaryWith(faultOf({ kind: 'latency', change: { kind: 'add', ms } }, { onsetMs: 20_000 }))
    const sums = overSeeds(3000, planOf({ behaviours, latencyBoundsMs: [] }), (flow) => {
      flow.split(0, [0.5, 0.5], [5, 5])
      flow.draw(minute)
      return sumOf(flow, 1, 0)
    })
    const infinity = Number.POSITIVE_INFINITY
    const meanMs = healthy.latency.meanBetweenMs(0, infinity)
    const square = healthy.latency.varianceBetween(0, infinity) + meanMs * meanMs
    const slowerSquare = square + 2 * ms * meanMs + ms * ms
    expectMoments('sum, seeds 0 to 2999', sums, {
      mean: 50 * 0.998 * (60 * meanMs + 40 * ms),
      variance: 50 * 0.998 * (20 * square + 40 * slowerSquare),
    })
  })

  it('is never less than the classes allow, and never shrinks', () => {
    const plan = planOf({ traffic: Traffic.constant(0.5), latencyBoundsMs: [10, 100] })
    for (const sums of overSeeds(50, plan, (flow) => {
      const seen: number[] = []
      for (let at = 5000; at < 5 * minute; at += 5000) {
        flow.draw(at)
        const [, middle, top] = [0, 1, 2].map((k) => flow.cells.counts[flow.cells.index(0, 0, k)]!)
        expect(sumOf(flow, 0, 0)).toBeGreaterThanOrEqual(middle! * 10 + top! * 100 - 1e-6)
        seen.push(sumOf(flow, 0, 0))
      }
      return seen
    })) {
      expect(sums).toEqual([...sums].sort((one, other) => one - other))
    }
  })
})
