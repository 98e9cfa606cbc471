// The shipped scenarios: each flies, comes out as its budgets say, and shows what it teaches.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.js'
import { nodeLogs } from '../../src/cli/node-logs.js'
import { Pass } from '../../src/policy/argo/pass.js'
import { flyRecorded } from '../../src/run/fly.js'
import { type Plan, prepare } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { withLog } from '../../src/scenario/access-log/replay.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'

const folder = join(import.meta.dirname, '..', '..', 'scenarios')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))

/** Where the warning is what the scenario is about. */
const warnings: Readonly<Record<string, readonly string[]>> = { 'workload-ref': ['workload-serves'] }

describe.each(names)('%s', async (name) => {
  const plan = await load(name)

  it('is read without a warning and teaches something in a sentence', () => {
    expect(plan.scenario.teaches).toMatch(/^[A-Z].*\.$/)
  })

  it('comes out as its budget on the verdict says, for every one of 50 seeds', () => {
    const expected = plan.scenario.budgets.find(({ metric }) => metric === 'verdict')
    const simulation = new Simulation(plan)
    const verdicts = new Set(Array.from({ length: 50 }, (_, seed) => simulation.fly(seed).verdict))
    expect([...verdicts]).toEqual([expected?.value])
  })

  it('is the same flight to the last number whether anybody watches or not, under 20 seeds', () => {
    const simulation = new Simulation(plan)
    for (let seed = 0; seed < 20; seed++) {
      const {
        schema: _schema,
        scenario: _scenario,
        seed: _seed,
        fidelity: _fidelity,
        timeline: _timeline,
        ...watched
      } = flyRecorded(plan, seed)
      expect(simulation.fly(seed)).toEqual(watched)
    }
  })

  it('makes messages for those who watch, and for nobody else', () => {
    const words = vi.spyOn(Pass.prototype, 'words')
    new Simulation(plan).fly(1)
    expect(new Set(words.mock.results.map(({ value }) => value as string))).toEqual(new Set(['']))
    words.mockClear()
    flyRecorded(plan, 1)
    expect(words.mock.results.every(({ value }) => value !== '')).toBe(true)
    words.mockRestore()
  })
})

describe('What they teach', () => {
  it('a good release hurts nobody', async () => {
    const { blastRadius, times } = flyRecorded(await load('good-release'), 1)
    expect([times.onsetMs, blastRadius.users.harmed, blastRadius.requests.excess]).toEqual([null, 0, 0])
  })

  it('a window longer than the pauses misses what the same steps with a short one would catch', async () => {
    const long = flyRecorded(await load('window-longer-than-pause'), 1)
    const short = flyRecorded(await load('caught-by-background-analysis'), 1)
    expect(long.blastRadius.users.harmed).toBeGreaterThan(50 * short.blastRadius.users.harmed)
  })

  it('metrics that come late let through what the same metrics in time would stop', async () => {
    const { missed, times } = flyRecorded(await load('late-metrics'), 1)
    expect(missed).toBe(true)
    expect(times.firstObservableMs! - times.firstExposedMs!).toBeGreaterThan(240_000)
    const inTime = flyRecorded(await load('late-metrics', (text) => text.replace(', delay: 4m, resolution: 1m', '')), 1)
    expect(inTime.verdict).toBe('aborted')
  })

  it('a Deployment that keeps its pods rolls them past the steps, and an abort doesn’t take them back', async () => {
    const { timeline, blastRadius, times } = flyRecorded(await load('workload-ref'), 1)
    const last = timeline.findLast((entry) => entry.what === 'traffic')
    expect(last).toMatchObject({ setWeightPercent: 0, actualWeightPercent: 50 })
    expect(blastRadius.peakWeightPercent).toBeGreaterThan(50)
    expect(times.safeMs).toBe(null)
  })

  it('a version that takes twice the CPU gets twice the pods, and hurts nobody', async () => {
    const { timeline, blastRadius } = flyRecorded(await load('autoscaled'), 1)
    const sizes = timeline.flatMap((entry) =>
      entry.what === 'event' && entry.reason === 'SuccessfulRescale' ? [/\d+/.exec(entry.message)?.[0]] : [],
    )
    // 200 requests a second at 10 ms are 8 pods of 250 ms a second, and at 20 ms 16.
    expect(sizes).toEqual(['10', '12', '16'])
    expect(blastRadius.requests.excess).toBe(0)
  })

  it('pods whose metrics don’t answer are missing from a rate over all of them, and a look at `up` tells', async () => {
    const { verdict, missed, timeline } = flyRecorded(await load('silent-canary'), 1)
    expect([verdict, missed]).toEqual(['promoted', true])
    const rates = timeline.flatMap((entry) => (entry.what === 'measurement' ? [Number(entry.value?.slice(1, -1))] : []))
    // Of the old version alone, although up to half of the requests go to the new one.
    expect(rates.length).toBeGreaterThan(10)
    expect(Math.max(...rates)).toBeLessThan(0.003)
    expect(
      flyRecorded(await load('silent-canary', (text) => text.replace(', down: [{of: canary}]', '')), 1).verdict,
    ).toBe('aborted')
    const query = /query: \|[\s\S]*/
    const looksUp = (text: string) => text.replace(query, 'query: count(up{service="shop"} == 0) or vector(0)')
    const told = flyRecorded(await load('silent-canary', looksUp), 1)
    expect([told.verdict, told.missed]).toEqual(['aborted', false])
    const first = told.timeline.find((entry) => entry.what === 'measurement')
    expect(first).toMatchObject({ phase: 'Failed', value: '[2]' })
  })

  it('a pager finds a bug after everyone has got it, and undo goes back by the steps of the policy', async () => {
    const { timeline, times, missed } = flyRecorded(await load('burn-rate'), 1)
    const firing = timeline.find((entry) => entry.what === 'alert' && entry.change === 'firing')
    expect(firing).toMatchObject({ alert: 'ErrorBudgetBurn', labels: { window: '1h', severity: 'page' } })
    expect(firing!.atMs).toBeGreaterThan(times.promotedMs!)
    expect(times.decidedMs! - firing!.atMs).toBe(5 * 60_000)
    expect(times.safeMs! - times.decidedMs!).toBeGreaterThan(30 * 60_000)
    expect(missed).toBe(false)
  })

  it('the same failed requests hurt ever more users the less a router keeps them apart', async () => {
    const harmOf = async (sticky: string) =>
      flyRecorded(
        await load('same-failures-different-users', (text) => text.replace('sticky: resalted', `sticky: ${sticky}`)),
        1,
      ).blastRadius
    const [hash, resalted, request] = await Promise.all(['hash', 'resalted', 'false'].map(harmOf))
    expect(resalted!.requests).toEqual(hash!.requests)
    expect(request!.requests).toEqual(hash!.requests)
    expect(resalted!.users.harmed).toBeGreaterThan(1.6 * hash!.users.harmed)
    expect(request!.users.harmed).toBeGreaterThan(2.7 * hash!.users.harmed)
  })

  it('of three replicas without a router one is a quarter of the traffic, whatever the weight says', async () => {
    const { timeline, blastRadius } = flyRecorded(await load('three-replicas'), 1)
    const [first] = timeline.filter((entry) => entry.what === 'traffic')
    expect(first).toMatchObject({ setWeightPercent: 5, actualWeightPercent: 25 })
    expect(blastRadius.peakWeightPercent).toBe(25)
  })

  it('a log replayed has a rush that its mean knows nothing of', async () => {
    const { verdict, falseAbort, blastRadius } = flyRecorded(await load('replayed-log'), 1)
    expect([verdict, falseAbort]).toEqual(['aborted', true])
    // 5,325 lines, each twenty times.
    expect(blastRadius.requests.total).toBe(106_500)
    const mean = (text: string) => text.replace(/replay: .*/, `rate: ${106_500 / 25}/m`)
    const even = flyRecorded(await load('replayed-log', mean), 1)
    expect([even.verdict, even.blastRadius.requests.excess]).toEqual(['promoted', 0])
  })
})

async function load(name: string, changed = (text: string) => text): Promise<Plan> {
  const problems = new Problems()
  const path = join(folder, `${name}.yaml`)
  const read: Files['read'] = (each, limit) => {
    const content = nodeFiles.read(each, limit)
    return 'text' in content ? { text: changed(content.text) } : content
  }
  const written = readScenario(path, { read }, problems)
  const file = written && (await withLog(written, nodeLogs, problems))
  const manifests = readManifests(file?.policy ?? [], { ...nodeFiles, read }, problems)
  const plan = prepare(name, file, manifests, problems)
  expect(problems.sorted().map(({ code }) => code)).toEqual(warnings[name] ?? [])
  return plan!
}
