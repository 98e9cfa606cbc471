// Prometheus' own tests of its query language, where Go keeps its module: what comes out differently is listed with the
// reason, and Prometheus' engine, asked without feature flags as this one answers, gives the very same.

import { readFileSync } from 'node:fs'
import { stdout } from 'node:process'
import { describe, expect, it } from 'vitest'
import { prometheus } from '../../../oracle/oracle.js'
import { agree } from '../agreement.js'
import { type PromqlAnswer, PromqlAnswers } from '../answers.js'
import { corpusFiles, runFile, type TestFile } from './corpus.js'
import { knownDifferences } from './differences.js'
import { questionsOf } from './questions.js'

const differences = knownDifferences()
const paths = corpusFiles()
if (paths === undefined) {
  stdout.write("Skipped: Prometheus' own tests of its query language (test/oracle/build brings their module)\n")
}

describe.skipIf(paths === undefined)("Prometheus' own tests", () => {
  const files = (paths ?? []).map(runFile)

  it.each(files)('$name', (file) => {
    const expected = differences.filter((place) => place.startsWith(`${file.name}:`))
    expect(failing(file)).toEqual(expected)
  })

  it('hold all differences that are listed', () => {
    const names = files.map(({ name }) => name)
    expect(differences.filter((place) => !names.includes(place.split(':')[0]!))).toEqual([])
  })

  it('are about something that is simulated in nearly all cases without native histograms', () => {
    const outcomes = files.flatMap((file) => file.outcomes)
    const reasons = new Set(outcomes.filter(({ verdict }) => verdict === 'refused').map(({ why }) => why))
    const odd = [...reasons].filter((why) => !/native histograms|start timestamps|experimental|not enabled/.test(why))
    expect(odd).toEqual([])
  })
})

const isAsked = paths !== undefined && prometheus.isThere('its own tests')

it.skipIf(!isAsked)("every query of Prometheus' own tests gets the answer of its engine without feature flags", () => {
  const questions = (paths ?? []).flatMap((path) => questionsOf(readFileSync(path, 'utf8')))
  const wanted = prometheus.ask(questions.map((question) => JSON.stringify(question)))
  const answers = new PromqlAnswers()
  const different = questions.flatMap((question, index) => {
    const [told, given] = [JSON.parse(wanted[index]!) as PromqlAnswer, answers.answer(question)]
    return agree(question, told, given) && wording(told) === wording(given) ? [] : [{ question, told, given }]
  })
  expect(different.slice(0, 20), `${different.length} of ${questions.length} answers differ`).toEqual([])
})

/** Errors come in the same words; of a byte that is no UTF-8, only that it is none is known here. */
function wording(answer: PromqlAnswer): string {
  return 'error' in answer ? answer.error.replaceAll(/\\x[\da-f]{2}|\ufffd/g, '?') : ''
}

function failing({ name, outcomes }: TestFile): string[] {
  return outcomes.filter(({ verdict }) => verdict === 'failed').map(({ line }) => `${name}:${line}`)
}
