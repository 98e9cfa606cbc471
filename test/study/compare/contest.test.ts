// In which worlds two policies are flown, and what keeps them from being compared.
import { describe, expect, it } from 'vitest'
import { readScenario } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import { readContest, type ToCompare } from '../../../src/study/compare/contest.js'
import { planFrom } from '../../../src/study/recipe.js'
import { fileMap } from '../../scenario/file-map.js'

const rollout = (steps: string, more = '') => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy: {canary: {steps: [${steps}]${more}}}
`

const scenario = (policy: string, more = '') =>
  `teaches: ${policy}\npolicy: ${policy}\nrelease: {at: 5m}\nduration: 30m\ntraffic: {rate: 100/s}\n${more}`

const errors = 'faults: [{on: canary, errors: 5%}]\n'

const files = fileMap({
  'short.yaml': rollout('{setWeight: 25}, {pause: {duration: 1m}}'),
  'same.yaml': `# Told otherwise.\n${rollout('{"setWeight": 25}, {pause: {"duration": "1m"}}')}`,
  'long.yaml': rollout('{setWeight: 25}, {pause: {duration: 40m}}, {setWeight: 50}, {pause: {}}'),
  'plugin.yaml': rollout('{plugin: {name: example/check}}'),
  'a.yaml': scenario('short.yaml', errors),
  'b.yaml': scenario('long.yaml', `${errors}budgets: [missed < 1%]\nseed: 7\n`),
  'other.yaml': scenario('long.yaml', 'slo: {objective: 99%}\n'),
})

async function read(toCompare: Partial<ToCompare>) {
  const problems = new Problems()
  const wishes = { first: 'short.yaml', second: 'long.yaml', scenarios: [], ...toCompare }
  const contest = await readContest(wishes, files, { open: () => Promise.reject(new Error('no logs')) }, problems)
  return { contest, codes: problems.inOrder.map(({ code }) => code), problems: problems.inOrder }
}

/** What both fly in the world that is assumed. */
async function assumed(first: string, second: string) {
  const { contest, codes } = await read({ first, second })
  expect(codes).toEqual([])
  return contest!.worlds.map(({ task, faults }) => {
    const texts = task.arms.map(({ files: known, scenario: path }) => (known.get(path) as { text: string }).text)
    const problems = new Problems()
    const file = readScenario('world.yaml', { read: () => ({ text: texts[0]! }) }, problems)
    return { faults, texts, scenario: file!.scenario!, plans: task.arms.map(planFrom) }
  })
}

describe('Without a scenario', () => {
  it('both meet the same world under each fault, as long as the longer of them needs', async () => {
    const [alone] = await assumed('short.yaml', 'short.yaml')
    for (const [first, second] of [
      ['short.yaml', 'long.yaml'],
      ['long.yaml', 'short.yaml'],
    ] as const) {
      const worlds = await assumed(first, second)
      expect(worlds).toHaveLength(9)
      for (const { texts, scenario: world, plans } of worlds) {
        expect(texts[1]).toBe(texts[0])
        expect(world.durationMs).toBeGreaterThan(alone!.scenario.durationMs + 38 * 60_000)
        // Somebody ends the pause of the long one.
        expect(world.people).toHaveLength(1)
        const steps = plans.map(({ policy }) => policy.rollout.canary.steps.length)
        expect(steps.sort()).toEqual([2, 4])
      }
    }
  })

  it('has whatever either of them asks for', async () => {
    const worlds = await assumed('short.yaml', 'plugin.yaml')
    expect(worlds[0]!.scenario.plugins.map(({ name }) => name)).toEqual(['example/check'])
  })

  it('begins with a release with nothing wrong', async () => {
    const [healthy, ...others] = await assumed('short.yaml', 'long.yaml')
    expect([healthy!.faults, healthy!.scenario.faults]).toEqual([[], []])
    for (const { faults, scenario: world } of others) {
      expect(faults).toHaveLength(1)
      expect(world.faults.length).toBeGreaterThan(0)
    }
  })
})

describe('A scenario in place of a policy', () => {
  it('stands for its policy, and for the world of both', async () => {
    const { contest } = await read({ first: 'a.yaml' })
    expect(contest!.worlds.map((world) => world.scenario)).toEqual(['a'])
    expect(contest!.worlds[0]!.faults).toEqual(['canary: 5% errors'])
  })

  it('may be another one of the same world: budgets, sentences and seeds are no part of it', async () => {
    const { contest, codes } = await read({ first: 'a.yaml', second: 'b.yaml' })
    expect(codes).toEqual([])
    const [one, other] = contest!.worlds[0]!.task.arms.map(planFrom)
    expect([one, other].map((plan) => plan!.policy.rollout.canary.steps.length)).toEqual([2, 4])
    expect(contest!.seed).toBe(1)
  })

  it('is no world if the two differ in more than their policies, unless somebody says in which to fly', async () => {
    const { contest, problems } = await read({ first: 'a.yaml', second: 'other.yaml' })
    expect(contest).toBeUndefined()
    expect(problems).toMatchObject([{ code: 'other-world', file: 'other.yaml', line: 6 }])
    expect(problems[0]!.message).toContain('`faults`, `slo`')
    const told = await read({ first: 'a.yaml', second: 'other.yaml', scenarios: ['b.yaml', 'other.yaml'] })
    expect(told.contest!.worlds.map((world) => world.scenario)).toEqual(['b', 'other'])
    expect(told.contest!.seed).toBe(7)
  })
})

describe('Two policies', () => {
  it('are identical if they say the same, however they say it', async () => {
    expect((await read({ second: 'same.yaml', scenarios: ['a.yaml'] })).contest!.isIdentical).toBe(true)
    expect((await read({ scenarios: ['a.yaml'] })).contest!.isIdentical).toBe(false)
  })

  it('read a file that both name once, and what is wrong with it is told once', async () => {
    const { codes } = await read({ first: 'a.yaml', second: 'nowhere.yaml,short.yaml', scenarios: ['a.yaml'] })
    expect(codes).toEqual(['file-missing'])
  })
})
