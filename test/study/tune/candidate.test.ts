// What is tried makes sense: weights ascend, a step is left, and nothing is turned that isn't there.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { asWritten, changesOf, keyOf, sensible, stagesOf } from '../../../src/study/tune/candidate.js'
import { shape } from '../../../src/study/tune/knob.js'
import { sampled } from '../../../src/study/tune/sampling.js'
import { rollout, spaceIn, turned } from './policy.js'

const steps = (weights: readonly number[]) =>
  weights.map((weight) => `        - setWeight: ${weight}\n        - pause: {duration: 2m}\n`).join('')
const space = spaceIn({ 'rollout.yaml': rollout(steps([10, 25, 50, 75])) })
const anyChoices = fc.tuple(...space.knobs.map(({ values }) => fc.nat(values.length - 1)))
const settings = { seed: 19, numRuns: 300 }

describe('A candidate', () => {
  it('is the policy as it is written where nothing is turned', () => {
    expect(sensible(space, asWritten(space))).toEqual(asWritten(space))
    expect(changesOf(space, asWritten(space))).toEqual([])
  })

  it('has weights that ascend, and the same again if it is made sensible twice', () => {
    fc.assert(
      fc.property(anyChoices, (choices) => {
        const sound = sensible(space, choices)
        if (!sound) return
        const kept = stagesOf(space, sound).filter((stage) => stage.shape !== shape.dropped)
        const weights = kept.map(({ weightPercent }) => weightPercent!)
        expect(weights.length).toBeGreaterThan(0)
        expect(weights).toEqual([...new Set(weights)].sort((one, other) => one - other))
        expect(sensible(space, sound)).toEqual(sound)
      }),
      settings,
    )
  })

  it('doesn’t turn what is in a dropped step, and doubles none that has no room', () => {
    const dropped = turned(space, { 'steps[2]': 0, 'steps[3].pause': 60, 'steps[2].setWeight': 40 })
    expect(changesOf(space, sensible(space, dropped)!).map(({ knob }) => knob.name)).toEqual(['steps[2]'])
    const crowded = turned(space, { 'steps[6].setWeight': 99, 'steps[6]': 2 })
    expect(changesOf(space, sensible(space, crowded)!).map(({ knob }) => knob.name)).toEqual(['steps[6].setWeight'])
  })

  it('leaves weights alone that don’t ascend as they are written', () => {
    const back = spaceIn({ 'rollout.yaml': rollout(steps([50, 10])) })
    expect(sensible(back, asWritten(back))).toEqual(asWritten(back))
  })
})

describe('Samples', () => {
  it('are the same for the same seed, and cover each knob evenly', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => sampled(space, 64, new Tape(seed)).map(keyOf))
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
    for (const [knob, { values }] of space.knobs.entries()) {
      const chosen = new Set(sampled(space, 64, new Tape(7)).map((choices) => choices[knob]))
      expect(chosen.size).toBeGreaterThan(values.length / 3)
    }
  })
})
