// Faults in flights: whom they strike and when, and how the timeline tells them in words.
import { describe, expect, it } from 'vitest'
import { explainFiles, readForExplanation } from '../../src/run/explain/files.js'
import { flyRecorded } from '../../src/run/fly.js'
import { ServedFlight } from '../../src/run/served-flight.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { planOf, rollout, tryPlan } from './plans.js'
import { valuesByPod } from './series.js'

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

describe('More traffic', () => {
  const total = (fault: string) => fly(fault).blastRadius.requests.total
  const usual = 50 * 20 * 60

  it.each([
    ['comes at once', '{onset: 2m, for: 4m, traffic: x3}', 2 * 4],
    ['grows', '{onset: 2m, for: 4m, ramp: 2m, traffic: +100%}', 1 * (2 / 2 + 2)],
    ['comes again', '{for: 1m, every: 6m, traffic: x5}', 4 * 3],
    ['comes with somebody’s rollout', '{traffic: x3, rollout: [{at: 0s, weight: 50%}, {at: 2m, weight: 0%}]}', 2],
    ['can be less', '{onset: 8m, traffic: x0.5}', -0.5 * 10],
  ])('%s: %s', (_, fault, minutes) => {
    const mean = usual + minutes * 60 * 50
    expect(Math.abs(total(fault) - mean), fault).toBeLessThan(4 * Math.sqrt(mean))
  })

  it('leaves the budget what it is', () => {
    const usual = (faults: string) =>
      planOf(scenario(faults), rollout(4, steps)).flow.traffic.mean.integral(0, 20 * 60_000)
    expect(usual('{traffic: x3}')).toBe(usual(''))
  })
})

describe('What waits for something', () => {
  const flyAfter = (fault: string, anchor: string) => fly(fault.replace(/}$/, `, after: ${anchor}, onset: 1m}`))
  const promotedMs = (record: ReturnType<typeof fly>) => record.times.promotedMs!
  const toldAt = ({ timeline }: ReturnType<typeof fly>) => timeline.find(({ what }) => what === 'fault')!.atMs

  it.each([
    '{on: canary, crashLoop: true}',
    '{on: {version: canary, pods: 2}, errors: 100%}',
    '{on: canary, kill: pod}',
    '{quotaExhausted: true}',
    '{controller: down}',
    '{apiServer: slow, delay: 1s}',
    '{prometheus: down}',
    '{on: canary, metrics: lost}',
  ])('is told when that has come: %s', (fault) => {
    const record = flyAfter(fault, 'promotion')
    expect(toldAt(record) - promotedMs(record)).toBe(60_000)
  })

  it('strikes pods then, and is missed', () => {
    const record = flyAfter('{on: canary, crashLoop: true}', 'promotion')
    expect(record.missed).toBe(true)
    const restart = record.timeline.find(({ what }) => what === 'restart')!
    expect(restart.atMs - promotedMs(record)).toBe(60_000)
    expect(record.blastRadius.requests.failed).toBeGreaterThan(10_000)
  })

  it('strikes some pods then', () => {
    const record = flyAfter('{on: {version: canary, pods: 1}, errors: 40%}', 'promotion')
    const mean = (0.1 * 50 * (20 * 60_000 - promotedMs(record) - 60_000)) / 1000
    expect(Math.abs(record.blastRadius.requests.failed - mean)).toBeLessThan(4 * Math.sqrt(mean))
  })

  it('keeps the controller from going on', () => {
    const waits = flyAfter('{controller: down, for: 5m}', 'first-pod')
    expect(promotedMs(waits)).toBeGreaterThan(promotedMs(fly('')) + 120_000)
  })

  it('keeps Prometheus from seeing', () => {
    const ups = (fault: string) => {
      const plan = planOf(scenario(fault), rollout(4, steps), '', { isServed: true })
      new ServedFlight(plan, 1, 'test').advance(plan.scenario.durationMs)
      return Object.keys(valuesByPod(plan, 'count_over_time(up[1m])', 4 * 60_000))
    }
    expect(ups('').length).toBeGreaterThan(0)
    expect(ups('{prometheus: down, after: first-pod, onset: 1m, for: 10m}')).toEqual([])
  })

  it('has no end to be told where it is over at once', () => {
    const { timeline } = flyRecorded(planOf(scenario('{on: stable, kill: container, every: 5m}'), rollout(4, steps)), 1)
    const told = timeline.flatMap((entry) => (entry.what === 'fault' ? [entry.begins] : []))
    expect(told.length).toBeGreaterThan(1)
    expect(told.every((begins) => begins)).toBe(true)
  })

  it('is no trouble if that never comes', () => {
    const waiting = ['errors: 50%', 'crashLoop: true'].map((effect) => `{on: canary, ${effect}, after: promotion}`)
    const stopping = rollout(4, 'steps: [{setWeight: 10}, {pause: {}}]')
    const { times, timeline, missed } = flyRecorded(planOf(scenario(waiting.join(', ')), stopping), 1)
    expect([times.onsetMs, missed]).toEqual([null, false])
    expect(timeline.some(({ what }) => what === 'fault')).toBe(false)
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

  it('are told once for all packets that they lose, however often in a row', () => {
    const loss = chaos('action: loss, loss: {loss: "50"}, duration: 1m', 'NetworkChaos')
    const { timeline } = flyRecorded(planOf(scenario(''), `${rollout(4, steps)}---\n${loss}`), 1)
    const told = timeline.flatMap((entry) =>
      entry.what === 'fault' ? [`${entry.atMs} ${entry.begins ? 'begins' : 'ends'} ${entry.on}: ${entry.effect}`] : [],
    )
    const words = 'both versions in 50% of requests: NetworkChaos chaos: packets are lost'
    expect(told).toEqual([`120000 begins ${words}`, `180000 ends ${words}`])
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

  it('find the nodes of the cluster', () => {
    const there = scenario('{manifest: rules.yaml}').replace('faults:', 'cluster: {nodes: 2}\nfaults:')
    const on = (node: string) =>
      chaos('target: Request, port: 80, abort: true').replace('selector: {', `selector: {nodes: [${node}], `)
    expect(tryPlan(there, rollout(4, steps), on('node-2')).plan!.faults[0]!.where).toEqual({ node: 'node-2' })
    expect(tryPlan(there, rollout(4, steps), on('node-3')).problems.map(({ message }) => message)).toEqual([
      'there is no node node-3',
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
