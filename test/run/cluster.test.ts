// The cluster in flights: what users lose while pods come and go, what exporters and the timeline tell of it.
import { describe, expect, test } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

const plainContainer = '{name: shop, image: "shop:1"}'

function scenario(more: string, start = '5s'): string {
  return `
teaches: What becomes of pods.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 40m
traffic: {rate: 50/s}
service: {stable: {errors: 0%, memory: 100Mi, start: ${start}}}
${more}
`
}

function fly(
  more: string,
  container = '',
  steps = 'steps: [{setWeight: 25}, {pause: {duration: 30s}}]',
  start?: string,
) {
  const policy = rollout(4, steps, false).replace(
    plainContainer,
    plainContainer.replace('}', `${container && `, ${container}`}}`),
  )
  return flyRecorded(planOf(scenario(more, start), policy), 1)
}

describe('What faults take from stable', () => {
  const endpoints = 'cluster: {nodes: 4, endpoints: {remove: 2s}}'
  // So that the release itself fails none.
  const goesOn = 'lifecycle: {preStop: {sleep: {seconds: 3}}}'
  const blame = (faults: string) => {
    const { requests, users } = fly(`${endpoints}\nfaults: [${faults}]`, goesOn).blastRadius
    return { isFailed: requests.failed > 0, excess: requests.excess, harmed: users.harmed }
  }

  test.each([
    ['pods of stable that are killed', '{on: stable, kill: container, onset: 5s}'],
    ['pods of stable that are evicted', '{on: {version: stable, pods: 50%}, kill: pod, onset: 5s}'],
    ['a node that is lost', '{on: {node: node-1}, nodeLoss: true, onset: 5s, for: 1m}'],
  ])('%s fail requests, and none of that is in excess', (_, fault) => {
    expect(blame(fault)).toEqual({ isFailed: true, excess: 0, harmed: 0 })
  })

  test('what the release itself takes away too early is in excess', () => {
    expect(blame('')).toEqual({ isFailed: false, excess: 0, harmed: 0 })
    expect(fly(endpoints).blastRadius.requests.excess).toBeGreaterThan(50)
  })
})

describe('A release of four pods, one after the other', () => {
  const slowEndpoints = 'cluster: {endpoints: {add: 1s, remove: 2s}}'
  const lost = (more: string, container = '', start = '5s') =>
    fly(more, container, 'steps: [{setWeight: 25}, {pause: {duration: 30s}}]', start).blastRadius.requests.failed

  test('loses nothing where everybody knows of every pod at once', () => {
    expect(lost('')).toBe(0)
  })

  test('loses what is sent to pods that have ended', () => {
    // A fifth of 50 requests a second for 2 s, four times: some pods go while a fifth one is there.
    expect(lost(slowEndpoints)).toBeGreaterThan(50)
    expect(lost(slowEndpoints)).toBeLessThan(120)
  })

  test('loses nothing if they go on for that long: by a hook, or of themselves', () => {
    expect(lost(slowEndpoints, 'lifecycle: {preStop: {sleep: {seconds: 3}}}')).toBe(0)
    expect(lost(slowEndpoints, 'lifecycle: {preStop: {exec: {command: [sh, -c, "sleep 3"]}}}')).toBe(0)
    expect(lost(slowEndpoints, '', '5s, shutdown: 3s')).toBe(0)
  })

  test('loses some if the hook is too short', () => {
    const all = lost(slowEndpoints)
    const some = lost(slowEndpoints, 'lifecycle: {preStop: {sleep: {seconds: 1}}}')
    expect(some).toBeGreaterThan(0.3 * all)
    expect(some).toBeLessThan(0.7 * all)
  })
})

describe('A canary that cannot be had', () => {
  const steps = 'maxUnavailable: 0, maxSurge: 1, steps: [{setWeight: 25}, {pause: {duration: 30s}}]'
  const verdict = (more: string) => {
    const { times } = fly(more, '', steps)
    return times.promotedMs
  }

  test.each([
    'cluster: {nodes: [{name: one, pods: 4}]}',
    'cluster: {quota: {pods: 4}}',
    'faults: [{quotaExhausted: true}]',
    'faults: [{on: canary, imagePullFails: true}]',
  ])('is never promoted: %s', (more) => {
    expect(verdict(more)).toBeNull()
  })

  test('is promoted once it can', () => {
    expect(verdict('cluster: {nodes: [{name: one, pods: 5}]}')).not.toBeNull()
    expect(verdict('faults: [{quotaExhausted: true, for: 1m}]')).not.toBeNull()
    expect(verdict('faults: [{on: canary, imagePullFails: true, for: 1m}]')).not.toBeNull()
  })
})

describe('The timeline tells', () => {
  const told = (more: string, container = '') =>
    fly(more, container).timeline.flatMap((entry) => (entry.what === 'cluster' ? [entry.reason] : []))

  test('nothing of a cluster that nobody speaks of', () => {
    expect(told('')).toEqual([])
  })

  test.each([
    ['cluster: {nodes: 2, pull: 3s}', ['Scheduled', 'Pulling', 'Pulled', 'Killing']],
    ['cluster: {nodes: [{name: one, pods: 4}]}', ['FailedScheduling']],
    ['faults: [{on: canary, imagePullFails: true}]', ['Failed', 'BackOff']],
    ['cluster: {quota: {pods: 4}}', ['FailedCreate']],
    [
      'cluster: {nodes: 3}\nfaults: [{on: {node: node-1}, nodeLoss: true, for: 10m}]',
      ['NodeNotReady', 'TaintManagerEviction', 'NodeReady'],
    ],
    ['cluster: {}\nfaults: [{on: canary, crashLoop: true}]', ['BackOff']],
  ])('%s', (more, reasons) => {
    expect(new Set(told(more))).toEqual(new Set([...told(more), ...reasons]))
    for (const reason of reasons) expect(told(more)).toContain(reason)
  })

  test('probes that fail', () => {
    const probes = 'livenessProbe: {httpGet: {port: 80}, periodSeconds: 1, failureThreshold: 2}'
    expect(told('', probes)).toEqual(expect.arrayContaining(['Unhealthy', 'Killing']))
  })
})

describe('Exporters tell', () => {
  function asking(queries: readonly string[], more: string) {
    const asked = queries.map((query) => query.replaceAll('HASH', '{{args.canary-hash}}'))
    const plan = planOf(
      scenario(`${more}\nobservability: {scrape: {interval: 5s}}`),
      routedRollout('istio') + templateOf('asked', asked),
    )
    const simulation = new Simulation(plan)
    const flying = simulation.takeOff(1)
    return (query: string, seconds: number) => {
      const atMs = 120_000 + seconds * 1000
      if (flying.loop.now < atMs) flying.advance(atMs)
      const answer = simulation.observatory.answer(query.replaceAll('HASH', plan.stacks[1]!.hash), flying.loop.now)
      return answer.kind === 'data' && answer.result.resultType === 'vector' ? answer.result.values : answer
    }
  }

  test('memory that grows until the container is killed', () => {
    const memory = 'max(container_memory_working_set_bytes{container="shop",pod=~"shop-HASH-.*"}) / 1048576'
    const reason = 'count(kube_pod_container_status_last_terminated_reason{reason="OOMKilled",pod=~"shop-HASH-.*"})'
    const at = asking([memory, reason], 'faults: [{on: canary, leak: {growth: 60Mi/m, limit: 200Mi}}]')
    // They start 5 s after the release, and leak a mebibyte a second.
    expect((at(memory, 55) as number[])[0]).toBeCloseTo(150, 0)
    expect(at(reason, 100)).toEqual([])
    expect(at(reason, 110)).toEqual([2])
    expect((at(memory, 120) as number[])[0]).toBeCloseTo(110, 0)
  })

  test('images that cannot be pulled', () => {
    const reasons = 'sum by (reason) (kube_pod_container_status_waiting_reason{pod=~"shop-HASH-.*"})'
    const pending = 'sum(kube_pod_status_phase{phase="Pending",pod=~"shop-HASH-.*"})'
    const backOff = reasons.replace('{', '{reason="ImagePullBackOff",')
    const at = asking([backOff, pending], 'faults: [{on: canary, imagePullFails: true}]')
    expect(at(backOff, 60)).toEqual([2])
    expect(at(pending, 60)).toEqual([2])
  })

  test('pods that no node has room for, and no containers of theirs', () => {
    const unschedulable = 'sum(kube_pod_status_unschedulable{pod=~"shop-HASH-.*"})'
    const waiting = 'count(kube_pod_container_status_waiting{pod=~"shop-HASH-.*"})'
    const nodes = 'count by (node) (kube_pod_info{node="one"})'
    const at = asking([unschedulable, waiting, nodes], 'cluster: {nodes: [{name: one, pods: 5}]}')
    expect(at(unschedulable, 60)).toEqual([1])
    expect(at(waiting, 60)).toEqual([1])
    expect(at(nodes, 60)).toEqual([5])
  })
})

test('A crash loop may strike one pod only, wherever the release is', () => {
  const restarts = fly(
    'faults: [{on: {version: stable, pods: 1}, crashLoop: true, for: 5m}]',
    '',
    'steps: [{pause: {}}]',
  )
  const struck = restarts.timeline.flatMap((entry) => (entry.what === 'restart' ? [entry.pod] : []))
  expect(new Set(struck).size).toBe(1)
  expect(struck.length).toBeGreaterThan(3)
})

test('A flight in such a cluster is the same whenever it is flown with one seed, and another with another', () => {
  const more =
    'cluster: {nodes: 3, schedule: {p50: 1s}, pull: {p50: 5s}, endpoints: {add: {p50: 1s}, remove: {p50: 2s}}}'
  const simulation = new Simulation(planOf(scenario(more), rollout(4, 'steps: [{setWeight: 25}]', false)))
  const first = simulation.fly(1)
  const other = simulation.fly(2)
  expect(simulation.fly(1)).toEqual(first)
  expect(other).not.toEqual(first)
})
