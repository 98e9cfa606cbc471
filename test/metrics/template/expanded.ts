// What ours say to a question about a template, in the form of the oracle's answers.
import { type AlertData, check, tryToExpand } from '../../../src/metrics/template/expand.js'
import type { TemplateQuestion } from './random-template.js'

export interface TemplateAnswer {
  readonly check?: string
  readonly error?: string
  readonly text?: string
}

export function expanded(question: TemplateQuestion): TemplateAnswer {
  const complaint = check(question.alert, question.text)
  const output = tryToExpand(question.alert, question.text, dataOf(question))
  return {
    ...(complaint !== undefined && { check: complaint }),
    ...(typeof output === 'string' ? { text: output } : output),
  }
}

function dataOf({ labels, value, externalLabels, externalURL, at, samples }: TemplateQuestion): AlertData {
  return {
    labels,
    value: numberOf(value),
    externalLabels,
    externalUrl: externalURL,
    timeMs: Math.trunc(at * 1000),
    query: (text) =>
      text.includes('fail')
        ? { error: `no answer to ${text}` }
        : samples.map((sample) => ({ labels: sample.labels, value: numberOf(sample.value) })),
  }
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}

/** What can't be the same, and why. Whether there is an error must be the same all the same. */
const unequal: readonly (readonly [why: string, isIt: (question: TemplateQuestion, theirs: string) => boolean])[] = [
  [
    'Go formats an error with the name of the alert in the format: a % in it prints the insides of the error',
    ({ alert }, theirs) => alert.includes('%') && /%!|&\{/.test(theirs),
  ],
  [
    'Go points for an empty list to a place of its own, which is the same in each run of one program',
    ({ samples, text }) => samples.length === 0 && /%[^%]*p/.test(text),
  ],
]

/** `isStable` is false of an answer that prints where pointers point to, which is elsewhere in each run of Go. */
export function isSame(
  question: TemplateQuestion,
  expected: TemplateAnswer,
  given: TemplateAnswer,
  isStable = true,
): boolean {
  return (['check', 'error', 'text'] as const).every((key) => {
    const [theirs, ours] = [expected[key], given[key]]
    if (theirs === undefined || ours === undefined || theirs === ours) return theirs === ours
    return !isStable || unequal.some(([, isIt]) => isIt(question, theirs))
  })
}
