// A study as people read it.
import { expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { studyText } from '../../src/report/study.js'
import { distribution, type Study } from '../../src/study/study.js'

function rowOf(title: string, name: string, values: readonly number[]): readonly string[] {
  const verdicts = { promoted: 1, aborted: 0, paused: 0, stuck: 0 }
  const numbers = { [name]: distribution(values) }
  const runs = values.length
  const study: Study = {
    schema: 'coalmine.study/v1',
    scenario: 'x',
    seed: 1,
    runs,
    fidelity: 'flow',
    verdicts,
    missed: 0,
    falseAborts: 0,
    numbers,
  }
  const line = studyText(study, 'x', noColours)
    .split('\n')
    .find((text) => text.trim().startsWith(title))
  return line!.replace(title, '').trim().split(/ {2,}/).slice(-3)
}

it('says that equal numbers do not vary, though their mean is off in its last digit', () => {
  const equal = Array.from({ length: 30 }, () => 0.1)
  expect(distribution(equal).standardError).toBeGreaterThan(0)
  expect(rowOf('peak weight', 'blastRadius.peakWeightPercent', equal)).toEqual(['0.1 %', '0 %', '30'])
})

it('keeps the digits of a small mean of counts, and of how sure it is', () => {
  expect(rowOf('users harmed', 'blastRadius.users.harmed', [0, 1, 2, 0, 2, 1, 1, 0])).toEqual(['0.875', '0.295', '8'])
})

it('writes large counts in whole numbers', () => {
  expect(rowOf('requests exposed', 'blastRadius.requests.exposed', [12_345, 12_346])).toEqual(['12,346', '0.5', '2'])
})
