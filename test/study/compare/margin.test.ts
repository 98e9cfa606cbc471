// How people write how much worse a policy may be.
import { describe, expect, it } from 'vitest'
import { parseMargins } from '../../../src/study/compare/margin.js'

describe('A margin', () => {
  it('without a metric is about what people decide by', () => {
    expect(parseMargins(['5%']).map(({ metric }) => metric)).toEqual([
      'detect',
      'duration',
      'users.harmed',
      'missed',
      'false_abort',
    ])
  })

  it('of a metric is about that one, and goes before the one of all', () => {
    expect(parseMargins(['users.harmed:7.5%'])).toEqual([{ metric: 'users.harmed', margin: 0.075 }])
    expect(parseMargins(['missed:0%', '5%'])).toContainEqual({ metric: 'missed', margin: 0 })
    expect(parseMargins(['detect:10%,budget.spent:200%'])).toEqual([
      { metric: 'detect', margin: 0.1 },
      { metric: 'budget.spent', margin: 2 },
    ])
  })

  it.each([
    ['5', '`5` is no margin'],
    ['', '`` is no margin'],
    ['-5%', '`-5%` is no margin'],
    ['users.harmed:', '`users.harmed:` is no margin'],
    ['users.harmd:5%', 'unknown metric `users.harmd`: did you mean `users.harmed`?'],
    ['speed:5%', 'unknown metric `speed`. Known are: detect, safe,'],
    ['verdict:5%', 'verdicts are not compared: `missed` and `false_abort` are'],
    ['5%,detect:x', '`detect:x` is no margin'],
  ])('is not %j', (text, message) => {
    expect(() => parseMargins([text])).toThrow(message)
  })
})
