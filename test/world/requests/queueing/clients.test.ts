// What clients do to a service: they lose patience, send again within a budget, and hold connections.
import { describe, expect, it } from 'vitest'
import type { RetryPlan } from '../../../../src/world/coupling.js'
import { chiSquareTail } from '../../../kernel/goodness.js'
import { exponentialOf, Record, type Row, takes } from './engine.js'

const again: RetryPlan = {
  attempts: 2,
  backoffMs: 100,
  factor: 2,
  jitter: 0,
  budget: Number.POSITIVE_INFINITY,
  on: [500, 503, 504, 502],
}

describe('A client that loses patience', () => {
  it('gets 504 at its deadline, while the pod works on in vain', () => {
    const record = pod({ timeoutMs: 50, capacities: [{ concurrency: 1, queue: 5 }] }, 80)
    record.requests(0, 70)
    record.engine.advance(1000)
    // The second one waits 10 ms, and its pod would be done at 160 ms.
    expect(record.rows.map(({ atMs, code, latencyMs, waitMs }) => [atMs, code, latencyMs, waitMs])).toEqual([
      [50, 504, 50, 0],
      [120, 504, 50, 10],
    ])
    expect(record.engine.servedInVain).toBe(2)
    expect(record.engine.inFlight).toBe(0)
  })

  it('is dropped from the queue when its turn comes, and takes up a place there until then', () => {
    const record = pod({ timeoutMs: 50, capacities: [{ concurrency: 1, queue: 2 }] }, 80)
    record.requests(0, 10, 20, 75, 85)
    record.engine.advance(1000)
    expect(record.told).toEqual([
      '50 ms: 504 from 1',
      '60 ms: 504 from 1',
      '70 ms: 504 from 1',
      '75 ms: 503 from 1',
      '135 ms: 504 from 1',
    ])
    expect(record.engine.servedInVain).toBe(2)
  })

  it('frees nothing where pods hang, until they are killed', () => {
    const record = pod({ timeoutMs: 50, capacities: [{ concurrency: 2, queue: 0 }] }, Number.POSITIVE_INFINITY)
    record.requests(0, 1, 60, 70)
    record.engine.advance(65)
    expect(record.told).toEqual(['50 ms: 504 from 1', '51 ms: 504 from 1', '60 ms: 503 from 1'])
    record.engine.kill(1)
    record.engine.serve(0, [2])
    record.engine.advance(1000)
    expect(record.told.at(-1)).toBe('120 ms: 504 from 2')
    expect(record.engine.inVain).toBe(1)
  })

  it('is remembered by nobody where a pod without limits hangs', () => {
    const record = pod({ timeoutMs: 50 }, Number.POSITIVE_INFINITY)
    record.traffic(1000)
    record.engine.advance(10_000)
    expect(record.engine.inVain).toBe(0)
    expect(record.engine.inFlight).toBeLessThan(100)
  })

  it('is told apart from one whose pod was killed', () => {
    const record = pod({ timeoutMs: 50 }, 80)
    record.requests(0, 30)
    record.engine.advance(60)
    record.engine.kill(1)
    record.engine.advance(1000)
    expect(record.told).toEqual(['50 ms: 504 from 1', '60 ms: 502 from 1'])
    expect(record.engine.inVain).toBe(0)
  })
})

describe('A client that sends again', () => {
  it('does so after pauses that grow, and so often at most', () => {
    const record = pod({ retries: again }, 10, 1)
    record.requests(0)
    record.engine.advance(10_000)
    expect(
      record.rows.map(({ atMs, attempt, latencyMs, ageMs, isLast }) => [atMs, attempt, latencyMs, ageMs, isLast]),
    ).toEqual([
      [10, 1, 10, 10, false],
      [120, 2, 10, 120, false],
      [330, 3, 10, 330, true],
    ])
    expect([record.engine.arrived, record.engine.succeeded, record.engine.failed]).toEqual([1, 0, 1])
  })

  it('does so for the codes it is told, and tells its user only the last one', () => {
    const record = pod({ retries: { ...again, on: [503] } }, 10, 1)
    record.requests(0)
    record.engine.advance(10_000)
    expect(record.told).toEqual(['10 ms: 500 from 1'])
    const other = pod({ retries: again, capacities: [{ concurrency: 1 }] }, 150)
    other.requests(0, 100)
    other.engine.advance(10_000)
    expect(other.rows.map(({ atMs, code, isLast }) => [atMs, code, isLast])).toEqual([
      [100, 503, false],
      [150, 200, true],
      [350, 200, true],
    ])
    expect([other.engine.arrived, other.engine.succeeded, other.engine.failed]).toEqual([2, 2, 0])
  })

  it('does so after a deadline too, while the pod still works on the first attempt', () => {
    const record = pod({ retries: { ...again, attempts: 1 }, timeoutMs: 50 }, 80)
    record.requests(0)
    record.engine.advance(10_000)
    expect(record.rows.map(({ atMs, code, ageMs }) => [atMs, code, ageMs])).toEqual([
      [50, 504, 50],
      [200, 504, 200],
    ])
    expect(record.engine.servedInVain).toBe(2)
  })

  it('does so when its pod is killed', () => {
    const record = pod({ retries: again, capacities: [{ concurrency: 1, queue: 1 }] }, 80)
    record.requests(0, 1)
    record.engine.advance(20)
    record.engine.kill(1)
    record.engine.serve(0, [2])
    record.engine.advance(10_000)
    expect(record.told).toEqual(['20 ms: 502 from 1', '20 ms: 502 from 1', '200 ms: 200 from 2', '280 ms: 200 from 2'])
  })

  it('spreads its pauses as wide as the jitter', () => {
    const record = pod({ retries: { ...again, attempts: 1, jitter: 0.2 } }, 10, 1)
    record.requests(...Array.from({ length: 2000 }, () => 0))
    record.engine.advance(10_000)
    const pauses = record.rows.filter(({ attempt }) => attempt === 2).map(({ atMs }) => atMs - 20)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(80)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(120)
    expect(pauses.reduce((sum, ms) => sum + ms, 0) / pauses.length).toBeCloseTo(100, 0)
  })
})

describe('Retries', () => {
  it('multiply the load on a service that fails: n + 1 attempts a request', () => {
    const record = pod({ retries: { ...again, attempts: 3, backoffMs: 1 } }, 10, 1)
    record.traffic(200)
    record.engine.advance(50_000)
    expect(record.rows.length / record.engine.arrived).toBeCloseTo(4, 1)
  })

  it('keep a pod that was overloaded once at its limit for good, and a budget lets it recover', () => {
    const overload = (budget: number) => {
      const retries = { ...again, attempts: 4, backoffMs: 10, factor: 1, jitter: 0.5, budget }
      const record = pod({ retries, timeoutMs: 200, capacities: [{ concurrency: 10, queue: 200 }] }, 20)
      record.traffic(350)
      record.engine.advance(10_000)
      expect(record.engine.failed).toBe(0)
      record.traffic(1500)
      record.engine.advance(15_000)
      record.traffic(350)
      record.engine.advance(60_000)
      const late = record.rows.filter(({ atMs }) => atMs > 50_000)
      return {
        attempts: late.length / 10,
        failed: late.filter(({ isLast, code }) => isLast && code !== 200).length / 10,
      }
    }
    const without = overload(Number.POSITIVE_INFINITY)
    const within = overload(0.2)
    expect(without.attempts).toBeGreaterThan(2 * within.attempts)
    expect(within.failed).toBe(0)
    expect(within.attempts / 350).toBeCloseTo(1, 1)
  })

  it('under way are never more than the budget’s share of all attempts, or three', () => {
    const retries = { ...again, attempts: 1, backoffMs: 0, budget: 0.2 }
    const record = pod({ retries }, 100, 1)
    record.traffic(1000)
    record.engine.advance(20_000)
    const tried = (number: number) => record.count(({ attempt, atMs }) => attempt === number && atMs > 1000)
    // Of what is under way a fifth is retries: one for four first attempts.
    expect(tried(2) / tried(1)).toBeCloseTo(0.25, 1)
    const few = pod({ retries: { ...retries, budget: 0 } }, 100, 1)
    few.traffic(1000)
    few.engine.advance(20_000)
    // Three at a time for 100 ms each, and a millisecond until the next one.
    const perSecond = few.count(({ attempt }) => attempt === 2) / 20
    expect(perSecond).toBeGreaterThan(28)
    expect(perSecond).toBeLessThanOrEqual(30)
  })
})

describe('Held connections', () => {
  const pods = Array.from({ length: 8 }, (_, index) => index)

  it('stick to the pod they were opened to, and send the requests of a pool there in equal parts', () => {
    const record = rotation(pods, { connections: { count: 2, lifetimeMs: Number.POSITIVE_INFINITY } })
    record.traffic(1000)
    record.engine.advance(5000)
    expect(new Set(record.rows.map(({ pod }) => pod)).size).toBeLessThanOrEqual(2)
  })

  it('skew the split as the binomial law has it: the fewer, the more', () => {
    // Canary pods are 2 of 8; each of so many connections leads to one of them with probability 1/4.
    for (const count of [4, 16]) {
      const shares = Array.from({ length: 300 }, (_, seed) => {
        const record = rotation(pods, { connections: { count, lifetimeMs: Number.POSITIVE_INFINITY } }, seed)
        record.traffic(2000)
        record.engine.advance(1000)
        const hits = connectionsTo(record.rows, (pod) => pod < 2)
        return Math.round(count * hits)
      })
      expectBinomial(`${count} connections`, shares, count, 0.25)
    }
  })

  it('are opened anew when their time is over: over a long time the split is right', () => {
    const record = rotation(pods, { connections: { count: 2, lifetimeMs: 500 } })
    record.traffic(200)
    record.engine.advance(600_000)
    // About 2 · 1200 connections, so a standard error of 0.9 points.
    expect(connectionsTo(record.rows, (pod) => pod < 2)).toBeCloseTo(0.25, 1)
  })

  it('keep a share that was taken away, where only new ones follow the split', () => {
    const record = new Record({
      versions: 2,
      capacities: [{}, {}],
      connections: { count: 50, lifetimeMs: 60_000 },
    })
    for (const version of [0, 1]) record.engine.answer(version, 0, 0, takes(1), [])
    record.engine.serve(0, [0])
    record.engine.serve(1, [1])
    record.engine.share(0, [0.5, 0.5])
    record.traffic(500)
    record.engine.advance(10_000)
    record.engine.share(0, [1, 0])
    record.engine.advance(90_000)
    const canary = (fromMs: number, untilMs: number) => {
      const rows = record.rows.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
      return rows.filter(({ version }) => version === 1).length / rows.length
    }
    expect(canary(10_000, 12_000)).toBeGreaterThan(0.2)
    expect(canary(71_000, 90_000)).toBe(0)
  })

  it('to a pod that leaves or dies are opened anew to another one', () => {
    const record = rotation([0, 1], { connections: { count: 4, lifetimeMs: Number.POSITIVE_INFINITY } })
    record.traffic(1000)
    record.engine.advance(1000)
    record.engine.serve(0, [1, 2])
    record.engine.advance(2000)
    expect(record.count(({ pod, atMs }) => pod === 0 && atMs > 1002)).toBe(0)
    record.engine.kill(1)
    record.engine.advance(3000)
    expect(new Set(record.rows.filter(({ atMs }) => atMs > 2002).map(({ pod }) => pod))).toEqual(new Set([2]))
  })

  it('of another pool are others', () => {
    const connections = { count: 1, lifetimeMs: Number.POSITIVE_INFINITY, pools: [0, 1, 1] }
    const record = rotation(pods, { connections, strands: [0.4, 0.3, 0.3] }, 3)
    for (const strand of [1, 2]) record.engine.answer(0, strand, 0, takes(1), [])
    record.traffic(1000)
    record.engine.advance(1000)
    const podsOf = (...strands: number[]) =>
      new Set(record.rows.filter((row) => strands.includes(row.strand)).map(({ pod }) => pod))
    expect(podsOf(0).size).toBe(1)
    expect(podsOf(1, 2).size).toBe(1)
    expect(podsOf(0, 1, 2).size).toBe(2)
  })

  it('and users that stick to versions are one too many', () => {
    const users = { drawUser: () => 0, versionOf: () => 0 }
    expect(() => new Record({ users, connections: { count: 1, lifetimeMs: 1 } })).toThrow('either users stick')
  })
})

function connectionsTo(rows: readonly Row[], matches: (pod: number) => boolean): number {
  return rows.filter(({ pod }) => matches(pod)).length / rows.length
}

function expectBinomial(label: string, hits: readonly number[], n: number, p: number): void {
  const mean = hits.reduce((sum, hit) => sum + hit, 0) / hits.length
  const squares = hits.reduce((sum, hit) => sum + (hit - n * p) ** 2, 0) / (n * p * (1 - p))
  const tail = chiSquareTail(squares, hits.length)
  expect(Math.abs(mean - n * p), `${label}: mean ${mean}`).toBeLessThan(4 * Math.sqrt((n * p * (1 - p)) / hits.length))
  expect(Math.min(tail, 1 - tail), `${label}: spread ${squares / hits.length}`).toBeGreaterThan(1e-4)
}

function pod(plan: ConstructorParameters<typeof Record>[0], ms: number, errors = 0): Record {
  const record = new Record(plan)
  record.engine.answer(0, 0, 0, takes(ms), [{ code: 500, ratio: errors }])
  record.engine.serve(0, [1])
  return record
}

function rotation(numbers: readonly number[], plan: ConstructorParameters<typeof Record>[0], seed = 1): Record {
  const record = new Record(plan, seed)
  record.engine.answer(0, 0, 0, exponentialOf(0.1), [])
  record.engine.serve(0, numbers)
  return record
}
