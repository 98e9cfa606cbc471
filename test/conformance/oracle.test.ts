// Random questions to the controller's own functions and to ours: every answer is the same.
//
// test/oracle/build makes the program that asks the controller's functions; where it isn't (it takes Go), the test says so
// and is skipped. COALMINE_ORACLE_QUESTIONS is how many are asked, COALMINE_ORACLE_SEED repeats a run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { env, stdout } from 'node:process'
import { expect, it } from 'vitest'
import { answer } from './answer.js'
import { Chance } from './chance.js'
import { randomQuestion } from './questions.js'

const oracle = new URL('../../dist/oracle/argo-rollouts', import.meta.url).pathname
const count = Number(env['COALMINE_ORACLE_QUESTIONS'] ?? 20_000)
const seed = env['COALMINE_ORACLE_SEED'] ?? String(Date.now())
const isThere = existsSync(oracle)

stdout.write(
  isThere
    ? `Asking the controller's functions ${count} questions, COALMINE_ORACLE_SEED=${seed}\n`
    : "Skipped: the comparison with the controller's own functions (test/oracle/build makes what it needs)\n",
)

it.skipIf(!isThere)(`the controller's own functions answer as ours do (seed ${seed})`, () => {
  const chance = new Chance(seed)
  const questions = Array.from({ length: count }, () => randomQuestion(chance))
  const {
    status,
    stdout: output,
    stderr,
    error,
  } = spawnSync(oracle, {
    input: `${questions.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  expect([error, status, stderr]).toEqual([undefined, 0, ''])
  const expected = output.trimEnd().split('\n')
  expect(expected.length).toBe(count)
  const different = questions.flatMap((question, at) => {
    const given = answer(question)
    return given === expected[at] ? [] : [{ question, expected: expected[at], given }]
  })
  const told = different.slice(0, 20).map((one) => JSON.stringify(one, null, 2))
  expect(told.join('\n'), `${different.length} of ${count} answers differ, seed ${seed}`).toBe('')
})
