// Budgets: what they say, and why some say nothing.
import { expect, test } from 'vitest'
import { budget, budgetMetrics, parseBudget } from '../../src/scenario/budget.js'
import { tableOf } from './case-file.js'

test.each(tableOf('budgets.txt'))('%s: %s %s', (text, meaning, why) => {
  const parsed = parseBudget(text!)
  if (meaning === 'refused') {
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.message.replace(/ such as `users.*$/, ' such as …')).toBe(why)
    return
  }
  const [metric, statistic, comparison, value, unit] = meaning!.split(' ')
  expect(parsed).toEqual({
    ok: true,
    value: {
      text,
      metric,
      ...(statistic === '-' ? {} : { statistic }),
      comparison,
      value: unit === 'verdict' ? value : Number(value),
      unit,
    },
  })
})

test('an unknown metric or statistic comes with what is known', () => {
  expect(parseBudget('colour < 3')).toMatchObject({ hint: `Known are: ${Object.keys(budgetMetrics).join(', ')}.` })
  expect(parseBudget('detect.median < 3m')).toMatchObject({ hint: 'Known are: p1 to p99.9, mean, min, max.' })
})

test('a wrong value comes with the hint of its unit', () => {
  expect(parseBudget('detect.p90 < 3')).toMatchObject({ hint: 'A number needs a unit: write `3s` or `3m`.' })
})

test('the examples for editors are budgets', () => {
  for (const example of budget.examples) expect(parseBudget(example).ok).toBe(true)
})

test('a budget is frozen', () => {
  const parsed = parseBudget('missed < 1%')
  expect(parsed.ok && Object.isFrozen(parsed.value)).toBe(true)
})
