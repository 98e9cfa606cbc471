// Faults in flights: those that the world acts on do, the others are refused, and the timeline tells them in words.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { formatProblem } from '../../src/scenario/problem.js'
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
  it.each([
    ['{on: {version: canary, pods: 1}, errors: 5%}', '9:39 `pods` of a fault'],
    ['{on: canary, errors: 5%, above: 80/s}', '9:42 `above`'],
    ['{on: canary, errors: 5%, after: promotion}', '9:42 `after: promotion`'],
    ['{on: canary, neverReady: true, for: 1m, every: 5m}', '9:57 `every` of `neverReady`'],
    ['{prometheus: down}', '9:23 `prometheus`'],
  ])('%s', (fault, what) => {
    const { plan: _, problems } = tryPlan(scenario(fault), rollout(4, steps))
    expect(problems.map(formatProblem)).toEqual([
      `scenario.yaml:${what.replace(' ', '  error  ')} is understood, but nothing in the world acts on it yet [fault-not-flown]`,
    ])
  })
})
