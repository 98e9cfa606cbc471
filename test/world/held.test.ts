import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Held } from '../../src/world/held.js'
import { expectMean } from './flights.js'

const stream = (seed: number) => new Tape(seed).stream('late')

describe('Requests whose clients wait', () => {
  it('are all there until the first of them can have been answered, and none after the last', () => {
    const held = new Held()
    held.hold(0, 1000, 70)
    expect([held.release(0, stream(1)), held.count]).toEqual([0, 70])
    expect([held.release(1000, stream(1)), held.count]).toEqual([70, 0])
  })

  it('are answered evenly in between, however often somebody asks', () => {
    const answered = Array.from({ length: 500 }, (_, seed) => {
      const held = new Held()
      held.hold(0, 1000, 100)
      held.hold(1000, 2000, 50)
      const early = held.release(200, stream(seed)) + held.release(500, stream(seed + 1000))
      return { early, all: early + held.release(1500, stream(seed + 2000)), held: held.count }
    })
    expectMean(
      'by half of the first',
      answered.map(({ early }) => early),
      50,
    )
    expectMean(
      'by half of the second',
      answered.map(({ all }) => all),
      125,
    )
    expect(answered.every(({ all, held }) => all + held === 150)).toBe(true)
  })
})
