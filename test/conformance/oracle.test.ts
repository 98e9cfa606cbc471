// Random questions to the controller's own functions and to ours: every answer is the same.
//
// COALMINE_ORACLE_QUESTIONS is how many are asked.
import { env } from 'node:process'
import { expect, it } from 'vitest'
import { controller, seed } from '../oracle/oracle.js'
import { answer } from './answer.js'
import { Chance } from './chance.js'
import { randomQuestion } from './questions.js'

const count = Number(env['COALMINE_ORACLE_QUESTIONS'] ?? 20_000)

it.skipIf(!controller.isThere(`${count} conditions and sizes`))(
  `the controller's own functions answer as ours do (seed ${seed})`,
  () => {
    const chance = new Chance(seed)
    const questions = Array.from({ length: count }, () => randomQuestion(chance))
    const expected = controller.ask(questions)
    const different = questions.flatMap((question, at) => {
      const given = answer(question)
      return given === expected[at] ? [] : [{ question, expected: expected[at], given }]
    })
    const told = different.slice(0, 20).map((one) => JSON.stringify(one, null, 2))
    expect(told.join('\n'), `${different.length} of ${count} answers differ, seed ${seed}`).toBe('')
  },
)
