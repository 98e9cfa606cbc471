// Faults in flights: those that the world acts on do, the others are refused, and the timeline tells them in words.
import { describe, expect, it } from 'vitest'
import { explainFiles, readForExplanation } from '../../src/run/explain/files.js'
import { flyRecorded } from '../../src/run/fly.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { planOf, rollout, tryPlan } from './plans.js'

const steps = 'steps: [{setWeight: 10}, {pause: {duration: 3m}}]'

const scenario = (fault: string) => `
teaches: What a fault does.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
service: {stable: {errors: 0%, start: 10s}}
traffic: {rate: 50/s}
dependencies: [{name: payments}]
faults: [${fault}]
`

const fly = (fault: string) => flyRecorded(planOf(scenario(fault), rollout(4, steps)), 1)

function told(fault: string): readonly string[] {
  return fly(fault).timeline.flatMap((entry) => {
    if (entry.what !== 'fault') return []
    return [`${(entry.atMs - 120_000) / 60_000}m ${entry.begins ? 'begins' : 'ends'} on ${entry.on}: ${entry.effect}`]
  })
}

describe('What the world acts on', () => {
  it('strikes both versions', () => {
    const { blastRadius } = fly('{on: both, errors: 10%}')
    expect(blastRadius.requests.failed / blastRadius.requests.total).toBeCloseTo(0.1, 1)
  })

  it('comes again and again', () => {
    const once = fly('{on: stable, errors: 100%, for: 1m}').blastRadius.requests.failed
    const often = fly('{on: both, errors: 100%, for: 1m, every: 5m}').blastRadius.requests.failed
    expect(once).toBeCloseTo(3000, -3)
    expect(often).toBeCloseTo(4 * 3000, -3)
  })

  it('goes with the weights of somebody else’s rollout', () => {
    const rolled =
      '{on: both, errors: 50%, rollout: [{at: 1m, weight: 20%}, {at: 3m, weight: 100%}, {at: 4m, weight: 0%}]}'
    const { failed } = fly(rolled).blastRadius.requests
    expect(failed).toBeGreaterThan(0.95 * 3000 * (2 * 0.1 + 0.5))
    expect(failed).toBeLessThan(1.05 * 3000 * (2 * 0.1 + 0.5))
  })

  it('strikes the pods of stable, too', () => {
    const { requests } = fly('{on: stable, neverReady: true, for: 30s}').blastRadius
    expect(requests.failed).toBeGreaterThan(1000)
  })
})

describe('The timeline tells', () => {
  it.each([
    ['{on: canary, errors: 5%}', ['0m begins on canary: 5% errors']],
    ['{name: bad config, on: canary, errors: 5%, onset: 1m}', ['1m begins on canary: bad config']],
    [
      '{on: both, latency: x3, for: 2m}',
      ['0m begins on both versions: latency x3', '2m ends on both versions: latency x3'],
    ],
    [
      '{on: canary, errors: 5%, onset: 1m, for: 2m, every: 10m}',
      [
        '1m begins on canary: 5% errors',
        '3m ends on canary: 5% errors',
        '11m begins on canary: 5% errors',
        '13m ends on canary: 5% errors',
      ],
    ],
  ])('%s', (fault, lines) => {
    expect(told(fault)).toEqual(lines)
  })
})

describe('What nothing acts on yet is refused by name', () => {
  it.each([['{on: canary, crashLoop: true, after: promotion}', '9:47 `after: promotion`']])('%s', (fault, what) => {
    const { plan: _, problems } = tryPlan(scenario(fault), rollout(4, steps))
    expect(problems.map(formatProblem)).toEqual([
      `scenario.yaml:${what.replace(' ', '  error  ')} is understood, but nothing in the world acts on it yet [fault-not-flown]`,
    ])
  })
})

describe('Documents of Chaos Mesh', () => {
  const chaos = (spec: string, kind = 'HTTPChaos') =>
    `apiVersion: chaos-mesh.org/v1alpha1\nkind: ${kind}\nmetadata: {name: chaos}\nspec: {mode: all, selector: {labelSelectors: {app: shop}}, ${spec}}\n`
  const errors = chaos('target: Response, port: 80, duration: 1m, replace: {code: 500}')

  it('among the manifests of the policy begin with the release', () => {
    const { timeline, blastRadius } = flyRecorded(planOf(scenario(''), `${rollout(4, steps)}---\n${errors}`), 1)
    const told = timeline.flatMap((entry) =>
      entry.what === 'fault' ? [`${entry.atMs} ${entry.on}: ${entry.effect}`] : [],
    )
    const words = 'both versions: HTTPChaos chaos: 100% errors'
    expect(told).toEqual([`120000 ${words}`, `180000 ${words}`])
    expect(blastRadius.requests.failed).toBeCloseTo(3000, -3)
  })

  it('answer with the statuses that they bring', () => {
    const abort = chaos('target: Request, port: 80, abort: true')
    const plan = planOf(scenario(''), `${rollout(4, steps)}---\n${abort}`)
    expect(plan.service.codes).toContain(502)
    expect(plan.workload.codes).toContain('502')
  })

  it('in a file of their own begin when the scenario says', () => {
    const { plan, problems } = tryPlan(scenario('{manifest: rules.yaml, onset: 3m}'), rollout(4, steps), errors)
    expect(problems).toEqual([])
    expect(plan!.faults.map(({ onsetMs, endMs }) => [onsetMs, endMs])).toEqual([[300_000, 360_000]])
  })

  it('are refused where the world has not what they act on, at their place in their file', () => {
    const told = (documents: string) =>
      tryPlan(scenario('{manifest: rules.yaml}'), rollout(4, steps), documents).problems.map(formatProblem)
    expect(told(chaos('action: delay', 'IOChaos'))).toEqual([
      'rules.yaml:2:7  error  IOChaos is not simulated: the world has no files [chaos-not-simulated]',
    ])
    expect(told('apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n')).toEqual([
      'rules.yaml:2:7  error  Service is no document of Chaos Mesh [no-chaos]\n    Other manifests belong to the policy.',
    ])
  })

  it('leave what else a fault can say to themselves', () => {
    const { problems } = tryPlan(scenario('{manifest: rules.yaml, on: canary, for: 5m}'), rollout(4, steps), errors)
    expect(problems.map(({ column, message }) => `${column} ${message}`)).toEqual([
      '37 the documents of `manifest` say it all: leave `on` out',
      '50 the documents of `manifest` say it all: leave `for` out',
    ])
  })

  it('don’t keep a policy from being explained', () => {
    const problems = new Problems()
    const files = { read: () => ({ text: `${rollout(4, steps)}---\n${chaos('action: delay', 'IOChaos')}` }) }
    expect(explainFiles(readForExplanation(['policy.yaml'], files, problems), problems)).toBeDefined()
    expect(problems.sorted()).toEqual([])
  })
})
