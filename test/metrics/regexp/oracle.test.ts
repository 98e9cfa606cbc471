// Random expressions on awkward texts: =~ selects and label_replace captures what they do in Prometheus, and what it
// refuses is refused in its words. COALMINE_ORACLE_PATTERNS is how many expressions are asked about.
//
// Where case is ignored, the short cuts that Prometheus 3.15 takes for =~ contradict its own regular expressions once in
// some ten thousand: `(?i:b)|a` selects A, `(?i)[[:alpha:]é]` an e with a combining accent. There label_replace counts.

import { env } from 'node:process'
import { expect, it } from 'vitest'
import { Chance } from '../../conformance/chance.js'
import { prometheus, seed } from '../../oracle/oracle.js'
import { type PromqlAnswer, PromqlAnswers, type PromqlQuestion } from '../promql/answers.js'
import { randomPattern, TEXTS } from './patterns.js'

const count = Number(env['COALMINE_ORACLE_PATTERNS'] ?? 3000)

it.skipIf(!prometheus.isThere(`${count} regular expressions`))(
  `regular expressions match as Prometheus' own do (seed ${seed})`,
  () => {
    const chance = new Chance(seed)
    const patterns = Array.from({ length: count }, () => randomPattern(chance))
    const series = TEXTS.map((text) => `s{v=${JSON.stringify(text)}} 1`)
    const questions: PromqlQuestion[] = [{ series, step: '15s' }, ...patterns.flatMap(selectAndReplace)]
    const answers = new PromqlAnswers()
    const wanted = prometheus.ask(questions.map((question) => JSON.stringify(question))).slice(1)
    const given = questions.map((question) => answers.answer(question)).slice(1)
    const different = patterns.flatMap((pattern, index) => {
      const told = wanted.slice(2 * index, 2 * index + 2).map((line): PromqlAnswer => JSON.parse(line))
      const ours = given.slice(2 * index, 2 * index + 2)
      return agree(told, ours) ? [] : [{ pattern, told, ours }]
    })
    const shown = different.slice(0, 10).map((one) => JSON.stringify(one, null, 2))
    expect(shown.join('\n'), `${different.length} of ${count} expressions differ, seed ${seed}`).toBe('')
  },
)

function selectAndReplace(pattern: string): PromqlQuestion[] {
  const quoted = JSON.stringify(pattern)
  const replaced = `label_replace(s, "r", "<$0|$1|\${2}|$n>", "v", ${quoted})`
  return [`s{v=~${quoted}}`, replaced].map((query) => ({ query, at: 0 }))
}

function agree([select, replace]: readonly PromqlAnswer[], [ours, ourReplace]: readonly PromqlAnswer[]): boolean {
  if (inOrder(replace!) !== inOrder(ourReplace!)) return false
  return inOrder(select!) === inOrder(ours!) || contradicts(replace!, ours!)
}

/** One form for each answer: samples in one order, labels too. */
function inOrder(answer: PromqlAnswer): string {
  if (!('vector' in answer)) return JSON.stringify(answer)
  return JSON.stringify(answer.vector.map(({ metric }) => JSON.stringify(Object.entries(metric).toSorted())).toSorted())
}

/** Whether what was replaced is what we select: a replacement leaves no text that matches without the label it adds. */
function contradicts(replaced: PromqlAnswer, ours: PromqlAnswer): boolean {
  if (!('vector' in replaced && 'vector' in ours)) return false
  const matched = replaced.vector.filter(({ metric }) => metric['r'] !== undefined)
  const [texts, ourTexts] = [matched, ours.vector].map((vector) => vector.map(({ metric }) => metric['v']).toSorted())
  return JSON.stringify(texts) === JSON.stringify(ourTexts)
}
