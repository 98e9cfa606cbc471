// Questions that the controller's own evaluate.EvaluateResult has answered, as of 1.10.1 and as of 1.8.5.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assess } from '../../../../src/policy/argo/condition/assess.js'
import { compile } from '../../../../src/policy/argo/condition/condition.js'
import { decodeJson } from '../../../../src/policy/argo/condition/value/json-decode.js'
import { floats, type GoValue } from '../../../../src/policy/argo/condition/value/value.js'

interface Question {
  readonly vector?: readonly string[]
  readonly scalar?: string
  readonly json?: unknown
  readonly success?: string
  readonly failure?: string
  readonly phase: string
  readonly message?: string
}

describe.each([
  { file: 'oracle.jsonl', isFormer: false },
  { file: 'oracle-1.8.jsonl', isFormer: true },
])('$file', ({ file, isFormer }) => {
  const questions = readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line, at) => ({ at: at + 2, question: JSON.parse(line) as Question }))

  it.each(questions)('line $at: $question.success / $question.failure', ({ question }) => {
    const { success, failure, phase, message } = question
    const conditions = [success, failure].map((text) => (text === undefined ? undefined : compile(text, isFormer)))
    const assessment = assess(resultOf(question), ...conditions)
    expect({ message: undefined, ...assessment }).toEqual({ phase, message })
  })
})

function resultOf({ vector, scalar, json }: Question): GoValue {
  if (vector !== undefined) return floats(vector.map(number))
  return scalar === undefined ? decodeJson(JSON.stringify(json)) : number(scalar)
}

function number(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}
