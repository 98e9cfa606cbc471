// What is tried around what was good.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { asWritten, type Choices, changesOf, keyOf, stagesOf } from '../../../src/study/tune/candidate.js'
import { shape } from '../../../src/study/tune/knob.js'
import { neighbours, type Parent } from '../../../src/study/tune/neighbours.js'
import { pausedSeconds } from '../../../src/study/tune/pace.js'
import { background, rollout, spaceIn, template, turned } from './policy.js'

const steps = [10, 25, 50, 75]
  .map((weight) => `        - setWeight: ${weight}\n        - pause: {duration: 2m}\n`)
  .join('')
const metric = '      interval: 1m\n      failureLimit: 1\n      successCondition: result[0] >= 0.98\n'
const space = spaceIn({ 'rollout.yaml': rollout(steps, background), 'analysis.yaml': template(metric) })
const written: Parent = { choices: asWritten(space), roomSeconds: 0 }

function of(parents: readonly Parent[], { size = 100, reach = 0, seen = new Set<string>(), seed = 1 } = {}) {
  return neighbours(space, parents, size, reach, seen, new Tape(seed).stream('test'))
}

const kindsOf = (choices: Choices) => new Set(changesOf(space, choices).map(({ knob: { kind } }) => kind))

describe('Neighbours', () => {
  it('differ in a few numbers, and were never tried', () => {
    const seen = new Set([keyOf(written.choices)])
    const found = of([written], { seen })
    expect(new Set(found.map(keyOf)).size).toBe(found.length)
    for (const choices of found) {
      expect(seen.has(keyOf(choices))).toBe(false)
      // Pauses that give time to each other are one change; putting weights in order may move another one.
      const others = changesOf(space, choices).filter(({ knob: { kind } }) => kind !== 'pauses')
      expect(others.length).toBeLessThanOrEqual(4)
    }
  })

  it('move time from one step to another, in as much time as their parent may take', () => {
    const secondsOf = (roomSeconds: number) =>
      of([{ ...written, roomSeconds }])
        .filter((choices) => kindsOf(choices).has('pauses'))
        .map((choices) => pausedSeconds(space, choices))
    expect(secondsOf(0)).toContain(480)
    expect(secondsOf(120)).toContain(600)
    expect(secondsOf(-240)).toContain(240)
  })

  it('turn a threshold as often as a step, however many steps there are', () => {
    const kinds = of([written], { reach: 1 / 4 }).flatMap((choices) => [...kindsOf(choices)])
    const times = (wanted: string) => kinds.filter((kind) => kind === wanted).length
    expect(times('thresholds')).toBeGreaterThan(15)
    expect(times('weights')).toBeLessThan(60)
  })

  it('are of the first parent every second time', () => {
    const strict = { choices: turned(space, { 'success-rate.failureLimit': 0 }), roomSeconds: 0 }
    const found = of([written, strict, strict, strict, strict])
    const limit = space.knobs.findIndex(({ name }) => name === 'success-rate.failureLimit')
    const first = found.filter((choices) => choices[limit] === written.choices[limit])
    expect(first.length).toBeGreaterThan(found.length / 3)
  })

  it('have the ramp of one with the analyses of another', () => {
    const slow = { choices: turned(space, { 'steps[0].setWeight': 1, 'steps[1].pause': 600 }), roomSeconds: 0 }
    const strict = {
      choices: turned(space, { 'success-rate.interval': 30, 'success-rate.failureLimit': 0 }),
      roomSeconds: 0,
    }
    const both = turned(space, {
      'steps[0].setWeight': 1,
      'steps[1].pause': 600,
      'success-rate.interval': 30,
      'success-rate.failureLimit': 0,
    })
    expect(of([slow, strict]).map(keyOf)).toContain(keyOf(both))
  })

  it('bring a dropped step back with a weight near those beside it, whatever is written', () => {
    const small = turned(space, { 'steps[0].setWeight': 1, 'steps[2]': 0, 'steps[4]': 0, 'steps[6]': 0 })
    const back = of([{ choices: small, roomSeconds: 0 }]).filter((choices) => {
      const kept = stagesOf(space, choices).filter((stage) => stage.shape !== shape.dropped)
      return kept.length === 2 && kept[0]!.weightPercent! < 5
    })
    expect(back.length).toBeGreaterThan(3)
    for (const choices of back) {
      const [, second] = stagesOf(space, choices).filter((stage) => stage.shape !== shape.dropped)
      expect(second!.weightPercent).toBeLessThan(25)
    }
  })
})
