import { describe, expect, it } from 'vitest'
import { growthAt } from '../../src/world/course.js'
import { concernsAnswers, concernsPods, type Fault, strikes } from '../../src/world/fault.js'
import { errors, minute } from './flights.js'

const crash: Fault = { ...errors(0), effect: { kind: 'crash-loop' } }
const deaf: Fault = { ...errors(0), effect: { kind: 'not-ready' } }
const slow: Fault = { ...errors(0), effect: { kind: 'latency', change: { kind: 'percent', percent: 50 } } }

describe('A fault', () => {
  it('concerns pods or answers, never both', () => {
    expect([crash, deaf, slow, errors(0.1)].map(concernsPods)).toEqual([true, true, false, false])
    expect([crash, deaf, slow, errors(0.1)].map(concernsAnswers)).toEqual([false, false, true, true])
  })

  it('strikes the versions it names', () => {
    expect(strikes(errors(1, { versions: [0, 2] }), 2)).toBe(true)
    expect(strikes(errors(1, { versions: [0, 2] }), 1)).toBe(false)
  })

  it('is there at once from its onset on when it has no ramp', () => {
    const fault = errors(1, { onsetMs: minute, endMs: 3 * minute })
    expect([minute - 1, minute, 3 * minute - 1, 3 * minute].map((at) => growthAt(fault, at))).toEqual([0, 1, 1, 0])
  })

  it('grows in a straight line over its ramp', () => {
    const fault = errors(1, { onsetMs: minute, rampMs: 2 * minute })
    expect([0, 1, 2, 3, 4].map((at) => growthAt(fault, at * minute))).toEqual([0, 0, 0.5, 1, 1])
  })
})
