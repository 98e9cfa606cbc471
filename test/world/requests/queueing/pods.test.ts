// What a pod does with requests: it serves so many at once, queues the next ones, sheds the rest; and what becomes of them
// when it leaves or dies.
import { describe, expect, it } from 'vitest'
import { expectCountsFit } from '../../../kernel/goodness.js'
import { exponentialOf, Record, takes } from './engine.js'

describe('A pod', () => {
  it('serves so many at once, lets the next ones wait in their order, and sheds at once what finds no room', () => {
    const record = pod({ concurrency: 2, queue: 2 }, 100)
    record.requests(0, 10, 20, 30, 40)
    record.engine.advance(1000)
    expect(record.rows.map(({ atMs, code, waitMs, latencyMs }) => [atMs, code, waitMs, latencyMs])).toEqual([
      [40, 503, 0, 0],
      [100, 200, 0, 100],
      [110, 200, 0, 100],
      [200, 200, 80, 180],
      [210, 200, 80, 180],
    ])
  })

  it('without a limit serves everything at once', () => {
    const record = pod({}, 100)
    record.requests(0, 1, 2, 3)
    record.engine.advance(1000)
    expect(record.rows.map(({ latencyMs }) => latencyMs)).toEqual([100, 100, 100, 100])
  })

  it('with a rate limit accepts one second’s worth at once and then as many as come in', () => {
    const record = pod({ perSecond: 10 }, 1)
    record.requests(...Array.from({ length: 15 }, () => 0), 50, 100, 150, 200, 5000)
    record.engine.advance(10_000)
    const accepted = record.rows.filter(({ code }) => code === 200).map(({ atMs }) => atMs - 1)
    expect(accepted).toEqual([...Array.from({ length: 10 }, () => 0), 100, 200, 5000])
    expect(record.count(({ code }) => code === 503)).toBe(7)
  })

  it('with a rate limit answers no more than that for ever', () => {
    const record = pod({ perSecond: 100 }, 20)
    record.traffic(250)
    record.engine.advance(60_000)
    expect(record.count(({ code, atMs }) => code === 200 && atMs > 20_000)).toBeCloseTo(4000, -2)
  })

  it('that isn’t there sheds', () => {
    const record = new Record({})
    record.engine.answer(0, 0, 0, takes(10), [])
    record.requests(5)
    record.engine.advance(10)
    expect(record.told).toEqual(['5 ms: 503 from -1'])
  })

  it('in another condition answers otherwise, what waits in its queue included', () => {
    const record = new Record({ capacities: [{ concurrency: 1, queue: 9 }] })
    record.engine.answer(0, 0, 0, takes(100), [])
    record.engine.answer(0, 0, 1, takes(10), [{ code: 500, ratio: 1 }])
    record.engine.serve(0, [7])
    record.requests(0, 1, 2)
    record.engine.advance(50)
    record.engine.turn(7, 1)
    record.engine.advance(1000)
    expect(record.rows.map(({ atMs, code, condition }) => [atMs, code, condition])).toEqual([
      [100, 200, 0],
      [110, 500, 1],
      [120, 500, 1],
    ])
  })
})

describe('A pod out of rotation', () => {
  it('finishes its work and its queue, and gets nothing new', () => {
    const record = pod({ concurrency: 1, queue: 5 }, 100)
    record.requests(0, 10, 60)
    record.engine.advance(50)
    record.engine.serve(0, [2])
    record.engine.advance(1000)
    expect(record.told).toEqual(['100 ms: 200 from 1', '160 ms: 200 from 2', '200 ms: 200 from 1'])
  })

  it('that comes back is the same pod, with what it had', () => {
    const record = pod({ concurrency: 1, queue: 0 }, 100)
    record.requests(0, 60)
    record.engine.advance(50)
    record.engine.serve(0, [])
    record.engine.serve(0, [1])
    record.engine.advance(1000)
    expect(record.told).toEqual(['60 ms: 503 from 1', '100 ms: 200 from 1'])
  })
})

describe('A pod that is killed', () => {
  it('resets what it works on and what waits in its queue', () => {
    const record = pod({ concurrency: 1, queue: 5 }, 100)
    record.requests(0, 10, 60)
    record.engine.advance(50)
    record.engine.kill(1)
    record.engine.serve(0, [2])
    record.engine.advance(1000)
    expect(record.rows.map(({ atMs, code, pod, waitMs }) => [atMs, code, pod, waitMs])).toEqual([
      [50, 502, 1, 0],
      [50, 502, 1, 40],
      [160, 200, 2, 0],
    ])
    expect(record.engine.inFlight).toBe(0)
  })

  it('is gone from the rotation; one that was gone already is no matter', () => {
    const record = pod({}, 10)
    record.engine.serve(0, [1, 2])
    record.engine.kill(1)
    record.engine.kill(1)
    record.requests(1, 2, 3, 4, 5, 6, 7, 8)
    record.engine.advance(100)
    expect(new Set(record.rows.map(({ pod }) => pod))).toEqual(new Set([2]))
  })
})

describe('Requests of a strand', () => {
  it('go to versions by their shares and to the pods of a version in equal parts', () => {
    const record = new Record({ versions: 2, capacities: [{}, {}] })
    for (const version of [0, 1]) record.engine.answer(version, 0, 0, takes(1), [])
    record.engine.share(0, [0.8, 0.2])
    record.engine.serve(0, [10, 11, 12, 13])
    record.engine.serve(1, [20])
    record.traffic(1000)
    record.engine.advance(20_000)
    const counts = [10, 11, 12, 13, 20].map((number) => record.count(({ pod }) => pod === number))
    expectCountsFit('requests by pod', counts, [0.2, 0.2, 0.2, 0.2, 0.2])
  })

  it('are as many as its part of the traffic, and answered as its lane has it', () => {
    const record = new Record({ strands: [0.9, 0.1] })
    record.engine.answer(0, 0, 0, takes(1), [])
    record.engine.answer(0, 1, 0, takes(2), [
      { code: 500, ratio: 0.3 },
      { code: 404, ratio: 0.1 },
    ])
    record.engine.serve(0, [0])
    record.traffic(1000)
    record.engine.advance(20_000)
    const counts = [200, 500, 404].map((code) => record.count((row) => row.strand === 1 && row.code === code))
    expectCountsFit('codes', [record.count(({ strand }) => strand === 0), ...counts], [0.9, 0.06, 0.03, 0.01])
    expect(record.count(({ strand, latencyMs }) => latencyMs !== strand + 1)).toBe(0)
  })

  it('stick to the version of their user where routing is sticky', () => {
    const users = {
      drawUser: (_: number, stream: { bits(): number }) => stream.bits() % 100,
      versionOf: (user: number) => (user < 30 ? 1 : 0),
    }
    const record = new Record({ versions: 2, capacities: [{}, {}], users })
    for (const version of [0, 1]) record.engine.answer(version, 0, 0, takes(1), [])
    record.engine.serve(0, [0])
    record.engine.serve(1, [1])
    record.traffic(1000)
    record.engine.advance(5000)
    expect(record.count(({ user, pod }) => pod !== (user < 30 ? 1 : 0))).toBe(0)
    expect(new Set(record.rows.map(({ user }) => user)).size).toBe(100)
  })
})

describe('A weight of 50 % on a single canary pod', () => {
  it('queues and sheds there while ten stable pods are at ease', () => {
    const capacity = { concurrency: 5, queue: 20 }
    const record = new Record({ versions: 2, capacities: [capacity, capacity] })
    for (const version of [0, 1]) record.engine.answer(version, 0, 0, exponentialOf(20), [])
    record.engine.serve(0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    record.engine.serve(1, [10])
    record.traffic(800)
    record.engine.advance(10_000)
    expect(record.count(({ code }) => code === 503)).toBe(0)
    record.engine.share(0, [0.5, 0.5])
    record.engine.advance(60_000)
    const canary = record.rows.filter(({ version, atMs }) => version === 1 && atMs > 15_000)
    const shed = canary.filter(({ code }) => code === 503)
    const served = canary.filter(({ code }) => code === 200)
    // 250 a second is what it can do; of 400 a second 150 are shed.
    expect(shed.length / canary.length).toBeCloseTo(150 / 400, 1)
    expect(served.length / 45).toBeCloseTo(250, -1)
    // Its queue is nearly always full: 20 in front at 4 ms each.
    expect(served.reduce((sum, { waitMs }) => sum + waitMs, 0) / served.length).toBeGreaterThan(70)
    expect(record.count(({ version, code, waitMs }) => version === 0 && (code !== 200 || waitMs > 60))).toBe(0)
  })
})

function pod(capacity: { concurrency?: number; queue?: number; perSecond?: number }, ms: number): Record {
  const record = new Record({ capacities: [capacity] })
  record.engine.answer(0, 0, 0, takes(ms), [])
  record.engine.serve(0, [1])
  return record
}
