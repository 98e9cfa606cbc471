// Random queries, good and broken, on random series: Prometheus' own engine answers as this one does.
//
// COALMINE_ORACLE_QUERIES is how many are asked.

import { env, stdout } from 'node:process'
import { expect, it } from 'vitest'
import { Chance } from '../../conformance/chance.js'
import { prometheus, seed } from '../../oracle/oracle.js'
import { agree } from './agreement.js'
import { type PromqlAnswer, PromqlAnswers, type PromqlQuestion } from './answers.js'
import { randomQuestions } from './random-questions.js'

const count = Number(env['COALMINE_ORACLE_QUERIES'] ?? 6000)

/** Of messages that are the same. Rarer ones, where several things are wrong at once, differ. */
const LEAST_SHARE = 0.85

/** More differences than so many are no accident. */
const MOST_SHUFFLED = 20

it.skipIf(!prometheus.isThere(`${count} queries`))(`Prometheus answers queries as we do (seed ${seed})`, () => {
  const questions = randomQuestions(new Chance(seed), count)
  const expected = prometheus.ask(questions.map((question) => JSON.stringify(question)))
  const ours = new PromqlAnswers()
  const tally = { errors: 0, sameMessage: 0 }
  let series: PromqlQuestion = { series: [], step: '1s' }
  const suspects = questions.flatMap((question, at) => {
    if ('series' in question) series = question
    const given = ours.answer(question)
    const wanted = JSON.parse(expected[at]!) as PromqlAnswer
    if ('error' in wanted && 'error' in given) {
      tally.errors++
      if (wanted.error === given.error) tally.sameMessage++
    }
    return agree(question, given, wanted) ? [] : [{ question, wanted, given, series }]
  })
  const isShuffled = suspects.length <= MOST_SHUFFLED
  const different = isShuffled ? suspects.filter(({ question, series }) => isSettled(question, series)) : suspects
  stdout.write(`${count} queries, ${tally.errors} refused by both, ${tally.sameMessage} of them in the same words\n`)
  expect(tally.sameMessage).toBeGreaterThanOrEqual(Math.floor(LEAST_SHARE * tally.errors) - 20)
  const told = different.slice(0, 10).map((one) => JSON.stringify(one, null, 1))
  expect(told.join('\n'), `${different.length} of ${count} answers differ, seed ${seed}`).toBe('')
})

/** Prometheus shuffles series here and there, and what hangs on their order is answered now so, now so. */
function isSettled(question: PromqlQuestion, series: PromqlQuestion): boolean {
  const again = [series, ...new Array<PromqlQuestion>(10).fill(question)].map((each) => JSON.stringify(each))
  const [first, ...others] = prometheus
    .ask(again)
    .slice(1)
    .map((answer) => JSON.parse(answer) as PromqlAnswer)
  return others.every((other) => agree(question, first!, other))
}
