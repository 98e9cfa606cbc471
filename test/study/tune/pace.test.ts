// The same ramp in another time.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asWritten, sensible } from '../../../src/study/tune/candidate.js'
import { paced, pausedSeconds } from '../../../src/study/tune/pace.js'
import { rollout, spaceIn, turned } from './policy.js'

const steps = [10, 25, 50, 75]
  .map((weight) => `        - setWeight: ${weight}\n        - pause: {duration: 2m}\n`)
  .join('')
const space = spaceIn({ 'rollout.yaml': rollout(steps) })
const pauses = (choices: readonly number[]) =>
  space.knobs.flatMap(({ kind, values }, index) => (kind === 'pauses' ? [values[choices[index]!]!] : []))

describe('The time that a candidate pauses', () => {
  it('is without what is dropped, and with what comes twice', () => {
    expect(pausedSeconds(space, asWritten(space))).toBe(480)
    expect(pausedSeconds(space, turned(space, { 'steps[0]': 0 }))).toBe(360)
    expect(pausedSeconds(space, turned(space, { 'steps[0]': 2 }))).toBe(600)
  })

  it('becomes another one with each pause as much longer or shorter', () => {
    expect(pauses(paced(space, asWritten(space), 960))).toEqual([240, 240, 240, 240])
    const power = turned(space, { 'steps[1].pause': 240, 'steps[5].pause': 60, 'steps[7].pause': 30 })
    expect(pauses(power)).toEqual([240, 120, 60, 30])
    expect(pauses(paced(space, power, 225))).toEqual([120, 60, 30, 15])
    // Four minutes more than the others add up to; nobody writes seven and a half of them.
    expect(pauses(paced(space, power, 900))).toEqual([480, 240, 120, 60])
  })

  it('goes to the longest where the values leave some over', () => {
    const power = turned(space, { 'steps[1].pause': 300, 'steps[5].pause': 60, 'steps[7].pause': 30 })
    expect(pauses(paced(space, power, 480))).toEqual([300, 90, 60, 30])
  })

  it('goes to what is left where steps are dropped', () => {
    const alone = turned(space, { 'steps[2]': 0, 'steps[4]': 0, 'steps[6]': 0 })
    expect(pauses(paced(space, alone, 480))).toEqual([480, 120, 120, 120])
  })

  it('is never longer than asked for, unless its shortest pauses already are', () => {
    const any = fc.tuple(...space.knobs.map(({ values }) => fc.nat(values.length - 1)))
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 5000 }), (choices, seconds) => {
        const sound = sensible(space, choices)
        if (!sound) return
        const least = pausedSeconds(space, paced(space, sound, 0))
        const other = paced(space, sound, seconds)
        expect(pausedSeconds(space, other)).toBeLessThanOrEqual(Math.max(least, seconds))
        expect(pausedSeconds(space, paced(space, other, pausedSeconds(space, other)))).toBe(pausedSeconds(space, other))
      }),
      { seed: 23, numRuns: 300 },
    )
  })
})
