// Which points are worth a look: chance alone neither brings one in nor throws one out.
import { describe, expect, it } from 'vitest'
import type { Estimate } from '../../../src/study/study.js'
import { clearlyDominates, frontOf, kneeOf, ranked } from '../../../src/study/tune/front.js'
import type { Score } from '../../../src/study/tune/score.js'

const near = (value: number, reach: number): Estimate => ({ value, low: value - reach, high: value + reach })

function point(
  name: string,
  harm: number,
  minutes: number,
  more: { changes?: number; reach?: number; violation?: number; falseAborts?: number } = {},
) {
  const { changes = 3, reach = 1, violation = 0, falseAborts = 0 } = more
  const score: Score = {
    runs: 100,
    harm: near(harm, reach),
    durationMs: near(minutes * 60_000, 1000),
    falseAborts: { value: falseAborts, low: 0, high: falseAborts + 0.03 },
    missed: near(0, 0),
    detectionMs: null,
    budgets: [],
    roomMs: null,
    violation,
  }
  return { name, score, changes }
}

const names = (points: readonly { readonly name: string }[]) => points.map(({ name }) => name).join(' ')

describe('A point', () => {
  it('beats another if it is better for sure in something, and worse in nothing', () => {
    const [one, other] = [point('one', 10, 5).score, point('other', 20, 5).score]
    expect([clearlyDominates(one, other), clearlyDominates(other, one)]).toEqual([true, false])
    expect(clearlyDominates(one, point('', 11, 5).score)).toBe(false)
    expect(clearlyDominates(one, point('', 20, 4).score)).toBe(false)
    // A little slower is not nothing, even where it can't be told apart.
    expect(clearlyDominates(point('', 10, 5.01).score, other)).toBe(false)
  })
})

describe('A front', () => {
  it('goes from the fastest to the least harmful, without what is beaten', () => {
    const points = [point('slow', 5, 20), point('fast', 50, 5), point('beaten', 50, 20), point('middle', 10, 8)]
    expect(names(frontOf(points))).toBe('fast middle slow')
  })

  it('has of those that can’t be told apart the one that changes least', () => {
    const points = [point('busy', 9.8, 8, { changes: 9 }), point('simple', 10, 8, { changes: 1 })]
    expect(names(frontOf(points))).toBe('simple')
  })

  it('is without releases that nobody ever gets, unless there are no others', () => {
    const stuck = point('stuck', 1, Number.POSITIVE_INFINITY)
    expect(names(frontOf([stuck, point('moves', 200, 60, { falseAborts: 0.1 })]))).toBe('moves')
    expect(names(frontOf([stuck]))).toBe('stuck')
  })

  it('has its knee where everything is good', () => {
    const points = [point('fast', 100, 5), point('knee', 20, 7), point('safe', 5, 30)]
    expect(kneeOf(points)!.name).toBe('knee')
    const rare = [point('hurts', 500, 5), point('knee', 6, 5.1, { falseAborts: 0.01 })]
    expect(kneeOf(rare)!.name).toBe('knee')
    const never = [point('stuck', 1, Number.POSITIVE_INFINITY), point('moves', 2, 5)]
    expect(kneeOf(never)!.name).toBe('moves')
    expect(kneeOf([])).toBeUndefined()
  })
})

describe('The ranking of a rung', () => {
  it('puts of those that came to the same the one that changes least first, and the others behind what is beaten', () => {
    const points = [
      point('busy', 5, 20, { changes: 4 }),
      point('simple', 5, 20, { changes: 2 }),
      point('fast', 50, 5),
      point('beaten', 60, 21),
    ]
    expect(names(ranked(points)).split(' ').slice(2)).toEqual(['beaten', 'busy'])
  })

  it('puts layers of unbeaten points first, and what breaks budgets last, by how far', () => {
    const points = [
      point('worse', 1, 1, { violation: 2 }),
      point('second', 60, 6),
      point('bad', 1, 1, { violation: 0.5 }),
      point('a', 50, 5),
      point('b', 5, 20),
      point('stuck', 1, Number.POSITIVE_INFINITY),
    ]
    expect(names(ranked(points))).toBe('a b second stuck bad worse')
  })
})
