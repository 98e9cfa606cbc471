// What always holds, whatever happens to the pods: nothing is lost, no pod has more than it can take, time goes forward; and
// what comes out depends on the seed and the changes alone, not on how often somebody looked.
import { describe, expect, it } from 'vitest'
import { type Stream, Tape } from '../../../../src/kernel/random.js'
import { BrokenLaw } from '../../../../src/world/broken-law.js'
import type { QueueingPlan } from '../../../../src/world/requests/queueing/plan.js'
import type { Pods } from '../../../../src/world/requests/queueing/pods.js'
import { ArrivalsAt } from './arrivals.js'
import { exponentialOf, Record, takes } from './engine.js'

const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

describe.each(seeds)('In a storm of changes (seed %i)', (seed) => {
  it('every request is answered once, and every attempt by a pod that was there', () => {
    const record = storm(seed, 1)
    const { engine, rows } = record
    expect(engine.arrived).toBeGreaterThan(10_000)
    expect(engine.inFlight).toBe(0)
    expect(engine.inVain).toBe(0)
    const last = rows.filter(({ isLast }) => isLast)
    expect(last.length).toBe(engine.arrived)
    expect(last.filter(({ code }) => code === 200).length).toBe(engine.succeeded)
    expect(last.filter(({ code }) => code !== 200).length).toBe(engine.failed)
    expect(rows.filter(({ atMs }, index) => index > 0 && atMs < rows[index - 1]!.atMs)).toEqual([])
    expect(
      rows.filter(({ latencyMs, waitMs, ageMs }) => !(waitMs >= 0 && latencyMs >= waitMs && ageMs >= latencyMs)),
    ).toEqual([])
  })

  it('the same requests end the same way however often somebody looks', () => {
    expect(storm(seed, 7).rows).toEqual(storm(seed, 1).rows)
  })
})

describe('A broken law is told:', () => {
  it('a request that nobody has', () => {
    const { engine } = busy()
    engine.arrived++
    expect(() => engine.advance(20)).toThrow(
      new BrokenLaw('what arrives is answered or in flight', {
        nowMs: 20,
        arrived: 4,
        succeeded: 0,
        failed: 0,
        inFlight: 3,
      }),
    )
  })

  it('a pod that serves more than it can', () => {
    const { engine } = busy()
    podsOf(engine).busy[0] = 3
    expect(() => engine.advance(20)).toThrow(
      'Broken law: a pod serves no more than it can (nowMs 20, pod 5, busy 3, concurrency 2)',
    )
  })

  it('a queue longer than it can be', () => {
    const { engine } = busy()
    podsOf(engine).queued[0] = 2
    expect(() => engine.advance(20)).toThrow(
      'Broken law: a queue holds no more than it can (nowMs 20, pod 5, queued 2, room 1)',
    )
  })

  it('time that goes back', () => {
    const { engine } = busy()
    expect(() => engine.advance(9)).toThrow('Broken law: time does not go back (nowMs 10, timeMs 9)')
    expect(() => engine.advance(Number.NaN)).toThrow('Broken law: time does not go back')
  })
})

it('Requests of the past are refused', () => {
  const { engine } = busy()
  expect(() => engine.receive(new ArrivalsAt([9]))).toThrow('a request that arrived at 9 ms, told at 10 ms')
})

it('The same requests of the same users arrive, whatever becomes of them', () => {
  const arrivals = (concurrency: number, ratio: number) => {
    const users = { drawUser: (_: number, stream: Stream) => stream.bits() % 1000 }
    const retries = { attempts: 2, backoffMs: 5, factor: 1, jitter: 0.5, budget: 1, on: [500, 503] }
    const record = new Record({ strands: [0.5, 0.5], capacities: [{ concurrency, queue: 3 }], users, retries })
    for (const strand of [0, 1]) record.engine.answer(0, strand, 0, exponentialOf(20), [{ code: 500, ratio }])
    record.engine.serve(0, [0, 1])
    record.traffic(100)
    record.engine.advance(5000)
    record.engine.receive(new ArrivalsAt([]))
    record.engine.advance(10_000)
    return record.rows
      .filter(({ isLast }) => isLast)
      .sort((one, other) => one.atMs - one.ageMs - (other.atMs - other.ageMs))
      .map(({ atMs, ageMs, user, strand }) => `${(atMs - ageMs).toFixed(0)} ms: ${user} asks for ${strand}`)
  }
  expect(arrivals(1, 0.3)).toEqual(arrivals(10, 0))
})

function busy(): Record {
  const record = new Record({ capacities: [{ concurrency: 2, queue: 1 }] })
  record.engine.answer(0, 0, 0, takes(100), [])
  record.engine.serve(0, [5])
  record.requests(0, 1, 2)
  record.engine.advance(10)
  return record
}

function podsOf(engine: object): Pods {
  return (engine as unknown as { pods: Pods }).pods
}

/** Pods come, go, die, hang, change their condition; shares wander; clients time out and send again. */
function storm(seed: number, looks: number): Record {
  const plan: Partial<QueueingPlan> = {
    versions: 2,
    strands: [0.7, 0.3],
    capacities: [{ concurrency: 3, queue: 5 }, seed % 2 ? { perSecond: 100 } : {}],
    timeoutMs: 150,
    retries: { attempts: 2, backoffMs: 20, factor: 2, jitter: 0.3, budget: 0.5, on: [500, 502, 503, 504] },
    ...(seed % 3 === 0 && { connections: { count: 6, lifetimeMs: 3000 } }),
  }
  const record = new Record(plan, seed)
  const { engine } = record
  const stream = new Tape(seed).stream('storm')
  for (const version of [0, 1]) {
    for (const strand of [0, 1]) {
      engine.answer(version, strand, 0, exponentialOf(30), [{ code: 500, ratio: 0.05 }])
      const hangs = { sample: (draws: Stream) => (draws.uniform() < 0.1 ? Number.POSITIVE_INFINITY : 40) }
      engine.answer(version, strand, 1, hangs, [{ code: 500, ratio: 0.2 }])
    }
  }
  record.traffic(400)
  const pods: number[][] = [[], []]
  let next = 0
  for (let change = 0; change < 300; change++) {
    const version = stream.uniform() < 0.5 ? 0 : 1
    const mine = pods[version]!
    const chance = stream.uniform()
    const any = mine[Math.floor(stream.uniform() * mine.length)]
    if (chance < 0.35) mine.push(next++)
    else if (chance < 0.5) mine.shift()
    if (chance < 0.5) engine.serve(version, mine)
    else if (chance < 0.6 && any !== undefined) {
      engine.kill(any)
      mine.splice(mine.indexOf(any), 1)
    } else if (chance < 0.8 && any !== undefined) engine.turn(any, chance < 0.7 ? 1 : 0)
    else engine.share(0, [chance, 1 - chance])
    const untilMs = engine.nowMs + 200 * stream.uniform()
    const fromMs = engine.nowMs
    for (let look = 1; look < looks; look++) engine.advance(fromMs + ((untilMs - fromMs) * look) / looks)
    engine.advance(untilMs)
  }
  engine.receive(new ArrivalsAt([]))
  engine.advance(engine.nowMs + 10_000)
  for (let number = 0; number < next; number++) engine.kill(number)
  engine.advance(engine.nowMs + 10_000)
  return record
}
