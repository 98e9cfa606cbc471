// Pods of a version that are unlike its others, for a fault or because they are cold, held against what follows from it.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { ServedFlight } from '../../src/run/served-flight.js'
import { planOf, rollout } from './plans.js'
import { valuesByPod } from './series.js'

const seed = 7
const rate = 200

/** No release disturbs what stable does: its first step waits for ever, and nobody is sent there. */
const standing = rollout(4, 'steps: [{setWeight: 0}, {pause: {}}]')

const scenario = (fault: string, more = '') => `
teaches: What some pods do.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 22m
traffic: {rate: ${rate}/s}
faults: [${fault}]
${more}
`

const stable = (more = '') => `service: {stable: {errors: 0%, start: 10s${more && `, ${more}`}}}`

/** Within four standard deviations of a Poisson count. */
function expectCount(count: number, mean: number): void {
  expect(Math.abs(count - mean), `${count}, where ${mean} are expected`).toBeLessThan(4 * Math.sqrt(mean) + 1e-9)
}

describe.each(['flow', 'request'])('At the fidelity %s', (fidelity) => {
  const fly = (fault: string, more = stable(), policy = standing) =>
    flyRecorded(planOf(scenario(fault, `${more}\nfidelity: ${fidelity}`), policy), seed)
  const failed = (fault: string, more?: string, policy?: string) => fly(fault, more, policy).blastRadius.requests.failed

  it('one pod of four that fails 40 % of its requests fails 10 % of the version’s', () => {
    expectCount(failed('{on: {version: stable, pods: 1}, errors: 40%, for: 5m}'), 0.1 * rate * 300)
  })

  it('a part of the pods is rounded up', () => {
    expectCount(failed('{on: {version: stable, pods: 30%}, errors: 40%, for: 5m}'), 0.2 * rate * 300)
  })

  it('a fault that ramps does so on its pods', () => {
    expectCount(failed('{on: {version: stable, pods: 2}, errors: 40%, for: 10m, ramp: 10m}'), (0.2 / 2) * rate * 600)
  })

  it('it comes again and again', () => {
    expectCount(failed('{on: {version: stable, pods: 1}, errors: 40%, for: 1m, every: 4m}'), 0.1 * rate * 300)
  })

  it('two faults of the same pod come together', () => {
    const [one, other] = ['40%', '50%'].map((errors) => `{on: {version: stable, pods: 1}, errors: ${errors}, for: 5m}`)
    expectCount(failed(`${one}, ${other}`), (1 - 0.6 * 0.5) * 0.25 * rate * 300)
  })

  it('one zone of three that is slow makes a third of the answers slow', () => {
    const nodes = 'cluster: {nodes: [{name: n1, zone: a}, {name: n2, zone: b}, {name: n3, zone: c}]}'
    const slo = 'slo: {latency: 300ms}'
    const plain = 'service: {stable: {errors: 0%, latency: {mean: 1ms}}}'
    const policy = rollout(6, 'steps: [{setWeight: 0}, {pause: {}}]')
    const { requests } = fly(
      '{on: {zone: b}, latency: +400ms, for: 5m}',
      `${plain}\n${nodes}\n${slo}`,
      policy,
    ).blastRadius
    expect(requests.failed).toBe(0)
    expectCount(requests.excess, 0)
    const ofCanary = '{on: {version: canary, zone: b}, latency: +400ms}'
    const all = rollout(6, 'steps: [{setWeight: 50}, {pause: {}}]')
    const struck = fly(ofCanary, `${plain}\n${nodes}\n${slo}`, all)
    const atMs = struck.timeline.find(({ what }) => what === 'traffic')!.atMs
    expectCount(struck.blastRadius.requests.excess, ((rate / 2 / 3) * (22 * 60_000 - atMs)) / 1000)
  })

  it('so many of the pods are meant however many there are', () => {
    // A quarter of the requests goes to one pod for 10 minutes, then half of them to two, of which one is struck.
    const policy = rollout(4, 'steps: [{setWeight: 25}, {pause: {duration: 10m}}, {setWeight: 50}, {pause: {}}]')
    const record = fly('{on: {version: canary, pods: 1}, errors: 20%}', stable(), policy)
    const atMs = record.timeline.filter(({ what }) => what === 'traffic').map((entry) => entry.atMs)
    expect(atMs.length).toBe(2)
    expectCount(record.blastRadius.requests.excess, (0.2 * 0.25 * rate * (22 * 60_000 - atMs[0]!)) / 1000)
  })

  describe('a pod that has just become ready', () => {
    const cold = stable('cold: {for: 2m, errors: 20%}')
    const released = rollout(4, 'steps: [{setWeight: 25}, {pause: {}}]')
    /** The integral of a straight line from 20 % to nothing over two minutes, of a quarter of the requests. */
    const once = 0.2 * 60 * 0.25 * rate

    it('is cold, and warms up in a straight line', () => {
      expectCount(failed('', cold, released), once)
    })

    it('was there for long when the flight begins', () => {
      expect(failed('', cold)).toBe(0)
    })

    it('is cold again when its container has started again', () => {
      expectCount(failed('{on: canary, onset: 10m, kill: container}', cold, released) - refused(released), 2 * once)
    })

    /** What is sent to a pod between its end and the news of that: nothing, where that takes no time. */
    function refused(policy: string): number {
      return failed('{on: canary, onset: 10m, kill: container}', stable(), policy)
    }
  })
})

describe('A query by pod', () => {
  it('shows which one is slow', () => {
    const slow = '{on: {version: stable, pods: 1}, latency: +300ms}'
    const observability = 'observability: {scrape: {interval: 5s}, dialect: app}'
    const plan = planOf(scenario(slow, `${stable('latency: {mean: 10ms}')}\n${observability}`), standing, '', {
      isServed: true,
    })
    new ServedFlight(plan, seed, 'test').advance(10 * 60_000)
    const of = (name: string) => `sum by (pod) (rate(http_request_duration_seconds_${name}[5m]))`
    const means = valuesByPod(plan, `${of('sum')} / ${of('count')} > 0`, 7 * 60_000)
    const milliseconds = Object.values(means).map((seconds) => Math.round(seconds * 100) * 10)
    expect(milliseconds.sort((one, other) => one - other)).toEqual([10, 10, 10, 310])
  })
})
