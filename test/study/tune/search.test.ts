// The search, with flights that are a formula: it finds what is best, the same with any crew, and goes on where it was left.
import { describe, expect, it } from 'vitest'
import { parseBudget } from '../../../src/scenario/budget.js'
import { Problems } from '../../../src/scenario/problem.js'
import { conduct, type Job } from '../../../src/study/conduct.js'
import { OwnPilot } from '../../../src/study/crew.js'
import { type Prepared, prepareTuning } from '../../../src/study/tune/prepare.js'
import { pointsOf, reportOf } from '../../../src/study/tune/report.js'
import { runsOf, scheduleFor, sizeFor } from '../../../src/study/tune/schedule.js'
import { type Progress, search, start } from '../../../src/study/tune/search.js'
import { type Question, readState, stateText } from '../../../src/study/tune/state.js'
import { background, rollout, template } from './policy.js'

const metric = `      interval: 30s
      failureLimit: 1
      successCondition: len(result) == 0 || isNaN(result[0]) || result[0] >= 0.98
      provider:
        prometheus:
          address: http://prometheus:9090
          query: |
            sum(rate(istio_requests_total{reporter="source",destination_service_name="shop-canary",response_code!~"5.*"}[1m]))
            / sum(rate(istio_requests_total{reporter="source",destination_service_name="shop-canary"}[1m]))
`
const services = `apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
    - route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]
`
const steps = `        - setWeight: 40
        - pause: {duration: 2m}
        - setWeight: 80
        - pause: {duration: 2m}
`
const scenario = (budgets: string) => `teaches: Tuning.
policy: [rollout.yaml, analysis.yaml, services.yaml]
release: {at: 1m}
duration: 10m
traffic: {rate: 100/s, users: 5k}
faults: [{on: canary, errors: 5%}]
budgets: [${budgets}]
`

async function prepared(budgets = '', more: Partial<Parameters<typeof prepareTuning>[0]> = {}) {
  const texts: Readonly<Record<string, string>> = {
    'x.yaml': scenario(budgets),
    'rollout.yaml': rollout(steps, background),
    'analysis.yaml': template(metric),
    'services.yaml': services,
  }
  const files = {
    read: (path: string) => (texts[path] === undefined ? { missing: true as const } : { text: texts[path] }),
  }
  const logs = { read: () => Promise.reject(new Error('no logs')) } as unknown as Parameters<typeof prepareTuning>[2]
  const problems = new Problems()
  const wanted = { scenario: 'x.yaml', harm: 'mean', budgets: [], keepsBudgets: true, ...more } as const
  return { problems, prepared: await prepareTuning(wanted, files, logs, problems) }
}

const rungs = scheduleFor({ candidates: 3, runs: 10 })
const crew = new OwnPilot()
const fly = (jobs: readonly Job[]) => conduct(jobs, crew)

function questionOf({ space, measure }: Prepared): Question {
  return { version: '1', space, measure, seed: 1, rungs }
}

const weights = { knobs: ['weights'] }

describe('A search', () => {
  it('finds less harm than the policy as it is written, and says what it changes', async () => {
    const { prepared: found } = await prepared('verdict == aborted', weights)
    const progress = await search({ ...questionOf(found!), fly })
    const report = reportOf({ ...found!, progress, isWhole: true }, { version: '1', scenario: 'x', seed: 1 })
    const least = report.front.at(-1)!
    expect(least.harm.high!).toBeLessThan(report.written!.harm.low!)
    expect(least.changes.every(({ knob }) => knob.endsWith('setWeight'))).toBe(true)
    expect(least.limits[0]!.factor).toBeGreaterThan(1)
    expect(report.knobs.map(({ kind }) => kind)).toEqual(['weights', 'weights'])
  })

  it('goes on from where it was left as if nobody had left it', async () => {
    const question = questionOf((await prepared('', weights)).prepared!)
    const kept: string[] = []
    const whole = await search({ ...question, fly, climbed: (progress) => kept.push(stateText(question, progress)) })
    for (const text of [kept[2]!, kept.at(-2)!]) {
      const problems = new Problems()
      const again = await search({ ...question, fly }, readState('state.json', text, question, problems)!)
      expect(problems.sorted()).toEqual([])
      expect(stateText(question, again)).toBe(stateText(question, whole))
    }
    expect(kept.at(-1)).toBe(stateText(question, whole))
  })

  it('ends at the last rung that is whole, where somebody interrupts it', async () => {
    const question = questionOf((await prepared('', weights)).prepared!)
    let rung = 0
    const progress = await search({ ...question, fly: async (jobs) => (++rung > 2 ? undefined : fly(jobs)) })
    expect([progress.rung, progress.pool.length > 0]).toEqual([2, true])
  })

  it('takes up nothing that was begun with another question', async () => {
    const { prepared: found } = await prepared('', weights)
    const question = questionOf(found!)
    const text = stateText(question, start)
    const told = (text: string, other: Question) => {
      const problems = new Problems()
      expect(readState('state.json', text, other, problems)).toBeUndefined()
      return problems.sorted()[0]!.message
    }
    expect(told(text, { ...question, version: '2' })).toBe('this search was begun by coalmine 1, and this is 2')
    expect(told(text, { ...question, seed: 2 })).toContain('with other options')
    expect(told(text, questionOf((await prepared('', { knobs: ['pauses'] })).prepared!))).toContain('other knobs')
    expect(told(text, questionOf((await prepared('missed < 5%', weights)).prepared!))).toContain('another scenario')
    expect(told('{}', question)).toContain('no state of schema')
    expect(told('{', question)).toContain('no JSON')
  })

  it('says which budget can’t be kept, and what comes nearest', async () => {
    const impossible = parseBudget('detect.mean < 1s')
    const budgets = impossible.ok ? [impossible.value] : []
    const { prepared: found } = await prepared('verdict == aborted', { ...weights, budgets })
    const progress = await search({ ...questionOf(found!), fly })
    expect(pointsOf(progress, found!.space).front).toEqual([])
    const report = reportOf({ ...found!, progress, isWhole: true }, { version: '1', scenario: 'x', seed: 1 })
    expect(report.knee).toBeNull()
    expect(report.nearest!.budgets.filter(({ answer }) => answer === 'fails').map(({ budget }) => budget)).toEqual([
      'detect.mean < 1s',
    ])
  })

  it('says without which budget something would be better', async () => {
    const { prepared: found } = await prepared('', weights)
    const [long] = ['users.harmed.mean > 150'].map((text) => parseBudget(text))
    const measure = { ...found!.measure, budgets: long!.ok ? [long!.value] : [] }
    const progress: Progress = await search({ ...questionOf({ ...found!, measure }), fly })
    const report = reportOf({ ...found!, measure, progress, isWhole: true }, { version: '1', scenario: 'x', seed: 1 })
    expect(report.binding.map(({ budget }) => budget)).toEqual(['users.harmed.mean > 150'])
  })
})

describe('A knob that is asked for', () => {
  it('is unknown, or can’t be turned, by name', async () => {
    const told = async (knobs: readonly string[]) => (await prepared('', { knobs })).problems.sorted()[0]!.message
    expect(await told(['weigths'])).toBe('there is no knob `weigths`: did you mean `weights`?')
    expect(await told(['success-rate.intervall'])).toContain('did you mean `success-rate.interval`?')
  })
})

describe('The size of a search', () => {
  it('is many candidates a few times and a few many times; where false aborts are seen, neighbours are tried once more', () => {
    const told = scheduleFor({ candidates: 64, runs: 800 }).map((rung) => {
      return `${rung.kind} ${rung.kind === 'halve' ? rung.kept : rung.fresh} ${rung.runs}`
    })
    expect([...new Set(told)]).toEqual([
      'sample 64 20',
      'refine 32 20',
      'halve 32 40',
      'halve 16 80',
      'halve 12 160',
      'refine 16 160',
      'halve 12 320',
      'halve 12 640',
      'halve 12 800',
      'revert 64 100',
      'simplify 8 800',
    ])
    expect(scheduleFor({ candidates: 2, runs: 10 }).every(({ runs }) => runs === 10)).toBe(true)
  })

  it('counts a candidate that goes on for what it flies more', () => {
    expect(
      runsOf([
        { kind: 'sample', fresh: 10, runs: 20 },
        { kind: 'halve', kept: 4, runs: 50 },
        { kind: 'simplify', fresh: 2, runs: 50 },
      ]),
    ).toBe(10 * 20 + 5 * 30 + 2 * 50)
  })

  it('follows from how many flights it may take', () => {
    const size = sizeFor(50_000, 2, 800)!
    expect(2 * runsOf(scheduleFor(size))).toBeLessThanOrEqual(50_000)
    expect(2 * runsOf(scheduleFor({ ...size, candidates: size.candidates + 1 }))).toBeGreaterThan(50_000)
    expect(sizeFor(100, 2, 800)).toBeUndefined()
  })
})
