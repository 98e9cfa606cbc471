// The faults of scenarios/faults: each keeps to its budgets under 40 seeds, and teaches what it says.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.js'
import { flyRecorded } from '../../src/run/fly.js'
import { type Plan, prepare } from '../../src/run/plan.js'
import type { RunRecord } from '../../src/run/record.js'
import { Simulation } from '../../src/run/simulation.js'
import type { TimelineEntry } from '../../src/run/timeline.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { judge } from '../../src/study/judgement.js'
import { Tally } from '../../src/study/tally.js'

const folder = join(import.meta.dirname, '..', '..', 'scenarios', 'faults')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))

const seeds = Array.from({ length: 40 }, (_, index) => index + 1)

describe.each(names)('%s', (name) => {
  const plan = load(name)

  it('teaches something in a sentence, and is in the table with it', () => {
    const { teaches } = plan.scenario
    expect(teaches).toMatch(/^[A-Z].*\.$/)
    const table = readFileSync(join(folder, 'README.md'), 'utf8')
    expect(table).toContain(`[${name}](${name}.yaml) | ${teaches} |`)
  })

  it('keeps to its budgets under 40 seeds', () => {
    const simulation = new Simulation(plan)
    const { budgets } = plan.scenario
    const tally = new Tally()
    for (const seed of seeds) tally.add(seed, simulation.fly(seed))
    const broken = judge(budgets, tally).filter(({ isMet }) => !isMet)
    expect(broken.map(({ budget, measured }) => `${budget.text}: ${measured}`)).toEqual([])
    expect(budgets.length).toBeGreaterThan(0)
  })
})

describe('What they teach', () => {
  it('errors of clients are errors to who counts good answers, and so are 502 to who counts 5xx', () => {
    expect(fly('errors-by-status', analysis('good-answers')).verdict).toBe('aborted')
    expect(fly('errors-by-status', (text) => text.replace('status: 404', 'status: 502')).verdict).toBe('aborted')
  })

  it('slowness is in no success rate', () => {
    expect(fly('latency-added', analysis('success-rate')).missed).toBe(true)
  })

  it('a mean hides what the slowest hundredth shows', () => {
    expect(fly('latency-multiplied', analysis('slowest-answers')).verdict).toBe('aborted')
  })

  it('the timeout of clients is on top of the detection time of a hang', () => {
    const [short, long] = ['5s', '2m'].map((timeout) => fly('hang', (text) => text.replace('2m}', `${timeout}}`)))
    expect(long!.detectionMs! - short!.detectionMs!).toBeGreaterThanOrEqual(90_000)
    expect(long!.blastRadius.users.harmed).toBeGreaterThan(1.5 * short!.blastRadius.users.harmed)
  })

  it('a canary without pods gets no requests, and without a number is waited for', () => {
    const record = fly('crash-loop')
    const weights = record.timeline.flatMap((entry) => (entry.what === 'traffic' ? [entry.actualWeightPercent] : []))
    expect(weights).toEqual([10, 25, 0])
    expect(failed(record)).toEqual(['[NaN]', '[NaN]'])
    expect(fly('crash-loop', analysis('forgiving-success-rate')).verdict).toBe('stuck')
  })

  it('a leak is found by who looks at memory, before it is felt', () => {
    const record = fly('oom-after-slow-leak')
    expect(record.times.firstExposedMs! - record.times.promotedMs!).toBeGreaterThan(5 * 60_000)
    const killed = record.timeline.flatMap((entry) => (entry.what === 'restart' ? [entry.atMs] : []))
    expect(killed.slice(4, 8)).toEqual(Array(4).fill(killed[4]))
    const looked = fly('oom-after-slow-leak', analysis('memory-growth'))
    expect([looked.verdict, looked.blastRadius.users.harmed]).toEqual(['aborted', 0])
  })

  it('a deadline that aborts ends what would wait for ever', () => {
    expect(fly('never-ready', (text) => text.replace('[shop,', '[shop-with-deadline,')).verdict).toBe('aborted')
    expect(fly('image-pull', (text) => text.replace('[shop-with-deadline,', '[shop,')).verdict).toBe('stuck')
  })

  it('what comes and goes is caught by looks each half minute', () => {
    expect(fly('flapping', analysis('success-rate')).verdict).toBe('aborted')
  })

  it.each([
    ['dependency-slow', 'no-slower-than-stable'],
    ['dependency-down', 'no-worse-than-stable'],
    ['second-release', 'no-worse-than-stable'],
    ['chaos-network', 'no-slower-than-stable'],
    ['chaos-http', 'no-worse-than-stable'],
  ])('%s: what strikes both versions is none of a comparison’s business', (name, comparison) => {
    expect([fly(name).falseAbort, fly(name, analysis(comparison)).verdict]).toEqual([true, 'promoted'])
  })

  it('a rollback mends nothing of what both versions have', () => {
    const { blastRadius, times } = fly('dependency-down')
    const untilAborted = fly('dependency-down', (text) => text.replace('15m', `${times.decidedMs! / 1000}s`))
    expect(blastRadius.requests.failed).toBeGreaterThan(5 * untilAborted.blastRadius.requests.failed)
  })

  it('what a canary has spoilt hurts ten times as many after the rollback as before it', () => {
    const whole = fly('poisoned-state')
    const untilSafe = fly('poisoned-state', (text) => text.replace('30m', `${whole.times.safeMs! / 1000}s`))
    expect(whole.blastRadius.users.harmed).toBeGreaterThan(10 * untilSafe.blastRadius.users.harmed)
  })

  it('after a migration the rollback hurts more than the release that nobody stops', () => {
    const [rolledBack, goneOn] = [fly('version-skew'), fly('version-skew', analysis('success-rate'))]
    expect([rolledBack.verdict, goneOn.verdict]).toEqual(['aborted', 'promoted'])
    expect(rolledBack.blastRadius.users.harmed).toBeGreaterThan(1.5 * goneOn.blastRadius.users.harmed)
    expect(failed(fly('version-skew-while-mixed'))).toEqual([])
    expect(fly('version-skew-while-mixed', analysis('whole-service')).verdict).toBe('aborted')
  })

  it('in the rush hour the same release is stopped', () => {
    const rush = fly('load-dependent', (text) => text.replaceAll('100/s', '300/s'))
    expect(rush.verdict).toBe('aborted')
  })

  it('an alert sees what comes hours later, and the way back takes as long as that to it', () => {
    const { times, timeToSafeMs, detectionMs } = fly('hours-after-promotion')
    expect(times.onsetMs! - times.promotedMs!).toBe(3 * 3_600_000)
    expect(timeToSafeMs).toBeGreaterThan(1.8 * detectionMs!)
  })

  it.each([['metrics-lost'], ['metrics-delayed'], ['metrics-mislabelled'], ['metrics-stuck']])(
    '%s: what isn’t there is no good news to who doesn’t take it for that',
    (name) => {
      expect(failed(fly(name))).toEqual([])
      expect(fly(name, analysis('success-rate')).verdict).toBe('aborted')
    },
  )

  it('late metrics are there for who asks for the past, and mislabelled ones for who asks for all', () => {
    const offset = (text: string) => text.replaceAll('[1m]', '[1m] offset 3m')
    expect(failed(fly('metrics-delayed', offset)).length).toBeGreaterThan(0)
    expect(fly('metrics-mislabelled', analysis('whole-service')).verdict).toBe('aborted')
  })

  it('a release outlives a Prometheus that is away, if more errors in a row are allowed', () => {
    expect(failed(fly('prometheus-down'))).toHaveLength(5)
    const patient = (text: string) =>
      text.replace('failureLimit: 1', 'failureLimit: 1\n      consecutiveErrorLimit: 10')
    expect(fly('prometheus-down', patient).verdict).toBe('promoted')
  })

  it('a controller that comes back first goes on, and only then looks', () => {
    const { timeline, blastRadius } = fly('controller-down')
    const back = timeline.findIndex(({ atMs }) => atMs >= 13 * 60_000)
    const next = timeline
      .slice(back)
      .flatMap((entry) =>
        entry.what === 'measurement'
          ? [entry.phase]
          : entry.what === 'event' && /step 5/.test(entry.message)
            ? ['step']
            : [],
      )
    expect(next.slice(0, 3)).toEqual(['step', 'Failed', 'Failed'])
    expect(blastRadius.peakWeightPercent).toBe(50)
  })

  it('without an API server the controller is away for longer than that', () => {
    const measured = fly('api-server-down').timeline.filter(({ what }) => what === 'measurement')
    const gaps = measured.slice(1).map(({ atMs }, index) => atMs - measured[index]!.atMs)
    expect(Math.max(...gaps)).toBeGreaterThan(9 * 60_000)
  })

  it('whatever is late makes the abort late', () => {
    const inTime = (text: string) => text.replace(/^ {2}- \{(controller|apiServer).*$/m, '')
    const [slow, fast] = [fly('controller-slow'), fly('controller-slow', inTime)]
    expect(slow.timeToSafeMs).toBeGreaterThan(2 * fast.timeToSafeMs!)
    expect(fly('api-server-slow').timeToSafeMs! - fast.timeToSafeMs!).toBeGreaterThanOrEqual(30_000)
  })

  it('a pod that fails is seen by who looks at each', () => {
    expect(failed(fly('one-pod'))).toEqual([])
    expect(fly('one-pod', analysis('worst-pod')).verdict).toBe('aborted')
  })

  it('the pod of a small canary is in one place, and stable in all', () => {
    const onFirst = (entry: TimelineEntry) =>
      entry.what === 'cluster' && /^Successfully assigned .*-p1 to n3$/.test(entry.message)
    expect(fly('one-zone').timeline.some(onFirst)).toBe(true)
    expect(fly('one-zone', (text) => text.replace('zone: c}, onset', 'zone: a}, onset')).verdict).toBe('promoted')
    expect(fly('noisy-neighbour', analysis('no-slower-than-stable')).verdict).toBe('promoted')
  })

  it('pods that are ready when they are warm hurt nobody', () => {
    const warm = fly('cold-caches', (text) =>
      text.replace(/start: 8s, cold: .*?\}/, 'start: 2m8s').replace('15m', '30m'),
    )
    expect([warm.verdict, warm.blastRadius.users.harmed]).toEqual(['promoted', 0])
  })

  it('as many pods as the weight asks for serve it', () => {
    const matched = fly('one-canary-pod', (text) => text.replace('[shop-one-canary-pod,', '[shop,'))
    expect([matched.verdict, matched.blastRadius.users.harmed]).toEqual(['promoted', 0])
  })

  it('a queue makes answers slow before it is full', () => {
    const { blastRadius } = fly('one-canary-pod', analysis('mean-latency'))
    expect(blastRadius.peakWeightPercent).toBe(25)
    expect(blastRadius.users.harmed).toBeLessThan(50)
  })

  it('pods that are killed hurt those whose requests are still sent to them', () => {
    const heard = fly('chaos-pod-kill', (text) => text.replace('500ms', '0s'))
    expect(heard.blastRadius.users.harmed).toBe(0)
  })

  it('in a rush the canary is full while stable is not', () => {
    const { timeline, blastRadius } = fly('traffic-spike')
    expect(blastRadius.requests.excess).toBe(0)
    const first = timeline.find((entry) => entry.what === 'measurement' && entry.phase === 'Failed')
    expect(first!.atMs).toBeGreaterThan(7.5 * 60_000)
    expect(fly('traffic-spike', analysis('no-worse-than-stable')).falseAbort).toBe(true)
    const goneOn = fly('traffic-spike', analysis('mean-latency'))
    expect(goneOn.verdict).toBe('promoted')
    expect(blastRadius.requests.failed).toBeGreaterThan(1.5 * goneOn.blastRadius.requests.failed)
  })

  it('connections that are kept stay with the old pods, unless they end', () => {
    const aMinuteLong = (text: string) => text.replace('count: 100', 'count: 100, lifetime: 1m')
    const [kept, ended, never] = [
      fly('kept-connections'),
      fly('kept-connections', aMinuteLong),
      fly('kept-connections', withoutClients),
    ]
    expect(kept.detectionMs).toBeGreaterThan(2 * never.detectionMs!)
    expect(ended.detectionMs).toBeLessThan(0.6 * kept.detectionMs!)
    const onFirst = fly('kept-connections', analysis('canary-pods'))
    expect(onFirst.detectionMs).toBe(never.detectionMs)
    expect(onFirst.blastRadius.requests.exposed).toBeLessThan(0.4 * never.blastRadius.requests.exposed)
  })

  it('retries keep errors from users, and not from a gate', () => {
    const [again, once] = [fly('retries'), fly('retries', withoutClients)]
    expect(again.blastRadius.users.harmed).toBeLessThan(once.blastRadius.users.harmed / 20)
    expect(again.detectionMs).toBe(once.detectionMs)
    for (const rate of [...failedRates(again), ...failedRates(once)]) expect(rate).toBeCloseTo(0.8, 1)
  })

  it('retries help nobody where pods are full, and a budget limits what they cost', () => {
    const inBudget = (text: string) => text.replace('100ms', '100ms, budget: 20%')
    const [again, once] = [fly('retries-when-full'), fly('retries-when-full', withoutClients)]
    expect(again.blastRadius.users.harmed / once.blastRadius.users.harmed).toBeGreaterThan(0.8)
    for (const rate of failedRates(again)) expect(rate).toBeCloseTo(0.25, 1)
    for (const rate of failedRates(once)) expect(rate).toBeGreaterThan(0.6)
    expect(attemptsOfCanary('retries-when-full')).toBeCloseTo(2.7, 0)
    expect(attemptsOfCanary('retries-when-full', inBudget)).toBeCloseTo(1.3, 1)
  })

  it('a quota that is lifted is heard of late', () => {
    const { timeline } = fly('quota-exhausted')
    const lifted = timeline.find((entry) => entry.what === 'fault' && !entry.begins)!.atMs
    const scaled = timeline.find((entry) => entry.atMs > lifted && entry.what === 'replica-set')!.atMs
    expect(scaled - lifted).toBeGreaterThan(2 * 60_000)
  })

  it('a node that is lost costs requests for a minute and the release five', () => {
    const lost = fly('node-loss')
    const minute = fly('node-loss', (text) => text.replace('nodeLoss: true', 'nodeLoss: true, for: 1m'))
    expect(lost.blastRadius.requests.excess).toBeCloseTo(minute.blastRadius.requests.excess, -3)
    const calm = fly('node-loss', (text) => text.replace(/faults:\n.*\n/, ''))
    expect(lost.times.promotedMs! - calm.times.promotedMs!).toBeGreaterThan(5 * 60_000)
  })

  it('of those who pay nearly each is hurt', () => {
    expect(fly('one-segment').blastRadius.users.harmed).toBeGreaterThan(360)
    expect(failed(fly('one-route'))).toEqual([])
  })

  it('what takes the CPU of both is too slow for a limit', () => {
    expect(fly('chaos-stress', analysis('slowest-answers')).falseAbort).toBe(true)
  })
})

function fly(name: string, changed?: (text: string) => string): RunRecord {
  return flyRecorded(load(name, changed), 1)
}

/** Watched by another of the analyses. */
function analysis(name: string): (text: string) => string {
  return (text) => text.replace(/analyses\/[\w-]+\.yaml/, `analyses/${name}.yaml`)
}

/** What was measured when it was no success. */
function failed({ timeline }: RunRecord): readonly (string | undefined)[] {
  return timeline.flatMap((entry) =>
    entry.what === 'measurement' && entry.phase !== 'Successful' ? [entry.value ?? entry.message] : [],
  )
}

/** Of measurements of one number. */
function failedRates(record: RunRecord): readonly number[] {
  return failed(record).map((value) => Number(value!.slice(1, -1)))
}

function withoutClients(text: string): string {
  return text.replace(/^clients:.*\n/m, '')
}

/** How often a request that the canary had in the end was sent, on average. */
function attemptsOfCanary(name: string, changed?: (text: string) => string): number {
  const simulation = new Simulation(load(name, changed))
  const attempts: number[] = []
  const write = (line: string) => {
    const request = JSON.parse(line) as { readonly version: string; readonly attempts: number }
    if (request.version === 'canary') attempts.push(request.attempts)
  }
  const flying = simulation.takeOff(1, undefined, { every: 1, write })
  flying.advance(simulation.plan.scenario.durationMs)
  flying.land()
  return attempts.reduce((sum, each) => sum + each, 0) / attempts.length
}

function load(name: string, changed = (text: string) => text): Plan {
  const problems = new Problems()
  const read: Files['read'] = (path, limit) => {
    const content = nodeFiles.read(path, limit)
    return 'text' in content ? { text: changed(content.text) } : content
  }
  const file = readScenario(join(folder, `${name}.yaml`), { read }, problems)
  const manifests = readManifests(file?.policy ?? [], { ...nodeFiles, read }, problems)
  const plan = prepare(name, file, manifests, problems)
  expect(problems.sorted().map(({ message }) => message)).toEqual([])
  return plan!
}
