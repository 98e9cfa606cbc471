// Pods that have room for only so many requests, in a flow: what the closed form says of a queue is what the flow counts,
// at every rate there is meanwhile, and requests one by one meet about the same.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { EQUAL_ACTIVITY } from '../../src/scenario/users.js'
import { Arrivals } from '../../src/world/arrivals.js'
import { Behaviour, type BehaviourBase } from '../../src/world/behaviour.js'
import { CODES, TIMEOUT } from '../../src/world/codes.js'
import { Flow, type FlowPlan } from '../../src/world/flow.js'
import { type Answering, alike } from '../../src/world/lanes.js'
import { Latency } from '../../src/world/latency/latency.js'
import { populationOf } from '../../src/world/population.js'
import { PodQueue } from '../../src/world/queueing/pod-queue.js'
import { Traffic } from '../../src/world/traffic.js'
import { errors, expectMean, faultOf, forever, minute, overSeeds, planOf, quadrature } from './flights.js'
import { exponentialOf, Record } from './requests/queueing/engine.js'

const end = 30 * minute
const places = { concurrency: 4, queue: 12 }
const timeoutMs = 400
const exponential = Latency.of({ meanMs: 80 })
const equalUsers = { count: 1000, activity: EQUAL_ACTIVITY }
const busy: BehaviourBase = { errorRatio: 0, latency: exponential, capacityPerPod: forever, places }
const plain = [new Behaviour(busy, []), new Behaviour(busy, [])]
const codes = [...CODES, TIMEOUT]
const boundsMs = [50, 100, 150, 200, 300, 400]
const patient = (behaviours: readonly Behaviour[] = plain) => alike(behaviours)
const impatient = (behaviours = plain.map(({ base }) => new Behaviour(base, [], { codes, timeoutMs }))): Answering => ({
  ...alike(behaviours),
  codes,
  timeoutMs,
})
const fly = (changes: Partial<FlowPlan>) => ({ ...planOf({ answering: patient(), ...changes }), stablePods: 5 })

const queue = new PodQueue({ service: exponential, ...places })
const hasty = new PodQueue({ service: exponential, ...places, timeoutMs })
const shedAt = (ratePerPod: number) => queue.at(ratePerPod).shedShare
const codeOf = (flow: Flow, version: number, code: number) => {
  const { cells } = flow
  let count = 0
  for (let latencyClass = 0; latencyClass < cells.classes; latencyClass++) {
    count += cells.counts[cells.index(version, code, latencyClass)]!
  }
  return count
}

describe('A pod that has room for only so many', () => {
  it('sheds, lets wait and loses to the patience of clients what the closed form says', () => {
    const plan = fly({ traffic: Traffic.constant(100), answering: impatient(), latencyBoundsMs: boundsMs })
    const [state, answers] = [hasty.at(50), hasty.answers(hasty.at(50))]
    const all = 50 * 1800
    const flights = overSeeds(200, plan, (flow) => {
      flow.split(0, [0.5, 0.5], [5, 1])
      flow.draw(end)
      const within = boundsMs.map((_, index) => flow.cells.counts[flow.cells.index(1, 0, index)]!)
      return { shed: codeOf(flow, 1, 2), late: codeOf(flow, 1, 3), stableShed: codeOf(flow, 0, 2), within }
    })
    expect(state.shedShare).toBeGreaterThan(0.05)
    expectMean(
      'shed',
      Array.from(flights, ({ shed }) => shed),
      all * state.shedShare,
    )
    // Those of the last 400 ms are still waiting.
    const late = (all - 50 * (timeoutMs / 1000)) * answers.timedOutShare
    expectMean(
      'late',
      Array.from(flights, ({ late }) => late),
      late,
    )
    const inTime = all * (1 - answers.shedShare - answers.timedOutShare)
    for (const [index, boundMs] of boundsMs.entries()) {
      const share = answers.latency!.shareBetween(boundsMs[index - 1] ?? 0, boundMs)
      expectMean(
        `within ${boundMs} ms`,
        Array.from(flights, ({ within }) => within[index]!),
        inTime * share,
      )
    }
    const stableShed = all * shedAt(10)
    expect(stableShed).toBeLessThan(0.01)
    expect(flights.every((flight) => flight.stableShed === 0)).toBe(true)
  })

  it('is as its queue would be in the long run at the rate of each instant', () => {
    const rising = new Traffic([
      { atMs: 0, requestsPerSecond: 0 },
      { atMs: 20 * minute, requestsPerSecond: 200 },
      { atMs: end, requestsPerSecond: 40 },
    ])
    const flow = new Flow(fly({ traffic: rising }), new Tape(1))
    flow.split(0, [0.5, 0.5], [5, 1])
    const expected = quadrature(
      (t) => (rising.rateAt(t) / 2000) * (shedAt(rising.rateAt(t) / 2) - shedAt(rising.rateAt(t) / 5)),
      [0, 20 * minute, end],
      400,
    )
    // Steps of 2 % are this near.
    expect(flow.finish(end).meanExcessRequests / expected).toBeCloseTo(1, 3)
  })

  it('forgets what it was like when the split changes', () => {
    const flights = overSeeds(200, fly({ latencyBoundsMs: boundsMs }), (flow) => {
      flow.split(0, [0.5, 0.5], [5, 1])
      flow.split(10 * minute, [0.9, 0.1], [5, 1])
      flow.split(20 * minute, [0.5, 0.5], [5, 2])
      flow.draw(end)
      const quick = flow.cells.counts[flow.cells.index(1, 0, 0)]!
      return { shed: codeOf(flow, 1, 2), quick }
    })
    const expectedShed = 600 * (50 * shedAt(50) + 10 * shedAt(10) + 50 * shedAt(25))
    expectMean(
      'shed',
      Array.from(flights, ({ shed }) => shed),
      expectedShed,
    )
    const quickAt = (rate: number) => {
      const { shedShare, latency } = queue.answers(queue.at(rate))
      return (1 - shedShare) * latency!.shareBetween(0, 50)
    }
    const quick = 600 * (50 * quickAt(50) + 10 * quickAt(10) + 50 * quickAt(25))
    expectMean(
      'quick',
      Array.from(flights, ({ quick }) => quick),
      quick,
    )
  })

  it('has a longer queue when its work takes longer, and errors take as long', () => {
    const slow = new PodQueue({ service: exponential.changed({ kind: 'factor', factor: 1.5 }), ...places })
    const slower = faultOf({ kind: 'latency', change: { kind: 'factor', factor: 1.5 } }, { onsetMs: 10 * minute })
    const behaviours = [plain[0]!, new Behaviour(busy, [slower, errors(0.2, { onsetMs: 20 * minute })])]
    const shed = overSeeds(200, fly({ answering: patient(behaviours) }), (flow) => {
      flow.split(0, [0.6, 0.4], [5, 1])
      flow.draw(end)
      return { shed: codeOf(flow, 1, 2), failed: codeOf(flow, 1, 1) }
    })
    const rate = 40
    expectMean(
      'shed',
      shed.map((each) => each.shed),
      600 * rate * (shedAt(rate) + 2 * slow.at(rate).shedShare),
    )
    expectMean(
      'failed',
      shed.map(({ failed }) => failed),
      600 * rate * 0.2 * (1 - slow.at(rate).shedShare),
    )
  })

  it('lets requests of all kinds wait alike', () => {
    const [short, long] = [Latency.of({ meanMs: 20 }), Latency.of({ meanMs: 200 })]
    const kinds = [short, long].map((latency) => new Behaviour({ ...busy, latency }, []))
    const routes = [
      { name: 'short', share: 0.75, headers: {} },
      { name: 'long', share: 0.25, headers: {} },
    ]
    const audience = { ...populationOf({ users: equalUsers, segments: [], routes }), stickiness: 'request' } as const
    const answering: Answering = {
      ...patient(),
      strands: audience.strands,
      behaviour: (_, strand) => kinds[strand]!,
    }
    const service = Latency.ofKinds([
      { share: 0.75, law: short },
      { share: 0.25, law: long },
    ])
    const mixed = new PodQueue({ service, ...places })
    const { latency } = mixed.answers(mixed.at(50))
    const flights = overSeeds(200, fly({ answering, audience, latencyBoundsMs: boundsMs }), (flow) => {
      flow.split(0, [0.5, 0.5, 0.5, 0.5], [5, 1])
      flow.draw(end)
      return { shed: codeOf(flow, 1, 2), quick: flow.cells.counts[flow.cells.index(1, 0, 0)]! }
    })
    const { shedShare } = mixed.at(50)
    expectMean(
      'shed',
      flights.map(({ shed }) => shed),
      50 * 1800 * shedShare,
    )
    const quick = 50 * 1800 * (1 - shedShare) * latency!.shareBetween(0, 50)
    expectMean(
      'quick',
      flights.map((each) => each.quick),
      quick,
    )
  })

  it('has a queue of its own where only some pods are worse', () => {
    const slow = new Behaviour({ ...busy, latency: exponential.changed({ kind: 'factor', factor: 2 }) }, [])
    const answering: Answering = { ...patient(), behaviour: (_, __, condition) => (condition === 1 ? slow : plain[0]!) }
    const groups = [
      [{ condition: 0, podNumbers: [1, 2, 3, 4, 5] }],
      [
        { condition: 0, podNumbers: [6, 7] },
        { condition: 1, podNumbers: [8] },
      ],
    ]
    const shed = overSeeds(200, fly({ answering }), (flow) => {
      flow.split(0, [0.1, 0.9], [5, 3], undefined, groups)
      flow.draw(end)
      return codeOf(flow, 1, 2)
    })
    const slower = new PodQueue({ service: slow.base.latency, ...places })
    expectMean('shed', shed, 30 * 1800 * (2 * shedAt(30) + slower.at(30).shedShare))
  })

  it('conserves requests where pods are looked at one by one, and where a log says how many come', () => {
    const apart = new Flow(fly({ answering: impatient(), latencyBoundsMs: boundsMs, looksApart: true }), new Tape(3))
    apart.split(0, [0.5, 0.5], [2, 1], [[1, 2], [3]])
    for (let at = 0; at < end - 8000; at += 7000)
      for (const [version, pod] of [
        [0, 1],
        [0, 2],
        [1, 3],
      ] as const) {
        apart.drawPod(at + 100 * pod, version, pod)
      }
    apart.split(end - 1000, [0.2, 0.8], [2, 1], [[1, 2], [3]])
    expect(apart.finish(end).requests).toBe(apart.cells.total() + apart.cells.waiting)
    const counts = Float64Array.from({ length: 1800 }, (_, second) => 80 + (second % 50))
    const replayed = new Flow(fly({ traffic: Traffic.of(new Arrivals(0, counts)) }), new Tape(4))
    replayed.split(0, [0.5, 0.5], [5, 1])
    expect(replayed.finish(end).requests).toBe(counts.reduce((sum, count) => sum + count, 0))
  })
})

describe('Harm', () => {
  it('is what stable with all its pods and its own queue would not have done', () => {
    for (const [share, canaryPods, isHarmful] of [
      [0.5, 1, true],
      [0.2, 1, false],
    ] as const) {
      // Five pods that 200 requests a second keep at 80 %: some are shed anyway.
      const flow = new Flow(fly({ traffic: Traffic.constant(200) }), new Tape(1))
      flow.split(0, [1 - share, share], [5 - canaryPods, canaryPods])
      const { meanExcessRequests, meanExposedRequests } = flow.finish(end)
      const own = shedAt(40)
      const [stable, canary] = [(200 * (1 - share)) / 4, 200 * share] as const
      const excess = (rate: number, pods: number) => Math.max(0, shedAt(rate) - own) * rate * pods * 1800
      expect(meanExcessRequests).toBeCloseTo(excess(stable, 4) + excess(canary, 1), 3)
      expect(meanExposedRequests > 0).toBe(isHarmful)
    }
  })

  it('of slow answers is that of those who wait longer than they would have', () => {
    const objective = { ratio: 0.999, windowMs: 1e9, latencyMs: 300 }
    const flow = new Flow(fly({ objective }), new Tape(1))
    flow.split(0, [0.6, 0.4], [5, 1])
    const good = (rate: number) => {
      const { shedShare, latency } = queue.answers(queue.at(rate))
      return (1 - shedShare) * latency!.shareBetween(0, 300)
    }
    expect(flow.finish(end).meanExcessRequests).toBeCloseTo(40 * 1800 * (good(20) - good(40)), 3)
  })
})

describe('The more pods', () => {
  it('the less waits, is shed and comes too late', () => {
    const failed = [1, 2, 3, 4, 6, 8].map((pods) => {
      const flow = new Flow(fly({ answering: impatient(), traffic: Traffic.constant(300) }), new Tape(1))
      flow.split(0, [0.4, 0.6], [50, pods])
      return flow.finish(end).meanExcessRequests
    })
    for (const [index, fewer] of failed.slice(1).entries()) expect(fewer).toBeLessThanOrEqual(failed[index]!)
    expect(failed[1]! / failed[0]!).toBeLessThan(0.9)
  })
})

describe('Requests one by one', () => {
  it.each([
    [20, 1],
    [45, 1],
    [90, 2],
    [60, 1],
  ])('at %s a second for %s pods are shed, come too late and are answered as in a flow', (rate, pods) => {
    const seed = `queues ${rate} ${pods}`
    const plan = { capacities: [places], timeoutMs, codes: { ok: 0, shed: 2, timedOut: 3, reset: 4 } }
    const one = new Record(plan, seed)
    one.engine.answer(0, 0, 0, exponentialOf(80), [])
    one.engine.share(0, [1])
    one.engine.serve(
      0,
      Array.from({ length: pods }, (_, pod) => pod),
    )
    one.traffic(rate)
    one.engine.advance(20 * minute)
    const told = one.rows.filter(({ atMs }) => atMs > minute)
    const played = (matches: (row: (typeof told)[0]) => boolean) => told.filter(matches).length / told.length

    const plan1 = fly({ answering: impatient(), traffic: Traffic.constant(rate), latencyBoundsMs: boundsMs })
    const flow = new Flow(plan1, new Tape(seed))
    flow.split(0, [0, 1], [5, pods])
    flow.draw(100 * minute)
    const all = flow.cells.total()
    // As docs/numbers.md says of exponential services.
    const near = 0.03
    for (const code of [2, 3]) {
      expect(Math.abs(codeOf(flow, 1, code) / all - played((row) => row.code === code)), `${code}`).toBeLessThan(near)
    }
    let within = 0
    for (const [index, boundMs] of boundsMs.entries()) {
      within += flow.cells.counts[flow.cells.index(1, 0, index)]! / all
      const share = played(({ code, latencyMs }) => code === 0 && latencyMs <= boundMs)
      expect(Math.abs(within - share), `within ${boundMs} ms, seed "${seed}"`).toBeLessThan(near)
    }
  })
})
