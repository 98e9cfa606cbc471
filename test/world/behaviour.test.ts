import { describe, expect, it } from 'vitest'
import { Behaviour, type Impact } from '../../src/world/behaviour.js'
import { codesWith } from '../../src/world/codes.js'
import { errors, faultOf, forever, healthy, minute } from './flights.js'

const median = (behaviour: Behaviour, timeMs: number) => {
  const stretch = behaviour.stretches.findLast(({ startMs }) => startMs <= timeMs)!
  let low = 0
  let high = 1e6
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (stretch.latency.shareBetween(0, middle) < 0.5) low = middle
    else high = middle
  }
  return low
}

describe('A behaviour', () => {
  it('is the same all the time when nothing is wrong', () => {
    const { stretches } = new Behaviour(healthy, [])
    expect(stretches).toEqual([
      {
        startMs: 0,
        errorRatio: 0.002,
        ramping: false,
        latency: healthy.latency,
        hangShare: 0,
        service: healthy.latency,
        lateShare: 0,
        capacityPerPod: forever,
      },
    ])
  })

  it('composes errors of independent causes', () => {
    const behaviour = new Behaviour(healthy, [errors(0.1), errors(0.5)])
    expect(behaviour.errorRatioAt(minute)).toBeCloseTo(1 - 0.998 * 0.9 * 0.5, 12)
  })

  it('has errors by their statuses, alone and with those of faults', () => {
    const codes = codesWith([404, 422])
    const otherErrors = [
      { status: 404, ratio: 0.01 },
      { status: 422, ratio: 0.003 },
    ]
    const partsOf = (errorRatio: number, impacts: readonly Impact[] = []) =>
      [...new Behaviour({ ...healthy, errorRatio, otherErrors }, impacts, { codes }).codePartsAt(minute)!].map(
        (part) => Math.round(part * 1e6) / 1e6,
      )
    expect(codes).toEqual([200, 500, 503, 404, 422])
    expect(partsOf(0.013)).toEqual([0, 0, 0, 0.769231, 0.230769])
    expect(partsOf(0.02)).toEqual([0, 0.35, 0, 0.5, 0.15])
    expect(partsOf(0.02, [errors(0.02)])).toEqual([0, 0.671717, 0, 0.252525, 0.075758])
  })

  it('has a fault from its onset until just before its end', () => {
    const behaviour = new Behaviour(healthy, [errors(0.3, { onsetMs: minute, endMs: 2 * minute })])
    expect(behaviour.errorRatioAt(minute - 1)).toBeCloseTo(0.002, 12)
    expect(behaviour.errorRatioAt(minute)).toBeCloseTo(1 - 0.998 * 0.7, 12)
    expect(behaviour.errorRatioAt(2 * minute)).toBeCloseTo(0.002, 12)
    expect(behaviour.stretches.map(({ startMs }) => startMs)).toEqual([0, minute, 2 * minute])
  })

  it('lets errors grow in a straight line', () => {
    const ramp = errors(0.4, { onsetMs: minute, rampMs: 4 * minute })
    const behaviour = new Behaviour({ ...healthy, errorRatio: 0 }, [ramp])
    for (const [at, ratio] of [
      [1, 0],
      [2, 0.1],
      [4, 0.3],
      [5, 0.4],
      [9, 0.4],
    ] as const) {
      expect(behaviour.errorRatioAt(at * minute)).toBeCloseTo(ratio, 12)
    }
    expect(behaviour.stretches.map(({ startMs, ramping }) => [startMs / minute, ramping])).toEqual([
      [0, false],
      [1, true],
      [5, false],
    ])
  })

  it('cuts a ramp short when the fault ends before it is full', () => {
    const ramp = errors(0.4, { onsetMs: minute, rampMs: 4 * minute, endMs: 3 * minute })
    const behaviour = new Behaviour({ ...healthy, errorRatio: 0 }, [ramp])
    expect(behaviour.errorRatioAt(3 * minute - 1)).toBeCloseTo(0.2, 5)
    expect(behaviour.errorRatioAt(3 * minute)).toBe(0)
    expect(behaviour.stretches.map(({ startMs }) => startMs / minute)).toEqual([0, 1, 3])
  })

  it('applies latency changes in the order of its faults', () => {
    const add = faultOf({ kind: 'latency', change: { kind: 'add', ms: 20 } })
    const double = faultOf({ kind: 'latency', change: { kind: 'factor', factor: 2 } })
    expect(median(new Behaviour(healthy, [add, double]), 0)).toBeCloseTo(200, 6)
    expect(median(new Behaviour(healthy, [double, add]), 0)).toBeCloseTo(180, 6)
  })

  it('lets latency grow in steps that stay within 1/120 of the change from the line, and are right on average', () => {
    const ramp = { onsetMs: minute, rampMs: 10 * minute }
    const behaviour = new Behaviour(healthy, [faultOf({ kind: 'latency', change: { kind: 'add', ms: 600 } }, ramp)])
    let sum = 0
    for (let step = 0; step < 1000; step++) {
      const grown = (step + 0.5) / 1000
      const added = median(behaviour, minute + grown * 10 * minute) - 80
      expect(Math.abs(added - 600 * grown)).toBeLessThanOrEqual(600 / 120 + 1e-6)
      sum += added
    }
    expect(sum / 1000).toBeCloseTo(300, 0)
    expect(median(behaviour, minute - 1)).toBeCloseTo(80, 6)
    expect(median(behaviour, 11 * minute)).toBeCloseTo(680, 6)
  })

  it('is not changed by a fault that is over before it begins', () => {
    const behaviour = new Behaviour(healthy, [errors(0.3, { onsetMs: 2 * minute, endMs: minute })])
    expect(behaviour.errorRatioAt(1.5 * minute)).toBeCloseTo(0.002, 12)
    expect(behaviour.errorRatioAt(forever)).toBeCloseTo(0.002, 12)
  })

  it('refuses shares and capacities that are none', () => {
    expect(() => new Behaviour({ ...healthy, errorRatio: 1.1 }, [])).toThrow(RangeError)
    expect(() => new Behaviour({ ...healthy, capacityPerPod: 0 }, [])).toThrow(RangeError)
  })
})
