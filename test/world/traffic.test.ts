import { describe, expect, it } from 'vitest'
import { Traffic } from '../../src/world/traffic.js'
import { minute, quadrature, second } from './flights.js'

const day = new Traffic([
  { atMs: 0, requestsPerSecond: 100 },
  { atMs: 10 * minute, requestsPerSecond: 100 },
  { atMs: 15 * minute, requestsPerSecond: 400 },
  { atMs: 20 * minute, requestsPerSecond: 400 },
  { atMs: 20 * minute, requestsPerSecond: 50 },
])

describe('Traffic', () => {
  it('is a straight line between two points', () => {
    expect(day.rateAt(5 * minute)).toBe(100)
    expect(day.rateAt(12.5 * minute)).toBe(250)
    expect(day.slopeAt(12.5 * minute)).toBe(300 / (5 * minute))
  })

  it('has the new rate from the instant of a step on', () => {
    expect(day.rateAt(20 * minute - 1)).toBe(400)
    expect(day.rateAt(20 * minute)).toBe(50)
  })

  it('keeps the first rate before the first point and the last after the last', () => {
    const late = new Traffic([{ atMs: minute, requestsPerSecond: 7 }])
    expect(late.rateAt(0)).toBe(7)
    expect(late.integral(0, 2 * minute)).toBe(840)
    expect(day.rateAt(100 * minute)).toBe(50)
  })

  it('says when its formula changes next', () => {
    expect(day.changesAfter(0)).toBe(10 * minute)
    expect(day.changesAfter(10 * minute)).toBe(15 * minute)
    expect(day.changesAfter(19 * minute)).toBe(20 * minute)
    expect(day.changesAfter(20 * minute)).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([
    [0, 30 * minute],
    [9 * minute, 21 * minute],
    [11 * minute, 12 * minute],
    [25 * minute, 25 * minute],
  ])('integrates to what quadrature says, from %d to %d ms', (from, until) => {
    const edges = [0, 10, 15, 20].map((at) => at * minute).filter((at) => at > from && at < until)
    const expected = quadrature((at) => day.rateAt(at) / second, [from, ...edges, until])
    expect(day.integral(from, until)).toBeCloseTo(expected, 6)
  })

  it('does not accept a rate that is none, or points out of order', () => {
    expect(() => Traffic.constant(-1)).toThrow(RangeError)
    expect(() => Traffic.constant(Number.NaN)).toThrow(RangeError)
    expect(() => new Traffic([])).toThrow(RangeError)
    const back = [
      { atMs: 5, requestsPerSecond: 1 },
      { atMs: 3, requestsPerSecond: 1 },
    ]
    expect(() => new Traffic(back)).toThrow(RangeError)
  })
})
