// Random templates to Prometheus' own expander and to ours: every text and every error is the same.
//
// COALMINE_ORACLE_QUESTIONS is how many are asked.
import { env } from 'node:process'
import { expect, it } from 'vitest'
import { Chance } from '../../conformance/chance.js'
import { prometheus, seed } from '../../oracle/oracle.js'
import { expanded, isSame, type TemplateAnswer } from './expanded.js'
import { randomTemplateQuestion } from './random-template.js'

const count = Number(env['COALMINE_ORACLE_QUESTIONS'] ?? 8_000)

it.skipIf(!prometheus.isThere(`${count} templates`))(`Prometheus expands templates as ours do (seed ${seed})`, () => {
  const chance = new Chance(`templates ${seed}`)
  // Templates that call themselves take Go's stack with them, or end there after 100,000 calls.
  const questions = Array.from({ length: count }, () => randomTemplateQuestion(chance)).filter(
    (question) => !expanded(question).error?.includes('exceeded maximum template depth'),
  )
  const asked = questions.map((template) => JSON.stringify({ template }))
  const [answers, again] = [prometheus.ask(asked), prometheus.ask(asked)]
  const different = questions.flatMap((question, at) => {
    const expected: TemplateAnswer = JSON.parse(answers[at]!)
    const given = expanded(question)
    return isSame(question, expected, given, answers[at] === again[at]) ? [] : [{ question, expected, given }]
  })
  const told = different.slice(0, 20).map((one) => JSON.stringify(one, null, 2))
  expect(told.join('\n'), `${different.length} of ${questions.length} answers differ, seed ${seed}`).toBe('')
})
