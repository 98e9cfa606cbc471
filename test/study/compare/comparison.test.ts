// What two policies' runs say of each other, figure by figure.
import { describe, expect, it } from 'vitest'
import { type Comparison, compare, type Row } from '../../../src/study/compare/comparison.js'
import { areDifferencesPrecise } from '../../../src/study/compare/is-precise.js'
import { parseMargins } from '../../../src/study/compare/margin.js'
import type { ComparedMetric } from '../../../src/study/compare/metrics.js'
import { type Pair, resultOf } from './paired-outcomes.js'

const sides = { version: '1.0.0', first: 'a', second: 'b', isIdentical: false }

function comparisonOf(worlds: readonly (readonly Pair[])[], margins: readonly string[] = []): Comparison {
  const told = worlds.map((_, index) => ({
    scenario: `world-${index}`,
    faults: [],
    seed: 1,
    fidelity: 'flow' as const,
  }))
  return compare(sides, told, worlds.map(resultOf), parseMargins(margins))
}

function row(rows: readonly Row[] | null, metric: ComparedMetric): Row {
  return rows!.find((each) => each.metric === metric)!
}

const rowIn = (pairs: readonly Pair[], metric: ComparedMetric) => row(comparisonOf([pairs]).worlds[0]!.rows, metric)

const many = (count: number, pair: (index: number) => Pair): readonly Pair[] =>
  Array.from({ length: count }, (_, index) => pair(index))

/** Both harmed by the same chance, the second so much more. */
const harmful = (times: number, count = 400) =>
  many(count, (index) => {
    const harmed = 100 + ((index * 37) % 50)
    return [{ harmed }, { harmed: times * harmed + (index % 3) - 1 }]
  })

describe('A figure that every run has', () => {
  it('differs by the mean of the differences, not by more than pairing leaves to chance', () => {
    const { first, second, difference, ratio, median, runs, answer } = rowIn(harmful(1.1), 'users.harmed')
    expect([runs, answer]).toEqual([400, 'worse'])
    expect(second! - first!).toBeCloseTo(difference!.value, 9)
    expect(ratio!.value).toBeCloseTo(1.1, 3)
    // The spread of the arms themselves is ten times as wide as this.
    expect(difference!.high! - difference!.low!).toBeLessThan(0.5)
    expect(ratio!.high! - ratio!.low!).toBeLessThan(0.003)
    expect(median!.low).toBeLessThanOrEqual(median!.value)
    expect(median!.value).toBeLessThanOrEqual(median!.high!)
  })

  it('has no ratio where the first has nothing, and the difference still tells', () => {
    const { ratio, difference, answer } = rowIn(
      many(100, (index) => [{ harmed: 0 }, { harmed: 3 + (index % 2) }]),
      'users.harmed',
    )
    expect([ratio, answer, difference!.value]).toEqual([null, 'worse', 3.5])
  })

  it('is equal, exactly, where no run differs', () => {
    const { difference, ratio, answer } = rowIn(harmfulToBoth(50), 'users.harmed')
    expect(difference).toEqual({ value: 0, low: 0, high: 0 })
    expect(ratio).toEqual({ value: 1, low: 1, high: 1 })
    expect(answer).toBe('equal')
  })

  it('is unclear where runs differ and their mean may be nothing, also if it is nothing in these', () => {
    const pairs = many(100, (index) => [{ harmed: 10 }, { harmed: 10 + (index % 2 === 0 ? 1 : -1) }] as const)
    expect(rowIn(pairs, 'users.harmed')).toMatchObject({ difference: { value: 0 }, answer: 'unclear' })
  })

  it('is not known from one run', () => {
    const { difference, ratio, answer } = rowIn([[{ harmed: 1 }, { harmed: 5 }]], 'users.harmed')
    expect(difference).toEqual({ value: 4, low: null, high: null })
    expect([ratio, answer]).toEqual([null, 'unclear'])
  })
})

const harmfulToBoth = (count: number) =>
  many(count, (index): Pair => {
    const harmed = index / 7
    return [{ harmed }, { harmed }]
  })

describe('A time that not every run has', () => {
  const pairs = many(200, (index): Pair => {
    const detectionMs = 60_000 + 1000 * (index % 5)
    if (index % 4 === 0) return [{ detectionMs }, { missed: true }]
    return [{ detectionMs }, { detectionMs: detectionMs + 30_000 }]
  })

  it('is compared in the runs in which both have it, and how often one has not beside that', () => {
    expect(rowIn(pairs, 'detect')).toMatchObject({ runs: 150, difference: { value: 30_000 }, answer: 'worse' })
    const never = rowIn(pairs, 'detect.never')
    expect([never.first, never.second, never.answer]).toEqual([0, 0.25, 'worse'])
    expect(never.difference!.value).toBe(0.25)
  })

  it('is no difference where no run tells', () => {
    const none = rowIn(
      many(20, () => [{}, { missed: true }]),
      'detect',
    )
    expect(none).toMatchObject({ first: 60_000, second: null, difference: null, ratio: null, answer: null, runs: 0 })
  })

  it('does not count as never detected where there was nothing to detect', () => {
    const healthy = many(20, (): Pair => [{ isHealthy: true }, { isHealthy: true }])
    expect(rowIn(healthy, 'detect.never')).toMatchObject({ first: 0, second: 0, answer: 'equal' })
  })

  it('is a duration only in comparison with one that ended alike', () => {
    // The second brings to everyone what the first stops after a minute, or stops it half a minute later.
    expect(rowIn(pairs, 'duration')).toMatchObject({ runs: 150, difference: { value: 30_000 } })
  })
})

describe('All worlds together', () => {
  const hard = harmful(2)
  const easy = many(
    100,
    (): Pair => [
      { harmed: 10, isHealthy: true },
      { harmed: 10, isHealthy: true },
    ],
  )

  it('weigh the same, however many runs each has', () => {
    const { worlds, overall } = comparisonOf([hard, easy])
    const [one, other] = worlds.map(({ rows }) => row(rows, 'users.harmed').difference!.value)
    expect(other).toBe(0)
    const whole = row(overall, 'users.harmed')
    expect(whole.difference!.value).toBeCloseTo(one! / 2, 9)
    expect([whole.worlds, whole.median]).toEqual([2, null])
  })

  it('leave out the worlds in which there is nothing to compare', () => {
    expect(row(comparisonOf([hard, easy]).overall, 'detect')).toMatchObject({ worlds: 1, runs: 400 })
  })

  it('are told of several only', () => expect(comparisonOf([hard]).overall).toBeNull())
})

describe('A margin', () => {
  it('is crossed by what is worse beyond it without doubt', () => {
    const { gate } = comparisonOf([harmful(1.2)], ['users.harmed:5%'])
    expect(gate).toMatchObject({ answer: 'worse', confidence: 0.95 })
    expect(gate!.limits).toMatchObject([{ metric: 'users.harmed', margin: 0.05, world: 0, answer: 'worse' }])
  })

  it('holds what is worse by less', () => {
    expect(comparisonOf([harmful(1.2)], ['users.harmed:30%']).gate!.answer).toBe('within')
  })

  it('is undecided while the runs allow both, and so many more would tell', () => {
    const few = many(10, (index): Pair => [{ harmed: 100 }, { harmed: 112 + 20 * (index % 3) - 20 }])
    const { gate } = comparisonOf([few], ['users.harmed:5%'])
    expect(gate!.answer).toBe('undecided')
    expect(gate!.limits[0]!.neededRuns).toBeGreaterThan(10)
    expect(gate!.limits[0]!.neededRuns).toBeLessThan(1000)
  })

  it('of a time is crossed by never, too, as a part of all runs', () => {
    const pairs = many(300, (index): Pair => [{}, index % 5 === 0 ? { missed: true } : {}])
    const { limits } = comparisonOf([pairs], ['detect:5%']).gate!
    expect(limits.map(({ metric, answer }) => [metric, answer])).toEqual([
      ['detect', 'within'],
      ['detect.never', 'worse'],
    ])
  })

  it('is harder to cross the more of them there are: they hold together', () => {
    const pairs = many(22, (index): Pair => [{ harmed: 100 }, { harmed: 101 + 4 * (index % 2) - 2 }])
    const alone = comparisonOf([pairs], ['users.harmed:0%']).gate!
    const among = comparisonOf([pairs], ['0%']).gate!
    expect(alone.answer).toBe('worse')
    expect(among.limits.find(({ metric }) => metric === 'users.harmed')!.answer).toBe('undecided')
  })

  it('is not crossed by a policy that is the same, in any number of runs', () => {
    const told = [{ scenario: 'x', faults: [], seed: 1, fidelity: 'flow' as const }]
    const same = compare({ ...sides, isIdentical: true }, told, [resultOf(harmfulToBoth(2))], parseMargins(['0%']))
    expect(same.gate!.answer).toBe('within')
  })

  it('is asked of every world, and of all together', () => {
    const { limits } = comparisonOf([harmful(2), harmful(1)], ['users.harmed:5%']).gate!
    expect(limits.map(({ world, answer }) => [world, answer])).toEqual([
      [0, 'worse'],
      [1, 'within'],
      [null, 'worse'],
    ])
  })
})

describe('Differences are precise', () => {
  it('where their intervals are narrow beside the figures, and not before', () => {
    const noisy = (count: number) =>
      many(count, (index): Pair => [{ harmed: 100 }, { harmed: 100 + 30 * ((index % 3) - 1) }])
    expect(areDifferencesPrecise(resultOf(noisy(50)), 0.05)).toBe(false)
    expect(areDifferencesPrecise(resultOf(noisy(1000)), 0.05)).toBe(true)
    expect(areDifferencesPrecise(resultOf(noisy(1000)), 0.01)).toBe(false)
  })
})
