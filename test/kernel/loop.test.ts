import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Loop } from '../../src/kernel/loop.js'
import { Tape } from '../../src/kernel/random.js'

describe('the loop', () => {
  it('is a clock, handlers, and events that carry two integers', () => {
    const loop = new Loop()
    const seen: string[] = []
    const arrive = loop.handler((user, zone) => {
      seen.push(`${loop.now}: user ${user} in zone ${zone}`)
      if (user < 3) loop.at(loop.now + 10, 0, arrive, user + 1, zone)
    })
    loop.at(5, 0, arrive, 1, 7)
    loop.run(20)
    expect(seen).toEqual(['5: user 1 in zone 7', '15: user 2 in zone 7'])
    expect([loop.now, loop.next()]).toEqual([20, 25])
  })

  it('runs events at the same instant by priority, then in the order they were scheduled', () => {
    const loop = new Loop()
    const seen: number[] = []
    const note = loop.handler((a) => seen.push(a))
    for (const [priority, a] of [
      [1, 4],
      [0, 2],
      [1, 5],
      [-3, 1],
      [0, 3],
    ] as const) {
      loop.at(8, priority, note, a)
    }
    loop.at(8.5, -9, note, 6)
    loop.run(9)
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('runs what an event schedules for its own instant in the same run', () => {
    const loop = new Loop()
    const seen: string[] = []
    const late = loop.handler(() => seen.push('late'))
    const early = loop.handler(() => {
      seen.push('early')
      loop.at(loop.now, 0, late)
    })
    const other = loop.handler(() => seen.push('other'))
    loop.at(3, 0, early)
    loop.at(3, 1, other)
    loop.run(3)
    expect(seen).toEqual(['early', 'late', 'other'])
  })

  it('keeps the order of a sorted list, whatever is scheduled when', () => {
    const event = fc.record({ delay: fc.nat(6), priority: fc.integer({ min: -2, max: 2 }), more: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 300 }), (plan) => {
        expect(run(plan)).toEqual(sorted(plan))
      }),
      { seed: 20, numRuns: 200 },
    )
  })

  it('keeps it with thousands pending', () => {
    const stream = new Tape('loop').stream('delays')
    const plan = Array.from({ length: 30_000 }, () => ({
      delay: stream.bits() & 1 ? stream.uniform() * 1_000 : Math.floor(stream.uniform() * 50),
      priority: Math.floor(stream.uniform() * 5) - 2,
      more: stream.bits() & 3,
    }))
    expect(run(plan)).toEqual(sorted(plan))
  })

  it('runs up to and including the given time, and continues from there', () => {
    const loop = new Loop()
    const seen: number[] = []
    const note = loop.handler((a) => seen.push(a))
    for (let ms = 1; ms <= 4; ms++) loop.at(ms, 0, note, ms)
    loop.run(2)
    expect([loop.now, ...seen]).toEqual([2, 1, 2])
    loop.run(2.5)
    expect([loop.now, ...seen]).toEqual([2.5, 1, 2])
    loop.run(100)
    expect([loop.now, ...seen]).toEqual([100, 1, 2, 3, 4])
    expect(loop.next()).toBe(Number.POSITIVE_INFINITY)
  })

  it('stops after the event that says so, with the clock at that event and the rest still to run', () => {
    const loop = new Loop()
    const seen: number[] = []
    const note = loop.handler((a) => {
      seen.push(a)
      if (a === 2) loop.stop()
    })
    for (let ms = 1; ms <= 3; ms++) loop.at(ms, 0, note, ms)
    loop.run(10)
    expect([loop.now, loop.next(), ...seen]).toEqual([2, 3, 1, 2])
    loop.run(10)
    expect([loop.now, ...seen]).toEqual([10, 1, 2, 3])
  })

  it('starts over after a reset, without its handlers', () => {
    const loop = new Loop()
    const seen: number[] = []
    const fly = () => {
      const note = loop.handler((a) => seen.push(a))
      expect(note).toBe(0)
      loop.at(4, 0, note, 1)
      loop.at(4, 0, note, 2)
      loop.at(500, 0, note, 3)
      loop.run(10)
    }
    fly()
    loop.reset()
    expect([loop.now, loop.next()]).toEqual([0, Number.POSITIVE_INFINITY])
    fly()
    expect([loop.now, ...seen]).toEqual([10, 1, 2, 1, 2])
  })

  it('refuses the past, times that never come, and what fits no event', () => {
    const loop = new Loop()
    const note = loop.handler(() => undefined)
    loop.run(50)
    for (const ms of [49.999, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => loop.at(ms, 0, note)).toThrow(RangeError)
      expect(() => loop.run(ms)).toThrow(RangeError)
    }
    for (const priority of [0.5, Number.NaN, 4_096, -4_096])
      expect(() => loop.at(50, priority, note)).toThrow(RangeError)
    for (const handler of [-1, 1, 0.5, Number.NaN]) expect(() => loop.at(50, 0, handler)).toThrow(RangeError)
    for (const carried of [0.5, 2 ** 31, Number.NaN]) {
      expect(() => loop.at(50, 0, note, carried)).toThrow(RangeError)
      expect(() => loop.at(50, 0, note, 0, carried)).toThrow(RangeError)
    }
    expect(loop.next()).toBe(Number.POSITIVE_INFINITY)
  })
})

interface Planned {
  readonly delay: number
  readonly priority: number
  /** How many of the plan's next events this one schedules when it runs. */
  readonly more: number
}

/** Runs the plan: a third of it is scheduled at once, the rest by the events themselves. */
function run(plan: readonly Planned[]): number[] {
  const loop = new Loop()
  const seen: number[] = []
  let scheduled = 0
  const schedule = (count: number) => {
    for (let i = 0; i < count && scheduled < plan.length; i++, scheduled++) {
      const { delay, priority } = plan[scheduled]!
      loop.at(loop.now + delay, priority, act, scheduled, -scheduled)
    }
  }
  const act = loop.handler((a, b) => {
    expect(b + a).toBe(0)
    seen.push(a)
    schedule(plan[a]!.more)
  })
  schedule(Math.ceil(plan.length / 3))
  while (loop.next() < Number.POSITIVE_INFINITY) loop.run(loop.next())
  return seen
}

/** The same by the definition: of all pending events, always the first by time, priority and order of scheduling. */
function sorted(plan: readonly Planned[]): number[] {
  const pending: { time: number; index: number }[] = []
  const seen: number[] = []
  let scheduled = 0
  const precedes = (x: { time: number; index: number }, y: { time: number; index: number }) =>
    x.time - y.time || plan[x.index]!.priority - plan[y.index]!.priority || x.index - y.index
  const schedule = (now: number, count: number) => {
    for (let i = 0; i < count && scheduled < plan.length; i++, scheduled++) {
      const entry = { time: now + plan[scheduled]!.delay, index: scheduled }
      let [low, high] = [0, pending.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (precedes(pending[middle]!, entry) > 0) low = middle + 1
        else high = middle
      }
      pending.splice(low, 0, entry)
    }
  }
  schedule(0, Math.ceil(plan.length / 3))
  for (let event = pending.pop(); event !== undefined; event = pending.pop()) {
    seen.push(event.index)
    schedule(event.time, plan[event.index]!.more)
  }
  return seen
}
