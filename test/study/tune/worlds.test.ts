// What a policy is flown in: the scenario as it is written, and the same where nothing is wrong.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { PlannedFlight } from '../../../src/study/check/planned.js'
import type { Recipe } from '../../../src/study/recipe.js'
import { type FaultSet, worldsOf } from '../../../src/study/tune/worlds.js'

const recipe = (text: string): Recipe => ({ scenario: 'x.yaml', audience: {}, files: new Map([['x.yaml', { text }]]) })

const usual = (['healthy', 'errors-10', 'dependency-down'] as const).map((id) => ({
  fault: { id, title: id, wanted: id === 'errors-10' ? 'stopped' : 'promoted', faults: [], budgets: [] },
  recipe: recipe(''),
  text: '',
  budgets: [],
})) as readonly PlannedFlight[]

async function worlds(text: string, wanted?: FaultSet, hasBudgets = false) {
  const found = await worldsOf(recipe(text), { wanted, hasBudgets }, async () => usual)
  return found.map(({ id, role }) => `${id}: ${role}`)
}

const faulty = 'teaches: x\nfaults: [{on: canary, errors: 5%}]\nbudgets: [verdict == aborted]\n'

describe('The worlds', () => {
  it('are the scenario and its healthy twin, where something is wrong in it', async () => {
    expect(await worlds(faulty)).toEqual(['scenario: fault', 'healthy: healthy'])
    expect(await worlds('teaches: x\nservice: {canary: {errors: 2%}}\n')).toEqual([
      'scenario: fault',
      'healthy: healthy',
    ])
  })

  it('are the usual faults that a policy should stop beside it, where nothing is', async () => {
    expect(await worlds('teaches: x\n')).toEqual(['scenario: healthy', 'errors-10: fault'])
  })

  it('are those that are asked for; the scenario is flown for its budgets if it has some', async () => {
    expect(await worlds(faulty, 'both')).toEqual(['scenario: fault', 'healthy: healthy', 'errors-10: fault'])
    expect(await worlds(faulty, 'default')).toEqual(['healthy: healthy', 'errors-10: fault'])
    expect(await worlds(faulty, 'default', true)).toEqual(['scenario: budgets', 'healthy: healthy', 'errors-10: fault'])
    expect(await worlds('teaches: x\n', 'scenario')).toEqual(['scenario: healthy'])
  })

  it('have a twin without faults, without a canary of its own, and without whoever stops it by the clock', async () => {
    const text = `${faulty}service:
  stable: {errors: 0.1%}
  canary: {errors: 5%}
people:
  - {at: 22m, do: abort}
  - {when: paused, do: promote}
`
    const [, twin] = await worldsOf(recipe(text), { wanted: undefined, hasBudgets: false }, async () => usual)
    const content = twin!.recipe.files.get('x.yaml')!
    expect(parse('text' in content ? content.text : '')).toEqual({
      teaches: 'x',
      service: { stable: { errors: '0.1%' } },
      people: [{ when: 'paused', do: 'promote' }],
    })
  })
})
