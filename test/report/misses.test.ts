import { describe, expect, it } from 'vitest'
import { missesText } from '../../src/report/misses.js'
import { noColours } from '../../src/report/paint.js'
import type { Misses } from '../../src/study/rare/misses.js'
import { misses } from './stored-samples.js'

const [bySwarms, byChance, bound, nothing] = misses.map((each) => missesText(each, noColours))
const of = (value: number) => {
  const missed = { value, low: value / 2, high: 2 * value }
  return missesText({ ...(misses[0] as Misses), missed }, noColours).split('  ')[0]
}

describe('How often a release is missed is told', () => {
  it('as one in so many, with how sure that is and the luck that it takes', () => {
    expect(bySwarms!.split('\n')).toEqual([
      'missed 1 in 64,000  rare  43,250 flights from seed 3',
      '  Hardly ever.',
      '',
      '  95 % sure: from 1 in 52,000 to 1 in 79,000. 0 of 2,000 flights by chance missed.',
      '  16 swarms of canaries with more luck agree on it; to be as sure by chance takes 6.6 million flights.',
      '',
      '  The luck that these swarms were given (a miss takes a little more): bad answers of the canary came',
      '    0.226 times as often as they should, from 23.4s to 6m15.0s after the release',
    ])
  })

  it('by what was seen, where it was', () => {
    expect(byChance!.split('\n')[0]).toBe('missed 1 in 8.3  rare  2,000 flights from seed 3')
    expect(byChance!.split('\n')[3]).toBe(
      '  95 % sure: from 1 in 7.4 to 1 in 9.4, as 240 of 2,000 flights by chance missed.',
    )
  })

  it('as no more than a bound, where there is no more', () => {
    expect(bound!.split('\n')[0]).toBe('missed less often than 1 in 560  rare  9,000 flights from seed 3')
    expect(nothing!.split('\n')[0]).toBe('nothing flown yet  rare  0 flights from seed 3')
  })

  it('in words as far as there are any', () => {
    expect([1 / 2.4e6, 1 / 7.12e9, 1 / 3.6e13, 1e-30].map(of)).toEqual([
      'missed 1 in 2.4 million',
      'missed 1 in 7.1 billion',
      'missed 1 in 36 trillion',
      'missed 1 in 10^30',
    ])
  })
})
