import { describe, expect, it } from 'vitest'
import { concernsAnswers, concernsPods, type Fault, strikes } from '../../src/world/fault.js'
import { errors } from './flights.js'

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
})
