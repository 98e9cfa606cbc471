// Comments in manifests switch rules off, where they say why.
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/study/check/finding.js'
import { heedComments } from '../../../src/study/check/ignored.js'
import type { Rule } from '../../../src/study/check/rule.js'

const rules: readonly Rule[] = ['no-abort', 'no-end'].map((id) => ({ id, severity: 'error', title: `${id}.` }))

const at = (line: number, rule = 'no-abort'): Finding => {
  return { rule, severity: 'error', file: 'a.yaml', line, column: 3, message: 'it', why: '', mend: '', flown: null }
}

function heeded(text: string, findings: readonly Finding[]) {
  const { findings: left, ignored } = heedComments(findings, new Map([['a.yaml', text]]), rules)
  return {
    left: left.map(({ rule, line, column }) => `${line}:${column} ${rule}`),
    reasons: ignored.map(({ reason }) => reason),
  }
}

describe('A comment switches a rule off', () => {
  it('on its own line', () => {
    const text = 'a: 1\nspec: {} # coalmine-ignore no-abort: somebody looks on\n'
    expect(heeded(text, [at(2)])).toEqual({ left: [], reasons: ['somebody looks on'] })
  })

  it('on the line below, where it stands alone, and other comments may stand between', () => {
    const text = 'a: 1\n  # coalmine-ignore no-abort: one\n  # coalmine-ignore no-end: two\n  # and this\nspec: {}\n'
    expect(heeded(text, [at(5), at(5, 'no-end')])).toEqual({ left: [], reasons: ['one', 'two'] })
  })

  it('in all of its file', () => {
    const text = 'a: 1\nb: 2\n# coalmine-ignore-file no-abort: not ours\n'
    expect(heeded(text, [at(1), at(2)])).toEqual({ left: [], reasons: ['not ours', 'not ours'] })
  })

  it('of no other rule, line or file', () => {
    const text = 'spec: {} # coalmine-ignore no-abort: this one\na: 1\n'
    const elsewhere = { ...at(1), file: 'b.yaml' }
    expect(heeded(text, [at(1), at(1, 'no-end'), at(2), elsewhere]).left).toEqual([
      '1:3 no-end',
      '2:3 no-abort',
      '1:3 no-abort',
    ])
  })
})

describe('It is complained of', () => {
  it('without a reason, and what it is about is told all the same', () => {
    for (const written of ['no-abort', 'no-abort:', 'no-abort: ', 'no-abort # later']) {
      expect(heeded(`spec: {} # coalmine-ignore ${written}\n`, [at(1)]).left).toEqual([
        '1:3 no-abort',
        '1:10 ignore-without-reason',
      ])
    }
  })

  it('where there is no such rule', () => {
    expect(heeded('spec: {} # coalmine-ignore no-abor: why\n', [])).toEqual({
      left: ['1:10 ignore-unknown-rule'],
      reasons: [],
    })
    const { findings } = heedComments([], new Map([['a.yaml', '# coalmine-ignore no-abor: why']]), rules)
    expect(findings[0]!.mend).toBe('Did you mean no-abort?')
  })

  it('where it silences nothing', () => {
    expect(heeded('# coalmine-ignore-file no-end: why\nspec: {}\n', [at(2)]).left).toEqual([
      '2:3 no-abort',
      '1:1 ignore-unused',
    ])
  })
})

it('What is no comment of ours is none', () => {
  for (const text of ['# coalmine-ignored no-abort: x', 'a: "#coalmine-ignore"', '# see coalmine-ignore no-abort: x']) {
    expect(heeded(`${text}\n`, []).left).toEqual([])
  }
})
