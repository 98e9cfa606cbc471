// What is said of a rule file: everything that is wrong with it, at its place.
import { describe, expect, it } from 'vitest'
import { readRuleFile } from '../../../src/metrics/rules/rule-file.js'
import { Problems } from '../../../src/scenario/problem.js'
import { ruleCases } from './cases.js'

describe('Of a rule file', () => {
  it.each(ruleCases().map(({ name, text, said }) => [name, text, said] as const))('%s', (_, text, said) => {
    const problems = new Problems()
    readRuleFile(text, 'FILE', problems)
    const told = problems.sorted().map(({ line, column, severity, message, hint }) => {
      const advice = hint === undefined ? '' : ` | ${hint}`
      return `${severity === 'warning' ? 'warning ' : ''}${line}:${column} ${message}${advice}`
    })
    expect(problems.hasErrors ? told : ['accepted', ...told]).toEqual(said)
  })
})
