// A study as people read it.
import { expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { studyText } from '../../src/report/study.js'
import { type Figure, figures } from '../../src/study/figures.js'
import { Spread } from '../../src/study/spread.js'
import { distributionOf, type Study, shareEstimate } from '../../src/study/study.js'

function rowOf(title: string, figure: Figure, values: readonly number[]): readonly string[] {
  const none = shareEstimate(0, values.length)
  const spread = new Spread()
  for (const value of values) spread.add(value)
  const distributions = figures.map((name) => [name, distributionOf(name === figure ? spread : new Spread())])
  const study: Study = {
    schema: 'coalmine.study/v2',
    version: '1.0.0',
    scenario: 'x',
    teaches: 'What x teaches.',
    seed: 1,
    runs: values.length,
    fidelity: 'flow',
    verdicts: { promoted: shareEstimate(values.length, values.length), aborted: none, paused: none, stuck: none },
    missed: none,
    falseAborts: none,
    numbers: Object.fromEntries(distributions),
  }
  const line = studyText(study, noColours)
    .split('\n')
    .find((text) => text.trim().startsWith(title))
  return line!.replace(title, '').trim().split(/ {2,}/).slice(-3)
}

it('says that equal numbers do not vary', () => {
  const equal = Array.from({ length: 30 }, () => 0.1)
  expect(rowOf('peak weight', 'blastRadius.peakWeightPercent', equal)).toEqual(['0.1 %', '0 %', '30'])
})

it('keeps the digits of a small mean of counts, and of how sure it is', () => {
  expect(rowOf('users harmed', 'blastRadius.users.harmed', [0, 1, 2, 0, 2, 1, 1, 0])).toEqual(['0.875', '0.578', '8'])
})

it('writes large counts in whole numbers', () => {
  expect(rowOf('requests exposed', 'blastRadius.requests.exposed', [12_345, 12_346])).toEqual(['12,346', '0.98', '2'])
})
