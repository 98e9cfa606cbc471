// How much of a fault is there over time.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Course, changesOf, courseOf, growthAt, isGrowingAt, later, strikesOf } from '../../src/world/course.js'
import { minute } from './flights.js'

const horizonMs = 30 * minute
const release = { after: 'release', onsetMs: 0, rampMs: 0 } as const

const atMinutes = (course: Course, minutes: readonly number[]) => minutes.map((at) => growthAt(course, at * minute))

describe('A course', () => {
  it('is there at once from its onset on when it has no ramp, and its end is no part of it', () => {
    const course = courseOf({ ...release, onsetMs: minute, forMs: 2 * minute }, horizonMs)
    expect([minute - 1, minute, 3 * minute - 1, 3 * minute].map((at) => growthAt(course, at))).toEqual([0, 1, 1, 0])
    expect(changesOf(course)).toEqual([minute, 3 * minute])
  })

  it('grows in a straight line over its ramp', () => {
    const course = courseOf({ ...release, onsetMs: minute, rampMs: 2 * minute }, horizonMs)
    expect(atMinutes(course, [0, 1, 2, 3, 4])).toEqual([0, 0, 0.5, 1, 1])
    expect(changesOf(course)).toEqual([minute, 3 * minute])
    expect([0, 1, 2, 3].map((at) => isGrowingAt(course, at * minute))).toEqual([false, true, true, false])
  })

  it('that is over before its ramp is never comes to full size', () => {
    const course = courseOf({ ...release, rampMs: 4 * minute, forMs: minute }, horizonMs)
    expect(atMinutes(course, [0.5, 1])).toEqual([0.125, 0])
    expect(changesOf(course)).toEqual([0, minute])
  })

  it('comes again and again until the end of the flight, and grows each time', () => {
    const course = courseOf(
      { ...release, onsetMs: minute, rampMs: minute, forMs: 2 * minute, everyMs: 10 * minute },
      22 * minute,
    )
    expect(atMinutes(course, [0, 1.5, 2.5, 3, 10, 11.5, 12.5, 13, 21.5])).toEqual([0, 0.5, 1, 0, 0, 0.5, 1, 0, 0.5])
    expect(strikesOf(course)).toEqual([
      { onsetMs: minute, endMs: 3 * minute },
      { onsetMs: 11 * minute, endMs: 13 * minute },
      { onsetMs: 21 * minute, endMs: 22 * minute },
    ])
    expect(changesOf(course)).toEqual([1, 2, 3, 11, 12, 13, 21, 22].map((at) => at * minute))
  })

  it('goes with the weights of a rollout, and with its rollback', () => {
    const steps = [
      { atMs: minute, ratio: 0.1 },
      { atMs: 5 * minute, ratio: 0.5 },
      { atMs: 8 * minute, ratio: 0 },
    ]
    const course = courseOf({ ...release, onsetMs: minute, steps }, horizonMs)
    expect(atMinutes(course, [1, 2, 5, 6, 9, 20])).toEqual([0, 0.1, 0.1, 0.5, 0, 0])
    expect(changesOf(course)).toEqual([1, 2, 6, 9].map((at) => at * minute))
  })

  it('counts from where it is put', () => {
    const course = courseOf({ ...release, onsetMs: minute, forMs: minute }, horizonMs)
    expect(later(course, 5 * minute)).toMatchObject({ onsetMs: 6 * minute, endMs: 7 * minute })
  })
})

const times = fc.record({
  onsetMs: fc.integer({ min: 0, max: 50 }),
  rampMs: fc.integer({ min: 0, max: 20 }),
  forMs: fc.integer({ min: 1, max: 30 }),
  everyMs: fc.option(fc.integer({ min: 31, max: 60 }), { nil: undefined }),
})

it('Between two changes a course is a straight line, and constant unless it is growing (seed 20261121)', () => {
  const holds = fc.property(times, ({ everyMs, ...rest }) => {
    const course = courseOf({ after: 'release', ...rest, ...(everyMs === undefined ? {} : { everyMs }) }, 200)
    const changes = [0, ...changesOf(course), 250]
    for (const [index, from] of changes.slice(0, -1).entries()) {
      const to = changes[index + 1]!
      if (to - from < 1e-9) continue
      const [a, b, c] = [0.25, 0.5, 0.75].map((part) => growthAt(course, from + (to - from) * part)) as [
        number,
        number,
        number,
      ]
      expect(b).toBeCloseTo((a + c) / 2, 12)
      expect(isGrowingAt(course, (from + to) / 2)).toBe(a !== c)
    }
  })
  fc.assert(holds, { seed: 20261121, numRuns: 500 })
})
