// Flights in which requests touch each other: one canary pod too small for its weight, clients that try again, and
// connections that stay where they are.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, tryPlan } from './plans.js'

interface Parts {
  readonly service?: string
  readonly clients?: string
  readonly faults?: string
  readonly more?: string
  readonly traffic?: string
}

function scenarioOf({ service = '', clients = '', faults = '', more = '', traffic = '' }: Parts): string {
  return `
teaches: How requests touch each other.
policy: policy.yaml
release: {at: 1m}
duration: 10m
traffic: {rate: 150/s, users: 5k${traffic}}
service: {stable: {errors: 0%, latency: {mean: 50ms}, start: 1s${service}}}
clients: {${clients}}
faults: [${faults}]
${more}`
}

/** Half of the requests go to one pod of the canary, six minutes long. */
const half = rollout(6, 'steps: [{setCanaryScale: {replicas: 1}}, {setWeight: 50}, {pause: {duration: 6m}}]')
/** One pod in five is the canary's, and each Service's pods get equal parts. */
const fifth = rollout(5, 'steps: [{setWeight: 20}, {pause: {}}], maxSurge: 0, maxUnavailable: 1', false)
const places = ', capacity: {concurrency: 2, queue: 4}'

function flown(parts: Parts, policy: string, seeds: number, lines?: string[]) {
  const simulation = new Simulation(planOf(scenarioOf(parts), policy))
  return Array.from({ length: seeds }, (_, seed) => {
    const log = lines && { every: 1, write: (line: string) => lines.push(line) }
    const flying = simulation.takeOff(seed, undefined, log)
    flying.advance(simulation.plan.scenario.durationMs)
    return flying.land().blastRadius
  })
}

interface Line {
  readonly version: string
  readonly status: number
  readonly attempts: number
  readonly wait_ms: number
}

function linesOf(parts: Parts, policy: string): readonly Line[] {
  const lines: string[] = []
  flown(parts, policy, 1, lines)
  return lines.map((line) => JSON.parse(line) as Line)
}

describe('A canary of one pod that gets half of the requests', () => {
  it('queues them and sheds most of what it has no place for, and stable does not', () => {
    const lines = linesOf({ service: places, more: 'fidelity: request' }, half)
    const of = (version: string) => lines.filter((line) => line.version === version)
    const shed = (all: readonly Line[]) => all.filter(({ status }) => status === 503).length / all.length
    // 75 requests a second that take 50 ms each, for two at a time: 40 a second are served.
    const canary = of('canary').filter(({ status }) => status === 200)
    expect(of('canary').length).toBeGreaterThan(20_000)
    expect(shed(of('stable'))).toBeLessThan(0.02)
    expect(shed(of('canary').slice(1000, 20_000))).toBeCloseTo(1 - 40 / 75, 1)
    expect(canary.slice(1000, 8000).filter(({ wait_ms }) => wait_ms > 0).length / 7000).toBeGreaterThan(0.5)
  })

  it('harms as many users as a flow thinks it does, within a few percent', () => {
    const [single] = flown({ service: places, more: 'fidelity: request' }, half, 1)
    const [flow] = flown({ service: places }, half, 1)
    for (const which of ['exposed', 'excess'] as const) {
      expect(single!.requests[which] / flow!.requests[which]).toBeCloseTo(1, 1)
    }
    expect(single!.users.harmed / flow!.users.harmed).toBeCloseTo(1, 1)
  })
})

describe('Clients that send again', () => {
  const faults = '{on: canary, errors: 40%, status: 503}'

  it('multiply what the canary gets and hide its errors from users', () => {
    const lines = linesOf({ clients: 'retries: {attempts: 3}', faults }, half)
    const [without] = flown({ faults }, half, 1)
    const [again] = flown({ clients: 'retries: {attempts: 3}', faults }, half, 1)
    const retried = lines.filter(({ attempts }) => attempts > 1)
    expect(retried.length / again!.requests.exposed).toBeCloseTo(0.4, 1)
    expect(again!.requests.excess / without!.requests.excess).toBeLessThan(0.05)
    expect(again!.requests.exposed / without!.requests.exposed).toBeCloseTo(1, 1)
  })

  it('ask for single requests, and say why', () => {
    const { fidelity } = planOf(scenarioOf({ clients: 'retries: {attempts: 3}' }), half)
    expect(fidelity).toEqual({
      fidelity: 'request',
      because: ['a request that is sent again is one that was sent before'],
    })
    const { problems } = tryPlan(scenarioOf({ clients: 'retries: {attempts: 3}', more: 'fidelity: flow' }), half)
    expect(problems).toMatchObject([{ code: 'fidelity-too-low' }])
  })

  it('are refused together with cookies', () => {
    const parts = { clients: 'retries: {attempts: 3}', traffic: ', sticky: cookie' }
    expect(tryPlan(scenarioOf(parts), half).problems).toMatchObject([{ code: 'not-simulated', line: 6 }])
  })
})

describe('Connections that clients keep', () => {
  const share = ({ requests }: { requests: { exposed: number; total: number } }) => requests.exposed / requests.total

  it('skew what a canary gets, the more the fewer they are', () => {
    const faults = '{on: canary, errors: 5%}'
    const spread = (clients: string) => {
      const shares = flown({ clients, faults }, fifth, 8).map(share)
      const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length
      return Math.sqrt(shares.reduce((sum, each) => sum + (each - mean) ** 2, 0) / shares.length)
    }
    const few = spread('connections: {count: 4, lifetime: 1m}')
    expect(few).toBeGreaterThan(2 * spread('connections: {count: 100, lifetime: 1m}'))
    expect(few).toBeGreaterThan(10 * spread(''))
  })

  it('never move to a new pod while the old ones are there, if nothing ends them', () => {
    const faults = '{on: canary, errors: 5%}'
    const shares = flown({ clients: 'connections: {count: 20}', faults }, fifth, 6).map(share)
    // One stable pod in five had to go, and a fifth of its connections opened anew is the canary's.
    for (const one of shares) expect(one).toBeLessThan(0.12)
  })

  it('weigh what they take to the canary, and that is what the timeline tells and users are exposed to', () => {
    const faults = '{on: canary, errors: 5%}'
    const { plan } = new Simulation(
      planOf(scenarioOf({ clients: 'connections: {count: 50, lifetime: 4m}', faults }), fifth),
    )
    const { timeline, blastRadius } = flyRecorded(plan, 1)
    const told = timeline.filter((entry) => entry.what === 'traffic')
    const { requests, users, userMinutes, peakWeightPercent } = blastRadius
    // The pod that leaves had some ten connections: none of them is open, and a fifth of the new ones goes to the canary.
    expect(told[0]!.actualWeightPercent).toBeLessThan(8)
    // The others end within four minutes, and few at a time.
    expect(told.length).toBeGreaterThan(3)
    for (const [at, { atMs, actualWeightPercent }] of told.entries()) {
      expect(actualWeightPercent).toBeLessThanOrEqual(peakWeightPercent + 2)
      if (at === 0) continue
      expect(atMs - told[at - 1]!.atMs).toBeGreaterThanOrEqual(1000)
      expect(Math.abs(actualWeightPercent - told[at - 1]!.actualWeightPercent)).toBeGreaterThanOrEqual(1)
    }
    expect(userMinutes / (users.total * 10)).toBeCloseTo(requests.exposed / requests.total, 2)
  })

  it('make no difference to a router, which chooses for each request', () => {
    const { problems } = tryPlan(scenarioOf({ clients: 'connections: {count: 4}' }), half)
    expect(problems).toMatchObject([{ code: 'not-simulated', line: 8 }])
  })
})
