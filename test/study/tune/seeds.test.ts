// The ramps that a search begins with.
import { describe, expect, it } from 'vitest'
import { type Choices, changesOf, sensible, stagesOf } from '../../../src/study/tune/candidate.js'
import { shape } from '../../../src/study/tune/knob.js'
import { pausedSeconds } from '../../../src/study/tune/pace.js'
import { seededRamps } from '../../../src/study/tune/seeds.js'
import type { Space } from '../../../src/study/tune/space.js'
import { rollout, spaceIn } from './policy.js'

const steps = [20, 40, 60].map((weight) => `        - setWeight: ${weight}\n        - pause: {duration: 3m}\n`).join('')

describe('Seeded ramps', () => {
  const space = spaceIn({ 'rollout.yaml': rollout(steps) })
  const told = seededRamps(space).map((choices) =>
    stagesOf(space, choices)
      .filter((stage) => stage.shape !== shape.dropped)
      .map(({ first, weightPercent }) => `${weightPercent} % ${secondsAt(space, choices, first + 1)}s`)
      .join(', '),
  )

  it('grow by the same factor, with equal times, equal samples, or most of the time at first', () => {
    expect(told).toContain('1 % 180s, 8 % 180s, 60 % 180s')
    expect(told).toContain('1 % 480s, 8 % 45s, 60 % 15s')
    expect(told).toContain('1 % 420s, 8 % 60s, 60 % 60s')
    expect(new Set(told).size).toBe(told.length)
  })

  it('or stay at one weight for all of the time', () => {
    expect(told.filter((ramp) => !ramp.includes(','))).toEqual(
      [1, 3, 10].flatMap((weight) => [120, 540, 1200].map((seconds) => `${weight} % ${seconds}s`)),
    )
  })

  it('take a fourth of the time that is written, or as long, or four times as long, and never longer', () => {
    const lengths = seededRamps(space).map((choices) => pausedSeconds(space, choices))
    expect(lengths.filter((seconds) => seconds <= 135).length).toBeGreaterThan(8)
    expect(lengths.filter((seconds) => seconds > 135 && seconds <= 540).length).toBeGreaterThan(8)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(4 * 540)
  })

  it('make sense, and turn weights, pauses and steps only', () => {
    for (const choices of seededRamps(space)) {
      expect(sensible(space, choices)).toEqual(choices)
      const kinds = changesOf(space, choices).map(({ knob: { kind } }) => kind)
      expect(kinds.every((kind) => ['weights', 'pauses', 'steps'].includes(kind))).toBe(true)
    }
  })

  it('are none where there is no ramp', () => {
    expect(seededRamps({ ...space, knobs: space.knobs.filter(({ kind }) => kind === 'steps') })).toEqual([])
  })

  it('leave steps in that have to stay', () => {
    const fixed = { ...space, knobs: space.knobs.filter(({ kind }) => kind !== 'steps') }
    expect(seededRamps(fixed).length).toBeGreaterThan(18)
    for (const choices of seededRamps(fixed)) expect(stagesOf(fixed, choices)).toHaveLength(3)
  })
})

function secondsAt(space: Space, choices: Choices, step: number): number {
  const index = space.knobs.findIndex(({ name }) => name === `steps[${step}].pause`)
  return space.knobs[index]!.values[choices[index]!]!
}
