import { describe, expect, it } from 'vitest'
import { hypergeometric } from '../../src/kernel/hypergeometric.js'
import { Tape } from '../../src/kernel/random.js'
import { discreteFromRatio, drawn, expectDiscreteFit, expectMoments } from './goodness.js'

// Inversion below a mean of 10 on the rarer sides, rejection above; then with most marked, most picked, or both.
const CASES = [
  [3, 1, 1],
  [10, 5, 5],
  [50, 7, 9],
  [1_000, 100, 99],
  [1_000, 100, 100],
  [1_000, 101, 100],
  [1_000, 900, 30],
  [1_000, 30, 900],
  [1_000, 950, 960],
  [1_000, 500, 500],
  [10_000, 40, 5_000],
  [50_000, 2_500, 10_000],
  [1_000_000, 700_000, 200_000],
  [1_000_000_000, 300_000_000, 1_000],
  [1_000_000_000, 50, 80_000_000],
  [1_000_000_000, 400_000_000, 100_000_000],
] as const

describe('hypergeometric draws', () => {
  it.each(CASES)(
    'of %s, %s marked and %s picked, come from the hypergeometric distribution',
    (total, marked, picked) => {
      const stream = new Tape('hypergeometric fit').stream('draws', `${total} ${marked} ${picked}`)
      const draws = drawn(100_000, () => hypergeometric(stream, total, marked, picked))
      const label = `${total}, ${marked}, ${picked}, seed "hypergeometric fit"`
      const law = lawOf(total, marked, picked)
      expectDiscreteFit(label, draws, law)
      const moment = (about: number, power: number) =>
        law.probabilities.reduce(
          (sum, probability, index) => sum + probability * (law.first + index - about) ** power,
          0,
        )
      const mean = moment(0, 1)
      expectMoments(label, draws, { mean, variance: moment(mean, 2), fourth: moment(mean, 4) })
    },
  )

  it('are certain where nobody, everybody or everything is marked or picked', () => {
    const stream = new Tape(1).stream('draws')
    const sure = [
      [0, 0, 0],
      [9, 0, 4],
      [9, 9, 4],
      [9, 4, 0],
      [9, 4, 9],
    ] as const
    expect(sure.map(([total, marked, picked]) => hypergeometric(stream, total, marked, picked))).toEqual([
      0, 0, 4, 0, 4,
    ])
  })

  it('stay within what is possible when the uniform is at its ends', () => {
    const stream = new Tape(1).stream('draws')
    for (const uniform of [0, 1 - 2 ** -53]) {
      stream.uniform = () => uniform
      for (const [total, marked, picked] of CASES) {
        // A rejection would never end.
        if (Math.min(marked, total - marked) * (Math.min(picked, total - picked) / total) >= 10) continue
        const count = hypergeometric(stream, total, marked, picked)
        expect(count).toBeGreaterThanOrEqual(Math.max(0, marked + picked - total))
        expect(count).toBeLessThanOrEqual(Math.min(marked, picked))
      }
    }
  })

  it('refuse what cannot be picked', () => {
    const stream = new Tape(1).stream('draws')
    for (const [total, marked, picked] of [
      [5, 6, 1],
      [5, 1, 6],
      [5, 0.5, 1],
      [5, -1, 1],
      [-1, 0, 0],
      [Number.NaN, 0, 0],
    ] as const) {
      expect(() => hypergeometric(stream, total, marked, picked)).toThrow(RangeError)
    }
  })
})

function lawOf(total: number, marked: number, picked: number) {
  const mean = picked * (marked / total)
  const deviation = Math.sqrt(mean * (1 - marked / total)) + 1
  const first = Math.max(0, marked + picked - total, Math.floor(mean - 40 * deviation))
  const last = Math.min(marked, picked, Math.ceil(mean + 40 * deviation))
  const mode = Math.min(last, Math.max(first, Math.floor(mean)))
  return discreteFromRatio(first, last, mode, (k) => {
    return ((marked - k) / (k + 1)) * ((picked - k) / (total - marked - picked + k + 1))
  })
}
