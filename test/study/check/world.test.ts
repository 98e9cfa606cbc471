// The world that is assumed around a policy: what init writes, and check flies in.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/cli/node-files.js'
import type { FileContent, Files } from '../../../src/scenario/files.js'
import { Problems } from '../../../src/scenario/problem.js'
import { type InitWishes, init } from '../../../src/study/check/init.js'
import { readRecipe } from '../../../src/study/recipe.js'
import { rollout, template } from '../../run/plans.js'
import { fileMap } from '../../scenario/file-map.js'
import { noLogs } from './checking.js'

function writing(files: Files, wishes: Partial<InitWishes> = {}) {
  return init({ paths: ['policy'], fault: 'healthy', pathFromScenario: (path) => path, ...wishes }, files, noLogs)
}

/** What init writes for a policy of two texts. */
async function written(policy: string, more = '', wishes: Partial<InitWishes> = {}): Promise<string> {
  const { text, problems } = await writing(fileMap({ 'policy/a.yaml': policy, 'policy/b.yaml': more }), wishes)
  if (text === undefined) throw new Error(JSON.stringify(problems))
  return text
}

const steps = 'steps: [{setWeight: 20}, {pause: {duration: 20m}}]'

describe('The world that is assumed', () => {
  it('says how many requests there are, and that this is assumed, unless somebody has said it', async () => {
    expect(await written(rollout(5, steps))).toMatch(
      /# Assumed, as no manifest says it.*\ntraffic: \{rate: 100\/s, users: 10k\}/,
    )
    expect(await written(rollout(5, steps), '', { ratePerSecond: 250 })).toMatch(
      /# The rate was given.*\ntraffic: \{rate: 250\/s/,
    )
  })

  it('lasts as long as a healthy release, a fourth more and ten minutes, and the progress deadline at least', async () => {
    // 20m and some seconds, times 1.25, and ten minutes: 36m, from the fifth on.
    expect(await written(rollout(5, steps))).toMatch(/^duration: 41m$/m)
    expect(await written(rollout(5, 'steps: [{setWeight: 20}]'))).toMatch(/^duration: 20m$/m)
  })

  it('has as much before the release as the longest look back of a query, up to an hour', async () => {
    const asking = 'analysis: {templates: [{templateName: rate}]}, steps: [{setWeight: 20}, {pause: {duration: 5m}}]'
    const looking = (window: string) =>
      template('rate', 'interval: 1m\n      successCondition: "true"', `sum(rate(istio_requests_total[${window}]))`)
    expect(await written(rollout(5, asking), looking('1m'))).toMatch(/^release: \{at: 5m\}$/m)
    expect(await written(rollout(5, asking), looking('20m'))).toMatch(/^release: \{at: 21m\}$/m)
    expect(await written(rollout(5, asking), looking('6h'))).toMatch(/^release: \{at: 1h\}$/m)
  })

  it('has somebody who promotes what only a person ends, after the pauses that end by themselves', async () => {
    expect(await written(rollout(5, steps))).not.toContain('people')
    const waiting = 'steps: [{setWeight: 20}, {pause: {duration: 3m}}, {setWeight: 50}, {pause: {}}]'
    expect(await written(rollout(5, waiting))).toMatch(/^people: \[\{when: paused, after: 4m, do: promote\}\]$/m)
  })

  it('uses half of the memory that the manifest allows, where anybody asks for it', async () => {
    const query = 'max(container_memory_working_set_bytes)'
    const asking = 'analysis: {templates: [{templateName: memory}]}, steps: [{setWeight: 20}, {pause: {duration: 5m}}]'
    const limited = rollout(5, asking).replace(
      'name: shop, image',
      'name: shop, resources: {limits: {memory: 64Mi}}, image',
    )
    const measuring = template('memory', 'interval: 1m\n      successCondition: "true"', query)
    expect(await written(limited, measuring)).toContain('memory: 32Mi}')
    expect(await written(rollout(5, asking), measuring)).toContain('memory: 120Mi}')
    expect(await written(rollout(5, steps))).not.toContain('memory')
  })

  it('has the fault in it that is asked for, and what it needs', async () => {
    expect(await written(rollout(5, steps), '', { fault: 'errors-10' })).toMatch(
      /# What goes wrong: 10 % errors.\nfaults: \[\{on: canary, errors: 10%\}\]\n# What the runs should keep to: `coalmine test` flies as many as it takes to decide it.\nbudgets: \[missed < 5%\]\n$/,
    )
    expect(await written(rollout(5, steps), '', { fault: 'dependency-down' })).toMatch(
      /dependencies: \[\{name: backend, share: 30%\}\]\n.*\nfaults: \[\{on: \{dependency: backend\}, errors: 100%, status: 503\}\]/,
    )
  })
})

const shipped = readdirSync('scenarios', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'faults')
  .map(({ name }) => name)

describe.each(shipped)('Of %s', (name) => {
  it.each(['healthy', 'slow-leak', 'dependency-down'])(
    'the world of %s can be flown as it is, and nothing in it is useless',
    async (fault) => {
      const { text, problems } = await writing(nodeFiles, { paths: [`scenarios/${name}`], fault })
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
      const found = new Problems()
      const files: Files = {
        read: (path, most): FileContent => (path === 'world.yaml' ? { text: text! } : nodeFiles.read(path, most)),
      }
      const { plan } = await readRecipe({ scenario: 'world.yaml' }, files, noLogs, found)
      expect(plan).toBeDefined()
      expect(found.sorted().filter(({ file }) => file === 'world.yaml')).toEqual([])
    },
  )
})

describe('init writes nothing', () => {
  const two = `${rollout(5, steps)}\n---\n${rollout(5, steps).replaceAll('shop', 'cart')}`

  it.each<[string, string, Partial<InitWishes>, string]>([
    ['without a Rollout', 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}', {}, 'no-rollout'],
    ['for several Rollouts, unless one is named', two, {}, 'several-rollouts'],
    ['for a Rollout that is not there', two, { rollout: 'crat' }, 'no-rollout'],
    ['for a fault that there is not', rollout(5, steps), { fault: 'error-10' }, 'unknown-fault'],
    ['for what has no name', rollout(5, steps), { paths: ['-'] }, 'file-missing'],
  ])('%s', async (_, policy, wishes, code) => {
    const { text, problems } = await writing(fileMap({ 'policy/a.yaml': policy }), wishes)
    expect(text).toBeUndefined()
    expect(problems.map((problem) => problem.code)).toEqual([code])
  })

  it('of several Rollouts it names the files of the one', async () => {
    const files = fileMap({
      'policy/a.yaml': rollout(5, steps),
      'policy/b.yaml': rollout(5, steps).replaceAll('shop', 'cart'),
    })
    const { text } = await writing(files, { rollout: 'cart' })
    expect(text).toMatch(/^policy: \[policy\/b.yaml\]$/m)
  })
})
