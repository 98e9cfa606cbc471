import { describe, expect, it } from 'vitest'
import { Arrivals } from '../../src/world/arrivals.js'
import { Polyline } from '../../src/world/polyline.js'
import { Traffic } from '../../src/world/traffic.js'

const arrivals = new Arrivals(5000, [3, 0, 1, 1000])

describe('Arrivals', () => {
  it('spread the n of a second evenly, each in the middle of its part', () => {
    expect([0, 1, 2].map((index) => arrivals.instantOf(index))).toEqual([5000 + 500 / 3, 5500, 5000 + 2500 / 3])
    expect(arrivals.instantOf(3)).toBe(7500)
    expect(arrivals.instantOf(1003)).toBe(8999.5)
  })

  it('are counted as an integer at any time, none before the first second and all after the last', () => {
    const times = [0, 5000, 5166, 5167, 5500, 5501, 6000, 6999, 7500, 7501, 8000, 8010, 9000, 1e9]
    expect(times.map((timeMs) => arrivals.countBefore(timeMs))).toEqual([
      0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 14, 1004, 1004,
    ])
  })

  it('are counted as their instants say', () => {
    for (let index = 0; index < arrivals.total; index++) {
      const instant = arrivals.instantOf(index)
      expect(arrivals.countBefore(instant + 1e-6)).toBe(index + 1)
      expect(arrivals.countBefore(instant - 1e-6)).toBe(index)
    }
  })

  it('times a factor lose and win no more than half a request altogether', () => {
    const counts = Array.from({ length: 500 }, (_, second) => (second * 7919) % 11)
    const many = new Arrivals(0, counts)
    for (const factor of [0.1, 0.5, 1 / 3, 1, 2, 2.7]) {
      const scaled = many.times(() => factor)
      for (let second = 0; second <= 500; second++) {
        const off = scaled.countBefore(1000 * second) - factor * many.countBefore(1000 * second)
        expect(Math.abs(off)).toBeLessThan(0.5 + 1e-9)
      }
    }
    expect(many.times(() => 1)).toEqual(many)
  })

  it('are whole numbers', () => {
    expect(() => new Arrivals(0, [0.5])).toThrow(RangeError)
    expect(() => new Arrivals(0, [-1])).toThrow(RangeError)
    expect(() => arrivals.instantOf(1004)).toThrow(RangeError)
  })
})

describe('Traffic of arrivals', () => {
  const traffic = Traffic.of(arrivals)

  it('has the rate of each second, and nothing before and after', () => {
    expect([4999, 5000, 5999, 6000, 7000, 8000, 8999, 9000].map((timeMs) => traffic.rateAt(timeMs))).toEqual([
      0, 3, 3, 0, 1, 1000, 1000, 0,
    ])
    expect(traffic.integral(0, 20_000)).toBeCloseTo(1004, 9)
  })

  it('is changed by a factor only where it isn’t 1', () => {
    const spike = Polyline.through([
      { atMs: 8000, value: 1 },
      { atMs: 8000, value: 3 },
    ])
    const spiked = traffic.times(spike)
    expect([5000, 6000, 7000, 8000, 9000].map((timeMs) => spiked.arrivals!.countBefore(timeMs))).toEqual([
      0, 3, 3, 4, 3004,
    ])
    expect(spiked.integral(0, 20_000)).toBeCloseTo(3004, 9)
  })
})
