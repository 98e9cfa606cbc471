// The ramps that a search begins with.
import { describe, expect, it } from 'vitest'
import { changesOf, sensible } from '../../../src/study/tune/candidate.js'
import { seededRamps } from '../../../src/study/tune/seeds.js'
import { rollout, spaceIn } from './policy.js'

const steps = [20, 40, 60].map((weight) => `        - setWeight: ${weight}\n        - pause: {duration: 3m}\n`).join('')

describe('Seeded ramps', () => {
  const space = spaceIn({ 'rollout.yaml': rollout(steps) })
  const told = seededRamps(space).map((choices) => {
    return space.knobs
      .flatMap(({ values, kind }, index) => (kind === 'steps' ? [] : [values[choices[index]!]!]))
      .join(' ')
  })

  it('grow by the same factor, with equal times, equal samples, or most of the time at first', () => {
    expect(told).toContain('1 180 8 180 60 180')
    expect(told).toContain('1 480 8 60 60 15')
    expect(told).toContain('1 480 8 60 60 60')
    expect(new Set(told).size).toBe(told.length)
  })

  it('make sense, and turn weights and pauses only', () => {
    for (const choices of seededRamps(space)) {
      expect(sensible(space, choices)).toEqual(choices)
      expect(changesOf(space, choices).every(({ knob: { kind } }) => kind === 'weights' || kind === 'pauses')).toBe(
        true,
      )
    }
  })

  it('are none where there is no ramp', () => {
    expect(seededRamps({ ...space, knobs: space.knobs.filter(({ kind }) => kind === 'steps') })).toEqual([])
  })
})
