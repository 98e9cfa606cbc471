// Requests that touch each other: whole flights of them, against the other fidelities where they don't, and theory where
// they do.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { Behaviour, type BehaviourBase } from '../../../src/world/behaviour.js'
import { ERROR, OK, REFUSED } from '../../../src/world/codes.js'
import type { Coupling, RetryPlan } from '../../../src/world/coupling.js'
import { Flow, type FlowPlan } from '../../../src/world/flow.js'
import type { Harm } from '../../../src/world/harm.js'
import { Latency } from '../../../src/world/latency/latency.js'
import { CoupledRequests } from '../../../src/world/requests/coupled-requests.js'
import { Requests } from '../../../src/world/requests/requests.js'
import type { RequestSample } from '../../../src/world/requests/sampler.js'
import { Traffic } from '../../../src/world/traffic.js'
import { errors, expectMean, minute, planOf, second } from '../flights.js'
import { audienceOf } from '../people.js'
import { collect, differences, end, flights } from './flights.js'
import { blockingInMMcK, waitingInMMc } from './queueing/theory.js'

const unlimited: Coupling = { places: [undefined, undefined] }
/** Where a rate is limited, single requests meet a bucket that fills, and not the mean of it. */
const touched = 'too few pods under a rate that rises and falls'
const untouched = Object.keys(flights).filter((name) => name !== touched)

describe('Requests that could touch each other and have no reason to', () => {
  it.each(untouched)('agree with the flow, and with requests that never could: %s', (name) => {
    const flight = flights[name]!
    const coupled = collect(new CoupledRequests(flight.plan, unlimited, new Tape(0)), flight, 40)
    const single = collect(new Requests(flight.plan, new Tape(0)), flight, 40)
    const flow = collect(new Flow(flight.plan, new Tape(0)), flight, 40)
    expect(differences(single, coupled), 'seeds 0 to 39').toEqual([])
    expect(differences(flow, coupled), 'seeds 0 to 39').toEqual([])
  })

  it('are shed by a rate limit as the flow has it, to a percent', () => {
    const flight = flights[touched]!
    const coupled = collect(new CoupledRequests(flight.plan, unlimited, new Tape(0)), flight, 20)
    const flow = collect(new Flow(flight.plan, new Tape(0)), flight, 20)
    expect(differences(flow, coupled, 0.01), 'seeds 0 to 19').toEqual([])
  })
})

const meanMs = 50
const base: BehaviourBase = {
  errorRatio: 0,
  latency: Latency.of({ meanMs }),
  capacityPerPod: Number.POSITIVE_INFINITY,
}

interface Changes extends Partial<FlowPlan> {
  readonly behaviours?: readonly Behaviour[]
  readonly rate?: number
}

function flightOf(coupling: Partial<Coupling>, changes: Changes = {}) {
  const { places = [undefined, undefined] } = coupling
  const room = (version: number) => ({ ...base, ...(places[version] && { places: places[version] }) })
  const plan = planOf({
    behaviours: [0, 1].map((version) => new Behaviour(room(version), [])),
    traffic: Traffic.constant(changes.rate ?? 100),
    horizonMs: end,
    stablePods: 1,
    ...changes,
  })
  return new CoupledRequests(plan, { ...coupling, places }, new Tape(0))
}

/** The harm of each flight, and its requests one by one. */
function fly(requests: CoupledRequests, seeds: number, act: (requests: CoupledRequests) => void = () => {}) {
  return Array.from({ length: seeds }, (_, seed) => {
    const samples: RequestSample[] = []
    requests.reset(new Tape(seed))
    requests.sample({ every: 1, take: (sample) => samples.push(sample) })
    act(requests)
    const counted = [0, 1].map((version) => countsOf(requests, version))
    const harm = requests.finish(end)
    expect(samples.length).toBe(harm.requests)
    return { harm, samples, counted }
  })
}

/** By code, the attempts that a version has answered before the last look. */
function countsOf(requests: CoupledRequests, version: number): readonly number[] {
  const { cells } = requests
  requests.draw(end)
  return [OK, ERROR, REFUSED].map((code) => {
    const rows = cells.cellsOf(version).map((cell) => cells.index(cell, code))
    return rows.reduce((sum, row) => {
      for (let latencyClass = 0; latencyClass < cells.classes; latencyClass++) sum += cells.counts[row + latencyClass]!
      return sum
    }, 0)
  })
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

describe('Places in pods', () => {
  it.each([0.5, 0.8, 0.9])('make requests wait as M/M/c has it at a utilisation of %s', (utilisation) => {
    const concurrency = 5
    const rate = (1000 * concurrency * utilisation) / meanMs
    const requests = flightOf({ places: [{ concurrency, queue: 10_000 }, undefined] }, { rate })
    const waits = fly(requests, 12).map(({ samples }) => meanOf(samples.map(({ waitMs }) => waitMs)))
    expectMean('mean wait', waits, waitingInMMc(concurrency, utilisation).mean * meanMs)
  })

  it('shed what finds none, as Erlang has it, and stable harms nobody by that', () => {
    const requests = flightOf({ places: [{ concurrency: 3, queue: 2 }, undefined] }, { rate: 80 })
    const flown = fly(requests, 12)
    const failed = flown.map(({ harm }) => harm.failed / harm.requests)
    expectMean('shed', failed, blockingInMMcK(3, 2, (80 * meanMs) / 1000))
    for (const { harm } of flown) expect([harm.exposedRequests, harm.excessRequests]).toEqual([0, 0])
  })

  it('harm nobody where the canary has as many a request', () => {
    const places = { concurrency: 2, queue: 3 }
    const requests = flightOf({ places: [places, places] }, { rate: 150, stablePods: 5 })
    const [flown] = fly(requests, 1, (answers) => answers.split(minute, [0.8, 0.2], [4, 1]))
    expect(flown!.harm.failed).toBeGreaterThan(100)
    expect([flown!.harm.exposedRequests, flown!.harm.excessRequests]).toEqual([0, 0])
  })

  it('are too few for half of the requests in one pod of the canary, and that is harm', () => {
    const places = { concurrency: 2, queue: 4 }
    const requests = flightOf({ places: [places, places] }, { rate: 150, stablePods: 6 })
    const flown = fly(requests, 6, (answers) => answers.split(minute, [0.5, 0.5], [5, 1]))
    // The yardstick is stable with all its pods, which shed some, too.
    const shed = { canary: blockingInMMcK(2, 4, 75 * 0.05), yardstick: blockingInMMcK(2, 4, 25 * 0.05) }
    const reached = 75 * 9 * 60
    expectMean(
      'exposed',
      flown.map(({ harm }) => harm.exposedRequests),
      reached,
    )
    const excess = meanOf(flown.map(({ harm }) => harm.excessRequests))
    expect(excess / (reached * (shed.canary - shed.yardstick))).toBeCloseTo(1, 1)
  })

  it('are taken by what hangs until the pod is deaf', () => {
    const clients = { codes: [200, 500, 503, 504], timeoutMs: second }
    const places = { concurrency: 4, queue: 4 }
    const hangs = { effect: { kind: 'hang', ratio: 0.05 }, onsetMs: 0, endMs: end, rampMs: 0 } as const
    const room = { ...base, places }
    const answering = {
      versions: 2,
      strands: [{ share: 1, segment: 0 }],
      ...clients,
      behaviour: (version: number) =>
        [new Behaviour(room, [], clients), new Behaviour(room, [hangs], clients)][version]!,
    }
    const plan = { ...planOf({ stablePods: 5, horizonMs: end, traffic: Traffic.constant(100) }), answering }
    const requests = new CoupledRequests(plan, { places: [places, places] }, new Tape(1))
    requests.split(minute, [0.8, 0.2], [4, 1])
    requests.draw(2 * minute)
    const early = requests.cells.counts[requests.cells.index(1, OK)]!
    const harm = requests.finish(end)
    expect(requests.cells.counts[requests.cells.index(1, OK)]!).toBe(early)
    expect(harm.excessRequests / harm.canaryRequests).toBeGreaterThan(0.9)
  })
})

const again: RetryPlan = {
  attempts: 2,
  backoffMs: 10,
  factor: 2,
  jitter: 0.2,
  budget: Number.POSITIVE_INFINITY,
  on: [ERROR],
}

describe('Requests that are sent again', () => {
  const behaviours = [new Behaviour(base, []), new Behaviour(base, [errors(0.4)])]
  const half = (answers: CoupledRequests) => answers.split(0, [0.5, 0.5], [5, 5])

  it('multiply the load and hide errors from users, and metrics see them all', () => {
    const flown = fly(flightOf({ retries: again }, { behaviours }), 8, half)
    const bad = 0.2
    for (const { harm, samples, counted } of flown) {
      const attempts = samples.reduce((sum, { attempts }) => sum + attempts, 0)
      const answers = counted.flat().reduce((sum, count) => sum + count, 0)
      // What is under way at the end is in no counter yet.
      expect(attempts - answers).toBeLessThan(30)
      expect(harm.failed).toBe(samples.filter(({ code }) => code !== OK).length)
    }
    const perRequest = flown.map(({ samples }) => meanOf(samples.map(({ attempts }) => attempts)))
    expectMean('attempts', perRequest, 1 + bad + bad ** 2)
    expectMean(
      'users see',
      flown.map(({ harm }) => harm.failed / harm.requests),
      bad ** 3,
    )
    expectMean(
      'metrics see',
      flown.map(({ counted }) => counted[1]![ERROR]! / (counted[1]![ERROR]! + counted[1]![OK]!)),
      0.4,
    )
  })

  it('are in excess only if they fail in the end, and exposed if any attempt was', () => {
    const flown = fly(flightOf({ retries: again }, { behaviours }), 8, half)
    for (const { harm } of flown) expect(harm.excessRequests).toBe(harm.failed)
    // Half of the first attempts; then half of the second ones of those that failed without: nobody.
    expectMean(
      'exposed',
      flown.map(({ harm }) => harm.exposedRequests / harm.requests),
      0.5,
    )
  })

  it('would have failed as often on stable as it fails: that much is no harm', () => {
    const poor = { ...base, errorRatio: 0.3 }
    const worse = [new Behaviour(poor, []), new Behaviour(poor, [errors(0.5)])]
    const flown = fly(flightOf({ retries: again }, { behaviours: worse }), 8, (answers) =>
      answers.split(0, [0, 1], [0, 5]),
    )
    const bad = 1 - 0.7 * 0.5
    expectMean(
      'failed',
      flown.map(({ harm }) => harm.failed / harm.requests),
      bad ** 3,
    )
    expectMean(
      'excess',
      flown.map(({ harm }) => harm.excessRequests / harm.requests),
      bad ** 3 - 0.3 ** 3,
    )
  })

  it('stay with the version that their users stick to', () => {
    const sticky = flightOf({ retries: again }, { behaviours, audience: audienceOf(1000, 'hash') })
    const [flown] = fly(sticky, 1, (answers) => answers.split(0, [0.5, 0.5], [5, 5]))
    const versions = new Map<number, number>()
    for (const { user, version } of flown!.samples) {
      expect(versions.get(user) ?? version).toBe(version)
      versions.set(user, version)
    }
    expect(flown!.harm.failed / flown!.harm.requests).toBeCloseTo(0.5 * 0.4 ** 3, 2)
  })
})

describe('Connections that clients keep', () => {
  it('skew the split to whole parts of their number, and are right on average', () => {
    const connections = { count: 4, lifetimeMs: Number.POSITIVE_INFINITY }
    const requests = flightOf({ connections }, { rate: 20 })
    const shares = fly(requests, 60, (answers) => answers.split(0, [0.75, 0.25], [3, 1], [[1, 2, 3], [4]])).map(
      ({ harm }: { harm: Harm }) => harm.canaryRequests / harm.requests,
    )
    for (const share of shares) expect(Math.abs(4 * share - Math.round(4 * share))).toBeLessThan(0.1)
    expect(new Set(shares.map((share) => Math.round(4 * share))).size).toBeGreaterThan(2)
    expectMean('share', shares, 0.25)
  })

  describe('and where they lead', () => {
    const users = 1000
    const broken = [new Behaviour(base, []), new Behaviour({ ...base, errorRatio: 0.1 }, [])]
    const pods = [[1, 2, 3], [4]]
    const weight = 0.25
    const stepMs = 30 * second

    function keeping(connections: { count: number; lifetimeMs: number }, rate: number) {
      const requests = flightOf(
        { connections },
        { behaviours: broken, rate, stablePods: 3, audience: audienceOf(users) },
      )
      return (seed: number) => {
        requests.reset(new Tape(seed))
        requests.split(0, [1, 0], [3, 1], pods)
        requests.split(stepMs, [1 - weight, weight], [3, 1], pods)
        return requests
      }
    }

    it('follows a step of the weight in a straight line that is as long as they live', () => {
      const [count, rate, lifetimeMs] = [200, 1000, 30 * second]
      const begin = keeping({ count, lifetimeMs }, rate)
      // A connection is closed until the next request chooses it, and is as likely to be at any age.
      const gapMs = (1000 * count) / rate
      const led = (ageMs: number) => weight * (1 - Math.max(0, lifetimeMs - ageMs) / (lifetimeMs + gapMs))
      const agesMs = [0, 8, 15, 24, 30, 40].map((seconds) => seconds * second)
      const flown = Array.from({ length: 12 }, (_, seed) => {
        const requests = begin(seed)
        const shares = agesMs.map((ageMs) => requests.releasedShareAt(stepMs + ageMs))
        return { shares, harm: requests.finish(stepMs + 40 * second) }
      })
      for (const [at, ageMs] of agesMs.entries()) {
        expectMean(
          `share after ${ageMs} ms`,
          flown.map(({ shares }) => shares[at]!),
          led(ageMs),
        )
      }
      // What it is at a second holds until the next.
      const exposedMinutes = Array.from({ length: 40 }, (_, at) => led(at * second) / 60).reduce(
        (sum, one) => sum + one,
      )
      expectMean(
        'user-minutes',
        flown.map(({ harm }) => harm.userMinutes),
        users * exposedMinutes,
      )
      for (const { shares, harm } of flown) {
        expect(harm.peakWeightPercent).toBeGreaterThanOrEqual(100 * shares.at(-1)! - 1)
        expect(harm.exposurePossibleMs).toBe(stepMs)
      }
    })

    it('is nowhere else after a step of the weight, if nothing ends them', () => {
      const requests = keeping({ count: 20, lifetimeMs: Number.POSITIVE_INFINITY }, 100)(0)
      expect(requests.releasedShareAt(5 * minute)).toBe(0)
      const { exposedRequests, userMinutes, peakWeightPercent } = requests.finish(5 * minute)
      expect([exposedRequests, userMinutes, peakWeightPercent]).toEqual([0, 0, 0])
    })

    it('is anywhere where those of a pod that leaves are not opened anew yet, and a whole number of them then', () => {
      const count = 60
      const begin = keeping({ count, lifetimeMs: Number.POSITIVE_INFINITY }, 100)
      const flown = Array.from({ length: 20 }, (_, seed) => {
        const requests = begin(seed)
        const left = 1 / 3
        requests.split(minute, [1 - left, left], [2, 1], [[1, 2], [4]])
        const closed = (requests.releasedShareAt(minute) * count) / left
        const opened = requests.releasedShareAt(2 * minute) * count
        const harm = requests.finish(3 * minute)
        expect(closed).toBeCloseTo(Math.round(closed), 9)
        expect(opened).toBeCloseTo(Math.round(opened), 9)
        // A hundred requests a second for two minutes choose among them by chance.
        expect(Math.abs(harm.exposedRequests / 12_000 - opened / count)).toBeLessThan(0.02)
        expect(Math.abs(harm.userMinutes / (2 * users) - opened / count)).toBeLessThan(0.01)
        return { closed, opened }
      })
      expectMean(
        'closed',
        flown.map(({ closed }) => closed),
        count / 3,
      )
      expectMean(
        'opened',
        flown.map(({ opened }) => opened),
        count / 9,
      )
    })

    it('is told for each pool of clients and each strand, by whose share of the requests', () => {
      const strands = [0.5, 0.3, 0.2].map((share) => ({ share, segment: 0 }))
      const connections = { count: 1, lifetimeMs: Number.POSITIVE_INFINITY, pools: [0, 1, 1] }
      const answering = {
        versions: 2,
        strands,
        codes: [200, 500, 503],
        behaviour: (version: number) => broken[version]!,
      }
      const one = audienceOf(users)
      const audience = { ...one, strands: strands.map(({ share }) => ({ ...one.strands[0]!, share })) }
      const requests = flightOf({ connections }, { answering, audience })
      const shares = Array.from({ length: 12 }, (_, seed) => {
        requests.reset(new Tape(seed))
        requests.split(0, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [1, 1], [[1], [2]])
        expect(requests.releasedShareAt(0)).toBeCloseTo(0.5, 12)
        return Math.round(10 * requests.releasedShareAt(minute))
      })
      expect([...new Set(shares)].sort((a, b) => a - b)).toEqual([0, 5, 10])
    })
  })
})

describe('A pod that is killed', () => {
  it('takes what it works on with it', () => {
    const slow = { ...base, latency: Latency.of({ meanMs: 20_000 }) }
    const requests = flightOf({}, { behaviours: [new Behaviour(slow, []), new Behaviour(slow, [])], rate: 10 })
    const numbers = [[7, 8], []]
    requests.split(0, [1, 0], [2, 0], numbers)
    requests.draw(5 * minute)
    const refused = () => [0, 1, 2].map((cell) => requests.cells.counts[requests.cells.index(cell, REFUSED)]!)
    expect(refused()).toEqual([0, 0, 0])
    requests.kill(5 * minute, 0, 7)
    requests.split(5 * minute, [1, 0], [1, 0], [[8], []])
    requests.draw(6 * minute)
    // Half of 10 a second that take 20 seconds each were with it.
    expect(Math.abs(refused()[requests.cells.cellOf(0, 7)!]! - 100)).toBeLessThan(40)
    expect(requests.finish(end).failed).toBe(refused()[requests.cells.cellOf(0, 7)!])
  })

  it('is left to finish its work where it only leaves the rotation', () => {
    const slow = { ...base, latency: Latency.of({ meanMs: 20_000 }) }
    const requests = flightOf({}, { behaviours: [new Behaviour(slow, []), new Behaviour(slow, [])], rate: 10 })
    requests.split(0, [1, 0], [2, 0], [[7, 8], []])
    requests.split(5 * minute, [1, 0], [1, 0], [[8], []])
    expect(requests.finish(end).failed).toBe(0)
  })
})

describe('Flights of requests that touch each other', () => {
  const places = { concurrency: 2, queue: 4 }
  const all: Coupling = {
    places: [places, places],
    retries: { ...again, on: [ERROR, REFUSED], budget: 0.2 },
  }
  const act = (answers: CoupledRequests) => {
    answers.split(minute, [0.5, 0.5], [5, 1], [[1, 2, 3, 4, 5], [6]])
    answers.kill(3 * minute, 1, 6)
    answers.split(3 * minute, [1, 0], [5, 0], [[1, 2, 3, 4, 5], []])
  }

  it('come out the same under the same seed, however often somebody looks, and otherwise under another', () => {
    const requests = flightOf(all, { rate: 150 })
    const flown = (seed: number, looksMs: number) => {
      requests.reset(new Tape(seed))
      for (let atMs = looksMs; atMs < minute; atMs += looksMs) requests.draw(atMs)
      act(requests)
      for (let atMs = 3 * minute; atMs < end; atMs += looksMs) requests.draw(atMs)
      requests.draw(end)
      return JSON.stringify([requests.finish(end), [...requests.cells.counts], [...requests.cells.sumsMs]])
    }
    const first = flown(1, end)
    expect(flown(1, 777)).toBe(first)
    expect(flown(2, end)).not.toBe(first)
    expect(flown(1, end)).toBe(first)
  })
})
