// A pod of finite capacity in the flow: exact where theory is, near a simulation elsewhere. How near is stated here and in
// docs/numbers.md.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { Latency } from '../../../src/world/latency/latency.js'
import { erlangLoss } from '../../../src/world/queueing/erlang-loss.js'
import { PodQueue, type PodQueuePlan } from '../../../src/world/queueing/pod-queue.js'
import { playQueue } from './reference-queue.js'
import {
  finiteMMc,
  impatientMMc,
  longerWaitMMc,
  lostMG1K,
  meanWaitAllenCunneen,
  meanWaitMG1,
  meanWaitMMc,
  shorterWaitMD1,
} from './theory.js'

const meanMs = 50
const exponential = Latency.of({ meanMs })
const logNormal = Latency.of({ p50Ms: 40, p99Ms: 200 })
const fixed = Latency.of({ p50Ms: meanMs, p99Ms: meanMs })
const partlySlow = logNormal.partly(0.02, { kind: 'add', ms: 1000 })
const wide = Latency.of({ p50Ms: 20, p99Ms: 600 })
const laws = { exponential, logNormal, fixed, partlySlow, wide }
const named = Object.entries(laws)

const loads = [0.2, 0.5, 0.8, 0.95, 1, 1.2, 2, 5]

/** Requests a second that keep the servers so busy. */
function rateAt(load: number, service: Latency, concurrency: number): number {
  return (load * concurrency * 1000) / service.meanMs
}

/** All that is known of a pod at a rate. */
function ask(pod: PodQueue, ratePerSecond: number) {
  const state = pod.at(ratePerSecond)
  return { ...state, ...pod.answers(state) }
}

describe('Exponential services', () => {
  it.each([
    [1, 4],
    [4, 4],
    [10, 50],
    [50, 20],
  ])('on %s servers with %s places to wait are shed and wait as M/M/c/K', (concurrency, queue) => {
    const pod = new PodQueue({ service: exponential, concurrency, queue })
    for (const load of loads) {
      const rate = rateAt(load, exponential, concurrency)
      const { lost, meanWait } = finiteMMc(concurrency, queue, rate / 1000, meanMs)
      const { shedShare, meanWaitMs, busyShare } = pod.at(rate)
      expect(Math.abs(shedShare - lost), `load ${load}`).toBeLessThan(4e-4)
      expect(Math.abs(meanWaitMs - meanWait), `load ${load}`).toBeLessThan(1e-9 + 0.02 * meanWait)
      expect(busyShare).toBeCloseTo(load * (1 - shedShare), 12)
    }
  })

  it.each([
    [1, 0.5],
    [1, 0.95],
    [10, 0.8],
    [10, 0.95],
  ])('on %s servers at a load of %s wait as M/M/c', (concurrency, load) => {
    const rate = rateAt(load, exponential, concurrency)
    const pod = ask(new PodQueue({ service: exponential, concurrency, queue: 1000 }), rate)
    expect(pod.meanWaitMs / meanWaitMMc(concurrency, rate / 1000, meanMs)).toBeCloseTo(1, 2)
    // Wait and service together, from the two laws by themselves.
    for (const timeMs of [20, 100, 300, 1000]) {
      let longer = Math.exp(-timeMs / meanMs)
      const step = timeMs / 2000
      for (let done = step / 2; done < timeMs; done += step) {
        const density = Math.exp(-done / meanMs) / meanMs
        longer += density * step * longerWaitMMc(concurrency, rate / 1000, meanMs, timeMs - done)
      }
      const share = pod.latency!.shareBetween(timeMs, Number.POSITIVE_INFINITY)
      expect(Math.abs(share - longer), `longer than ${timeMs} ms`).toBeLessThan(0.01)
    }
  })

  it('of clients who give up are lost as in M/M/c with patience', () => {
    for (const [concurrency, timeoutMs] of [
      [1, 1000],
      [10, 500],
    ] as const) {
      const pod = new PodQueue({ service: exponential, concurrency, queue: 100_000, timeoutMs })
      for (const load of [0.8, 0.95, 1.05, 1.2, 2]) {
        const rate = rateAt(load, exponential, concurrency)
        const lost = impatientMMc(concurrency, rate / 1000, meanMs, timeoutMs)
        expect(Math.abs(pod.at(rate).busyShare - load * (1 - lost)), `${concurrency} at ${load}`).toBeLessThan(0.004)
      }
    }
  })
})

describe.each(named)('Services that are %s', (_, service) => {
  it("without a queue are shed by Erlang's formula, whatever their law", () => {
    for (const concurrency of [1, 7, 50]) {
      const pod = new PodQueue({ service, concurrency, queue: 0 })
      for (const load of loads) {
        const answers = ask(pod, rateAt(load, service, concurrency))
        expect(answers.shedShare).toBeCloseTo(erlangLoss(concurrency, load * concurrency), 9)
        expect(answers.latency).toBe(service)
      }
    }
  })

  it('wait for a single server as Pollaczek and Khinchine say', () => {
    const pod = new PodQueue({ service, concurrency: 1, queue: 4000 })
    for (const load of [0.1, 0.5, 0.8, 0.95]) {
      const rate = rateAt(load, service, 1)
      const expected = meanWaitMG1(rate / 1000, service.meanMs, service.secondMoment)
      expect(Math.abs(pod.at(rate).meanWaitMs / expected - 1), `load ${load}`).toBeLessThan(0.003)
    }
  })

  it('are shed by a single server as in M/G/1/K', () => {
    for (const queue of [1, 5, 20]) {
      const pod = new PodQueue({ service, concurrency: 1, queue })
      for (const load of [0.5, 0.95, 1.2]) {
        const rate = rateAt(load, service, 1)
        const lost = lostMG1K(rate / 1000, (p) => service.quantile(p), service.meanMs, queue + 1)
        expect(Math.abs(pod.at(rate).shedShare - lost), `${queue} places at ${load}`).toBeLessThan(0.003)
      }
    }
  })

  it('have limits: nobody waits where nobody comes, and far beyond its capacity a pod serves that', () => {
    for (const [concurrency, queue] of [
      [1, 3],
      [20, 10],
      [4, 2000],
    ] as const) {
      const pod = new PodQueue({ service, concurrency, queue })
      expect(ask(pod, 0)).toMatchObject({
        shedShare: 0,
        timedOutShare: 0,
        latency: service,
        meanWaitMs: 0,
        busyShare: 0,
      })
      expect(pod.at(1e-9).shedShare).toBeLessThan(1e-12)
      const rate = rateAt(1e6, service, concurrency)
      const { shedShare, meanWaitMs, busyShare } = pod.at(rate)
      expect((1 - shedShare) * 1e6).toBeCloseTo(1, 6)
      expect(busyShare).toBeCloseTo(1, 6)
      expect(meanWaitMs / ((queue * service.meanMs) / concurrency)).toBeCloseTo(1, 4)
    }
  })

  it('are worse the more there are', () => {
    for (const [concurrency, queue, timeoutMs] of [
      [1, 5, Number.POSITIVE_INFINITY],
      [10, 50, Number.POSITIVE_INFINITY],
      [10, 50, 400],
      [4, 1000, 1000],
    ] as const) {
      const pod = new PodQueue({ service, concurrency, queue, timeoutMs })
      // Waits are told apart in some thirty steps, and a timeout may fall between two.
      const wobble = timeoutMs < Number.POSITIVE_INFINITY ? 0.01 : 1e-12
      let before = ask(pod, 0)
      for (let load = 0.02; load < 6; load *= 1.07) {
        const answers = ask(pod, rateAt(load, service, concurrency))
        const label = `${concurrency} servers, ${queue} places, ${timeoutMs} ms at ${load}`
        expect(answers.shedShare, label).toBeGreaterThanOrEqual(before.shedShare - 1e-12)
        const failed = answers.shedShare + answers.timedOutShare
        expect(failed, label).toBeGreaterThanOrEqual(before.shedShare + before.timedOutShare - wobble)
        expect(failed, label).toBeLessThanOrEqual(1 + 1e-12)
        expect(answers.timedOutShare, label).toBeGreaterThanOrEqual(0)
        expect(answers.busyShare, label).toBeGreaterThanOrEqual(before.busyShare - 1e-9)
        if (timeoutMs === Number.POSITIVE_INFINITY) {
          expect(answers.meanWaitMs, label).toBeGreaterThanOrEqual(before.meanWaitMs * (1 - 1e-9))
        }
        before = answers
      }
    }
  })
})

describe('Services that always take the same time', () => {
  it('wait for a single server as in M/D/1', () => {
    for (const load of [0.5, 0.8]) {
      const { latency } = ask(new PodQueue({ service: fixed, concurrency: 1, queue: 500 }), rateAt(load, fixed, 1))
      for (const waitMs of [13, 37, 61, 130, 240]) {
        const expected = shorterWaitMD1((load * 1) / meanMs, meanMs, waitMs)
        expect(Math.abs(latency!.shareBetween(0, meanMs + waitMs) - expected), `${load}: ${waitMs}`).toBeLessThan(0.05)
      }
    }
  })
})

describe('Several servers', () => {
  it('with services of other laws wait about as Allen and Cunneen say', () => {
    for (const service of [logNormal, fixed]) {
      const rate = rateAt(0.9, service, 8)
      const expected = meanWaitAllenCunneen(8, rate / 1000, service.meanMs, service.secondMoment)
      const { meanWaitMs } = new PodQueue({ service, concurrency: 8, queue: 5000 }).at(rate)
      expect(Math.abs(meanWaitMs / expected - 1)).toBeLessThan(0.08)
    }
  })
})

describe('Against a simulation request by request', () => {
  const pods = [
    { concurrency: 1, queue: 5 },
    { concurrency: 4, queue: 8 },
    { concurrency: 10, queue: 50 },
    { concurrency: 25, queue: 12 },
  ]
  // Largest difference in shares of all requests: shed, timed out, and answered by any of the times below.
  const nearness = { exponential: 0.03, logNormal: 0.03, fixed: 0.11, partlySlow: 0.11, wide: 0.13 }
  // And of the mean wait, as a ratio, where several servers are seldom free.
  const nearWait = { exponential: 0.1, logNormal: 0.1, fixed: 0.1, partlySlow: 0.2, wide: 0.25 }

  describe.each(pods)('$concurrency servers, $queue places', ({ concurrency, queue }) => {
    it.each(named)('%s', (name, service) => {
      const near = nearness[name as keyof typeof laws]
      for (const load of [0.6, 0.95, 1.2]) {
        const seed = `pod queue ${name} ${concurrency} ${load}`
        // The nearer to its capacity, the longer a queue remembers.
        const count = load === 0.95 ? 150_000 : 40_000
        const { shares, waitRatio } = apart({ service, concurrency, queue, timeoutMs: 600 }, load, count, seed)
        for (const [what, share] of shares) expect(Math.abs(share), `${what}, seed "${seed}"`).toBeLessThan(near)
        if (load < 0.9 || concurrency === 1) continue
        const nearRatio = nearWait[name as keyof typeof laws]
        expect(Math.abs(waitRatio - 1), `mean wait at ${load}, seed "${seed}"`).toBeLessThan(nearRatio)
      }
    })
  })

  it.each([
    ['a p99 of 3.8 times the p50', Latency.of({ p50Ms: 45, p99Ms: 170 }), 0.39],
    ['a p99 of 10 times the p50', Latency.of({ p50Ms: 40, p99Ms: 400 }), 1.66],
  ])('is as near for %s', (_, service, squaredVariation) => {
    expect(service.secondMoment / service.meanMs ** 2 - 1).toBeCloseTo(squaredVariation, 2)
    for (const load of [0.6, 0.95, 1.2]) {
      const seed = `pod queue ${squaredVariation} ${load}`
      const { shares } = apart({ service, concurrency: 10, queue: 50, timeoutMs: 600 }, load, 200_000, seed)
      for (const [what, share] of shares) expect(Math.abs(share), `${what}, seed "${seed}"`).toBeLessThan(0.03)
    }
  })

  it.each([
    [1, 30],
    [4, 100],
    [10, 200],
  ])('is less so on %s servers whose queue of %s nobody waits out', (concurrency, queue) => {
    for (const service of [exponential, logNormal, fixed]) {
      for (const load of [0.95, 1.2]) {
        const seed = `hasty pod queue ${service.meanMs} ${concurrency} ${load}`
        const { shares } = apart({ service, concurrency, queue, timeoutMs: 600 }, load, 200_000, seed)
        for (const [what, share] of shares) expect(Math.abs(share), `${what}, seed "${seed}"`).toBeLessThan(0.08)
      }
    }
  })
})

/** By how much what is shed, late and answered within some times differs, and how many times the wait it is. */
function apart(plan: PodQueuePlan, load: number, count: number, seed: string) {
  const { service, concurrency } = plan
  const rate = rateAt(load, service, concurrency)
  const played = playQueue(plan, rate / 1000, count, new Tape(seed).stream('requests'))
  const { shedShare, timedOutShare, latency, meanWaitMs } = ask(new PodQueue(plan), rate)
  const all = played.tookMs.length / (1 - played.shedShare - played.timedOutShare)
  const shares: [what: string, share: number][] = [25, 45, 75, 100, 175, 250, 400].map((timeMs) => {
    const quick = played.tookMs.filter((ms) => ms <= timeMs).length / all
    return [`within ${timeMs} ms`, (1 - shedShare - timedOutShare) * (latency?.shareBetween(0, timeMs) ?? 0) - quick]
  })
  shares.push(['shed', shedShare - played.shedShare], ['late', timedOutShare - played.timedOutShare])
  return { shares, waitRatio: meanWaitMs / played.meanWaitMs }
}

describe('A pod', () => {
  it('lets all kinds of requests wait alike, and each takes its own time then', () => {
    const pod = new PodQueue({ service: Latency.of({ meanMs: 50 }), concurrency: 2, queue: 20, timeoutMs: 400 })
    const state = pod.at(45)
    const [short, long] = [pod.answers(state, fixed), pod.answers(state, fixed.changed({ kind: 'add', ms: 150 }))]
    expect(short.shedShare).toBe(long.shedShare)
    expect(long.timedOutShare).toBeGreaterThan(short.timedOutShare)
    const within = (ms: number, { timedOutShare, latency }: typeof short) =>
      (1 - state.shedShare - timedOutShare) * latency!.shareBetween(0, ms)
    for (const waitMs of [0, 40, 120, 190]) {
      expect(within(50 + waitMs, short)).toBeCloseTo(within(200 + waitMs, long), 12)
    }
  })

  it('refuses what none is', () => {
    expect(() => new PodQueue({ service: logNormal, concurrency: 0, queue: 1 })).toThrow(RangeError)
    expect(() => new PodQueue({ service: logNormal, concurrency: 1, queue: 1.5 })).toThrow(RangeError)
    expect(() => new PodQueue({ service: logNormal, concurrency: 1, queue: 1 }).at(-1)).toThrow(RangeError)
  })
})
