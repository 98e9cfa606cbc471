// A scenario is made smaller step by step, and stays YAML with its comments.
import { expect, it } from 'vitest'
import { smallerThan, smallest } from '../../../src/study/test/smaller.js'

const scenario = `# Why this is here.
teaches: Many things.
policy: shop
release: {at: 5m, image: shop:2} # every Tuesday
duration: 30m
traffic: {rate: 400/s, users: 50k}
faults:
  - {name: one, on: canary, errors: 1%}
  # The one that matters.
  - {name: two, on: canary, errors: 5%}
  - {name: three, on: stable, errors: 1%}
  - {name: four, on: stable, errors: 1%}
  - {name: five, on: stable, errors: 1%}
budgets: [missed < 1%]
`

it('leaves out whatever can be left out, and halves what is left', () => {
  let asked = 0
  const isStill = (text: string) => {
    asked++
    return /errors: 5%/.test(text) && /^release: .*at:/m.test(text) && /rate: \d\d/.test(text)
  }
  expect(smallest(scenario, isStill)).toBe(`# Why this is here.
teaches: Many things.
policy: shop
release: {at: 1m15s} # every Tuesday
duration: 1m
traffic: {rate: 13/s}
faults:
  # The one that matters.
  - {errors: 5%}
budgets: [missed < 1%]
`)
  expect(asked).toBeLessThan(80)
})

it('leaves a scenario alone of which nothing can be left out', () => {
  expect(smallest(scenario, () => false)).toBe(scenario)
})

it('tries halves of lists before their items, and outer parts before inner ones', () => {
  const removed = smallerThan(scenario).flatMap((make) => {
    const text = make()!
    const names = ['one', 'two', 'three', 'four', 'five'].filter((name) => !text.includes(`name: ${name}`))
    return text.includes('faults:') && text.includes('on: canary') && names.length > 1 ? [names] : []
  })
  expect(removed[0]).toEqual(['four', 'five'])
})

it('takes no anchor away from its aliases', () => {
  const texts = smallerThan('teaches: a\na: &a {at: 1m}\nb: *a\n').map((make) => make())
  expect(texts.filter((text) => text?.includes('*a') && !text.includes('&a'))).toEqual([])
  expect(texts).toContain('teaches: a\na: &a {at: 1m}\n')
})
