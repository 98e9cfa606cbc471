import { describe, expect, it } from 'vitest'
import { Polyline } from '../../src/world/polyline.js'
import { quadrature } from './flights.js'

const hill = Polyline.through([
  { atMs: 0, value: 1 },
  { atMs: 1000, value: 1 },
  { atMs: 3000, value: 5 },
  { atMs: 5000, value: 0 },
])
const step = Polyline.through([
  { atMs: 2000, value: 1 },
  { atMs: 2000, value: 3 },
])
const slide = Polyline.through([
  { atMs: 500, value: 4 },
  { atMs: 4500, value: 0 },
])

describe('Polyline', () => {
  it('times a step is exact, before, at and after it', () => {
    const product = hill.times(step)
    for (const timeMs of [0, 999, 1500, 1999, 2000, 2500, 3000, 4999, 9000]) {
      expect(product.valueAt(timeMs)).toBeCloseTo(hill.valueAt(timeMs) * step.valueAt(timeMs), 12)
    }
    expect(product.changesAfter(1500)).toBe(2000)
    expect(product.changesAfter(5000)).toBe(Number.POSITIVE_INFINITY)
  })

  it('times a slope is within a thousandth, whichever way round', () => {
    for (const product of [hill.times(slide), slide.times(hill)]) {
      for (let timeMs = 0; timeMs < 6000; timeMs += 7) {
        const truth = hill.valueAt(timeMs) * slide.valueAt(timeMs)
        expect(Math.abs(product.valueAt(timeMs) - truth)).toBeLessThan(0.02)
      }
      const truth = quadrature((at) => (hill.valueAt(at) * slide.valueAt(at)) / 1000, [0, 500, 1000, 3000, 4500, 5000])
      expect(product.integral(0, 5000)).toBeCloseTo(truth, 2)
      expect(product.valueAt(9000)).toBe(0)
    }
  })

  it('times one is itself', () => {
    const same = hill.times(Polyline.constant(1))
    for (const timeMs of [0, 1000, 1234, 3000, 4321, 5000]) expect(same.valueAt(timeMs)).toBe(hill.valueAt(timeMs))
  })

  it('is never negative and never nothing', () => {
    expect(() => Polyline.constant(-1)).toThrow(RangeError)
    expect(() => Polyline.constant(Number.POSITIVE_INFINITY)).toThrow(RangeError)
    expect(() => Polyline.through([])).toThrow(RangeError)
  })
})
