// Broken templates, 100,000 of them: each is expanded or refused with a place, none crashes or goes on and on.
import { expect, it } from 'vitest'
import { Chance } from '../../conformance/chance.js'
import { readTemplateCases } from './case-file.js'
import { expanded } from './expanded.js'
import { mutated, randomTemplateQuestion } from './random-template.js'

const seed = 'broken templates 1'
const count = 100_000

it(`${count} broken templates end in a text or an error (seed "${seed}")`, () => {
  const chance = new Chance(seed)
  const known = readTemplateCases().map(({ question }) => question)
  const from = () => (chance.happens(0.5) ? chance.oneOf(known) : randomTemplateQuestion(chance))
  const odd: unknown[] = []
  for (let left = count; left > 0; left--) {
    const question = from()
    const text = mutated(chance, question.text)
    const { check, error, text: output } = expanded({ ...question, text, alert: 'A' })
    const isPlaced = check === undefined ? PLACED.test(error ?? '') : /^template: __alert_A:\d+: /.test(check)
    const isRight = error === undefined ? check === undefined && output !== undefined : isPlaced
    if (!isRight) odd.push({ text, check, error, output })
  }
  expect(odd).toEqual([])
}, 600_000)

const PLACED = /^error executing template __alert_A: template: __alert_A:\d+:\d+: executing "/
