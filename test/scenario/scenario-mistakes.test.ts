// Every mistake in a scenario file is told at its line and column, all of them at once.
import { expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/load.js'
import { type Problem, Problems } from '../../src/scenario/problem.js'
import { casesOf } from './case-file.js'
import { fileMap } from './file-map.js'

const FIRST_LINES = `teaches: something
policy: rollout.yaml
release: {at: 5m}
duration: 40m
traffic: {rate: 400/s}
`

const cases = ['scenario-mistakes.txt', 'fault-mistakes.txt'].flatMap(casesOf)

test.each(cases)('$name', ({ text, answers }) => {
  const problems = new Problems()
  const whole = /^(teaches|[-{#])/.test(text) ? text : FIRST_LINES + text
  expect(readScenario('shop.yaml', fileMap({ 'shop.yaml': whole }), problems)?.scenario).toBeUndefined()
  expect(problems.sorted().map(inShort)).toEqual(answers)
})

test('the lines before the mistakes are a scenario', () => {
  const problems = new Problems()
  expect(readScenario('shop.yaml', fileMap({ 'shop.yaml': FIRST_LINES }), problems)?.scenario).toBeDefined()
  expect(problems.sorted()).toEqual([])
})

function inShort({ line, column, message, hint }: Problem): string {
  return `${line === 0 ? '' : `${line}:${column} `}${message}${hint === undefined ? '' : ` | ${hint}`}`
}
