// Replicas that follow the traffic, and people who scale: what becomes of a release meanwhile.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, tryPlan } from './plans.js'

const steps = 'steps: [{setWeight: 25}, {pause: {duration: 40m}}]'
const cpu = '{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}'
const requests =
  '{type: Pods, pods: {metric: {name: http_requests_per_second}, target: {type: AverageValue, averageValue: "25"}}}'

const hpa = (metric: string, more = '') => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop}
  minReplicas: 2
  maxReplicas: 40
  metrics: [${metric}]
  ${more}
`
/** Each pod requests half a core, of which half may be used: 25 requests a second at 10 ms. */
const policy = (more: string, isRouted = true) =>
  rollout(4, steps, isRouted).replace('image: "shop:1"', 'image: "shop:1", resources: {requests: {cpu: 500m}}') + more

const scenario = (rate: string, service = 'stable: {start: 10s, cpuPerRequest: 10ms}', more = '') => `
teaches: Replicas that follow the traffic.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 30m
traffic: {rate: ${rate}}
service: {${service}}
${more}
`

/** By name of the ReplicaSet, the size it was asked for last. */
function sizes({ timeline }: ReturnType<typeof flyRecorded>): readonly number[] {
  const last = new Map<string, number>()
  for (const entry of timeline) if (entry.what === 'replica-set') last.set(entry.name, entry.spec)
  return [...last.values()].sort((a, b) => b - a)
}

/** That half a core of each of four pods is used to such a part. */
const fourPods = (percent: number) =>
  policy(hpa(cpu.replace('averageUtilization: 50', `averageUtilization: ${percent}`)))

const rescales = ({ timeline }: ReturnType<typeof flyRecorded>) =>
  timeline.flatMap((entry) =>
    entry.what === 'event' && entry.reason === 'SuccessfulRescale'
      ? [{ atMs: entry.atMs, message: entry.message }]
      : [],
  )

const step = (from: number, to: number) => `[{at: 0s, rate: ${from}/s}, {at: 10m, rate: ${to}/s}]`

describe('An autoscaler of a Rollout', () => {
  it.each([
    ['CPU', cpu, 'cpu resource utilization (percentage of request)'],
    ['requests', requests, 'pods metric http_requests_per_second'],
  ])('that goes by %s makes pods for four times the traffic, in the middle of a canary', (_, metric, about) => {
    const record = flyRecorded(planOf(scenario(step(100, 400)), policy(hpa(metric))), 1)
    const found = rescales(record)
    expect(found[0]?.message).toContain(`reason: ${about} above target`)
    // No sooner than a look after the rise.
    expect(found[0]!.atMs).toBeGreaterThan(10 * 60_000)
    expect(found[0]!.atMs).toBeLessThan(13 * 60_000)
    const [stable, canary] = sizes(record) as [number, number]
    // With a router stable is at full size, and the canary has its share of it; all of them are counted.
    expect(canary).toBe(Math.ceil(stable / 4))
    expect(Math.abs((stable + canary) * 25 - 400)).toBeLessThan(110)
  })

  it('lets go of pods only when they haven’t been needed for five minutes', () => {
    const found = rescales(flyRecorded(planOf(scenario(step(400, 100)), policy(hpa(cpu))), 1))
    const afterFall = found.filter(({ atMs }) => atMs > 10 * 60_000)
    expect(afterFall[0]?.message).toMatch(/All metrics below target/)
    expect(afterFall[0]!.atMs).toBeGreaterThan(15 * 60_000)
    expect(afterFall[0]!.atMs).toBeLessThan(16 * 60_000)
  })

  it('keeps to its bounds', () => {
    const bounded = policy(hpa(cpu).replace('maxReplicas: 40', 'maxReplicas: 6'))
    expect(sizes(flyRecorded(planOf(scenario(step(100, 4000)), bounded), 1))).toEqual([6, 2])
  })

  it('is left alone while a person has scaled to nothing', () => {
    const people = 'people: [{at: 1m, do: scale, replicas: 0}]'
    const record = flyRecorded(planOf(scenario('400/s', undefined, people), policy(hpa(cpu), false)), 1)
    expect(sizes(record)).toEqual([0, 0])
  })

  it('goes on after an abort, for stable alone', () => {
    const people = 'people: [{at: 1m, do: abort}]'
    const record = flyRecorded(planOf(scenario(step(100, 400), undefined, people), policy(hpa(cpu), false)), 1)
    expect(record.verdict).toBe('aborted')
    expect(sizes(record)[1]).toBe(0)
    expect(sizes(record)[0]).toBeGreaterThan(14)
  })

  it('pays for a version that takes twice the CPU', () => {
    const service = 'stable: {start: 10s, cpuPerRequest: 10ms}, canary: {cpuPerRequest: 20ms}'
    const fast = rollout(4, 'steps: [{setWeight: 25}]').replace(
      '"shop:1"',
      '"shop:1", resources: {requests: {cpu: 500m}}',
    )
    const sizeWith = (text: string) => sizes(flyRecorded(planOf(scenario('200/s', text), fast + hpa(cpu)), 1))[0]!
    expect(sizeWith(service) / sizeWith('stable: {start: 10s, cpuPerRequest: 10ms}')).toBeCloseTo(2, 0)
  })

  it('keeps pods of limited capacity from shedding', () => {
    const service = 'stable: {start: 10s, cpuPerRequest: 10ms, capacity: 40/s}'
    const rise = '[{at: 0s, rate: 100/s}, {at: 10m, rate: 400/s, ramp: 5m}]'
    const failedWith = (text: string) =>
      flyRecorded(planOf(scenario(rise, service), policy(text)), 1).blastRadius.requests.failed
    // Without it 200 of 400 requests a second find no room.
    expect(failedWith(hpa(cpu))).toBeLessThan(0.02 * failedWith(''))
  })

  it('goes by what pods with a queue work on, not by what they turn away', () => {
    // A pod serves 20 requests a second, all of which take 200 ms of CPU: four cores of 500m each.
    const service = 'stable: {start: 10s, latency: 200ms, cpuPerRequest: 5ms, capacity: {concurrency: 4}}'
    const most = (rate: number) => sizes(flyRecorded(planOf(scenario(`${rate}/s`, service), fourPods(100)), 1))[0]!
    // Four pods that are full never use more than 20 per second · 5 ms of the half core that each has.
    expect([most(10), most(1000)]).toEqual([2, 2])
    const busy = sizes(flyRecorded(planOf(scenario('60/s', service), fourPods(10)), 1))[0]!
    expect(busy).toBeGreaterThan(4)
  })
})

it('Twice the traffic never means fewer replicas, and where it needs them means more', () => {
  const ends = [50, 100, 200, 400, 800].map((rate) => {
    const record = flyRecorded(planOf(scenario(step(50, rate)), policy(hpa(cpu))), 1)
    return Number(/\d+/.exec(rescales(record).at(-1)?.message ?? 'New size: 4')?.[0])
  })
  for (const [index, more] of ends.slice(1).entries()) expect(more).toBeGreaterThan(ends[index]!)
})

it('A flight without an autoscaler is the same whatever a request costs', () => {
  const outcome = (service: string) => new Simulation(planOf(scenario('100/s', service), policy(''))).fly(3)
  expect(outcome('stable: {start: 10s, cpuPerRequest: 10ms}')).toEqual(outcome('stable: {start: 10s}'))
})

describe('What autoscaler and scenario can’t be without each other', () => {
  const told = (service: string, more: string) =>
    tryPlan(scenario('100/s', service), policy(more)).problems.map(({ code, message }) => `${code} ${message}`)

  it('is the CPU that a request takes', () => {
    expect(told('stable: {start: 10s}', hpa(cpu))).toEqual([
      "cpu-unknown HorizontalPodAutoscaler shop scales by CPU, and the scenario's pods use none",
    ])
    expect(told('stable: {start: 10s}', hpa(requests))).toEqual([])
  })

  it('is something that scales by it', () => {
    expect(told('canary: {cpuPerRequest: 5ms}', '')).toEqual([
      'cpu-unused nothing in the policy scales by CPU or asks for it: service.canary.cpuPerRequest changes nothing',
    ])
  })

  it('is memory that somebody asks for, or that fills up', () => {
    expect(told('stable: {memory: 200Mi}', '')).toEqual([
      'memory-unused nothing in the policy asks for memory: service.stable.memory changes nothing',
    ])
    expect(told('stable: {memory: {base: 200Mi, growth: 1Mi/m, limit: 512Mi}}', '')).toEqual([])
    expect(told('canary: {memory: {base: 1Gi, limit: 512Mi}}', '')).toEqual([])
  })

  it('is memory that stable can’t even start with', () => {
    expect(told('stable: {memory: {base: 1Gi, limit: 512Mi}}', '')).toEqual([
      'memory-too-small containers of stable take all the memory that they may have when they start: none of them ever runs',
    ])
  })
})

describe('A person who scales', () => {
  it('gives the Rollout another size in the middle of an update', () => {
    const people = 'people: [{at: 2m, do: scale, replicas: 12}]'
    const record = flyRecorded(planOf(scenario('100/s', 'stable: {start: 10s}', people), policy('')), 1)
    expect(sizes(record)).toEqual([12, 3])
    expect(record.timeline.find(({ what }) => what === 'person')).toMatchObject({ does: 'scale --replicas=12' })
  })

  it('says how many, and nobody else does', () => {
    const told = (people: string) =>
      tryPlan(scenario('100/s', 'stable: {start: 10s}', `people: [${people}]`), policy('')).problems.map(
        ({ message }) => message,
      )
    expect(told('{at: 2m, do: scale}')).toEqual(['how many? `scale` needs `replicas`'])
    expect(told('{at: 2m, do: abort, replicas: 3}')).toEqual(['`replicas` are for `do: scale` only'])
  })

  it('takes pods away that stable would have had: what a smaller stable sheds is nobody’s doing but theirs', () => {
    const people = 'people: [{at: 20m, do: scale, replicas: 2}]'
    const service = 'stable: {start: 10s, capacity: 30/s}'
    const outcome = flyRecorded(planOf(scenario('100/s', service, people), rollout(4, 'steps: [{setWeight: 50}]')), 1)
    expect(outcome.blastRadius.requests.failed).toBeGreaterThan(1000)
    expect(outcome.blastRadius.requests.excess).toBeLessThan(300)
  })
})
