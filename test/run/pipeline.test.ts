// What can go wrong on the way from exporters to those who ask: metrics that are lost, stuck, mislabelled or delayed.
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/metrics/promql/query.js'
import type { PipelineTrouble } from '../../src/run/pipeline.js'
import type { Plan } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'
import { askingPolicy, minuteMs, releaseMs, scrapedScenario, watched } from './scraped-canary.js'
import { samplesOf, valuesByPod } from './series.js'

const scenario = (dialect: string, scrape = '') =>
  scrapedScenario(dialect, scrape, 'faults: [{on: canary, errors: 20%}]\n')

/** A flight in which something is wrong from the fourth minute after the release to the sixth. */
function flight(trouble: PipelineTrouble, { dialect = 'app', queries = watched, scrape = '' } = {}) {
  const sound = planOf(scenario(dialect, scrape), askingPolicy(...queries))
  const spell = { trouble, fromMs: releaseMs + 4 * minuteMs, untilMs: releaseMs + 6 * minuteMs }
  const plan: Plan = { ...sound, observation: { ...sound.observation, spells: [spell] } }
  const flying = new Simulation(plan).takeOff(1)
  const podOf = (image: string) =>
    flying.cluster.replicaSets.find(({ template: { image: own } }) => own === image)!.pods[0]!.name
  const until = (sinceReleaseMs: number) => flying.advance(releaseMs + sinceReleaseMs)
  return { plan, until, podOf }
}

const seconds = (samples: readonly (readonly [number, number])[]) => samples.map(([atS]) => atS)
const numbers = (samples: readonly (readonly [number, number])[]) => samples.map(([, value]) => value)

function sumAt(plan: Plan, query: string, sinceReleaseMs: number): number {
  const { startsAtMs, exposure } = plan.observation
  const value = compile(`sum(${query})`).at(exposure.store, startsAtMs + releaseMs + sinceReleaseMs)
  return value.kind === 'vector' ? (value.samples[0]?.value ?? Number.NaN) : Number.NaN
}

describe('Metrics of a version that are lost', () => {
  it('are not there: its targets don’t answer', () => {
    const { plan, until, podOf } = flight({ what: 'lost', of: 'canary' })
    until(7 * minuteMs)
    const pod = podOf('shop:2')
    expect(valuesByPod(plan, 'http_requests_total{code="200"}', 4 * minuteMs)).not.toHaveProperty(pod)
    expect(valuesByPod(plan, 'up', 5 * minuteMs)[pod]).toBe(0)
    expect(seconds(samplesOf(plan, `http_requests_total{pod="${pod}",code="200"}`, 170_000, 7 * minuteMs))).toEqual([
      ...[225, 360, 375, 390, 405, 420].filter((atS) => atS > 250 - 1 || atS === 225).slice(1),
    ])
  })

  it('are left out by a gateway, which goes on to tell of the other one and counts what nobody sees', () => {
    const queries = ['up', 'istio_requests_total{reporter="source"}']
    const { plan, until } = flight({ what: 'lost', of: 'canary' }, { dialect: 'istio', queries })
    until(7 * minuteMs)
    const told = (code: string, atMs: number) => sumAt(plan, `istio_requests_total{response_code="${code}"}`, atMs)
    const before = told('500', 4 * minuteMs - 1)
    const during = told('500', 5 * minuteMs)
    // One in five of a quarter of 200 requests a second for four minutes, and one in a hundred of all others.
    expect(before).toBeGreaterThan(2200)
    expect(during).toBeLessThan(before - 1500)
    expect(told('500', 6 * minuteMs)).toBeGreaterThan(before + 1000)
    expect(valuesByPod(plan, 'up', 5 * minuteMs)['istio-ingressgateway-0']).toBe(1)
  })
})

describe('Metrics that are stuck', () => {
  it('are told again and again as they were last, from targets that are up', () => {
    const { plan, until, podOf } = flight({ what: 'stuck', of: 'canary' })
    until(7 * minuteMs)
    const pod = podOf('shop:2')
    const counts = samplesOf(plan, `http_requests_total{pod="${pod}",code="200"}`, 211_000, 7 * minuteMs)
    expect(seconds(counts)[0]).toBe(210)
    expect(seconds(counts)).toHaveLength(15)
    const values = numbers(counts)
    // Scraped at 225 s, and the same from 240 s to 345 s.
    expect(new Set(values.slice(1, 10)).size).toBe(1)
    expect(values[1]).toBeGreaterThan(values[0]!)
    // Two minutes of a quarter of 200 requests a second come at once.
    expect(values[10]! - values[9]!).toBeGreaterThan(0.75 * 50 * 135)
    expect(valuesByPod(plan, 'up', 5 * minuteMs)[pod]).toBe(1)
    const others = valuesByPod(plan, 'rate(http_requests_total{code="200"}[1m])', 6 * minuteMs - 1)
    expect(others[pod]).toBe(0)
    expect(others[podOf('shop:1')]).toBeGreaterThan(40)
  })

  it('stand still at a gateway for one version, or for both', () => {
    const queries = ['up', 'istio_requests_total{reporter="source"}']
    const rate = (of: 'canary' | 'gateway') => {
      const { plan, until } = flight({ what: 'stuck', of }, { dialect: 'istio', queries })
      until(6 * minuteMs)
      return sumAt(plan, 'rate(istio_requests_total[1m])', 6 * minuteMs - 1)
    }
    expect(rate('canary')).toBeGreaterThan(140)
    expect(rate('canary')).toBeLessThan(160)
    expect(rate('gateway')).toBe(0)
  })
})

describe('Metrics that are mislabelled', () => {
  it('of a pod are those of a target with the labels of the other version; the one that there was is gone', () => {
    const { plan, until, podOf } = flight({ what: 'mislabelled', of: 'canary' })
    until(7 * minuteMs)
    const pod = podOf('shop:2')
    const hashes = (atMs: number) => {
      const { startsAtMs, exposure } = plan.observation
      const value = compile(`up{pod="${pod}"}`).at(exposure.store, startsAtMs + releaseMs + atMs)
      const samples = value.kind === 'vector' ? value.samples : []
      return samples.map(({ labels }) => labels.get('rollouts_pod_template_hash'))
    }
    const canary = plan.release.hash
    const stable = plan.policy.rollout.template.hash
    expect(hashes(4 * minuteMs - 1)).toEqual([canary])
    // Two intervals and a tenth later the old one gets its marker.
    expect(hashes(5 * minuteMs)).toEqual([stable])
    expect(hashes(7 * minuteMs)).toEqual([canary])
    // It counts on under its new labels.
    expect(valuesByPod(plan, 'http_requests_total{code="200"}', 5 * minuteMs)[pod]).toBeGreaterThan(0.7 * 50 * 250)
  })

  it('count for the other version at a gateway, from the onset to the end', () => {
    const queries = ['up', 'istio_requests_total{reporter="source"}']
    const { plan, until } = flight({ what: 'mislabelled', of: 'canary' }, { dialect: 'istio', queries })
    until(8 * minuteMs)
    const rates = (atMs: number) => {
      const { startsAtMs, exposure } = plan.observation
      const text = 'sum by (destination_version) (rate(istio_requests_total[1m]))'
      const value = compile(text).at(exposure.store, startsAtMs + releaseMs + atMs)
      return value.kind === 'vector' ? value.samples.map((sample) => Math.round(sample.value / 10)) : []
    }
    const total = (atMs: number) => sumAt(plan, 'rate(istio_requests_total[1m])', atMs)
    expect(total(6 * minuteMs - 1)).toBeGreaterThan(185)
    expect(total(6 * minuteMs - 1)).toBeLessThan(215)
    expect(rates(6 * minuteMs - 1).length).toBeGreaterThan(0)
  })
})

describe('Metrics that are delayed', () => {
  const trouble: PipelineTrouble = { what: 'delayed', of: 'canary', delayMs: 40_000 }

  it('are known later, with the times of their scrapes', () => {
    const { plan, until, podOf } = flight(trouble)
    until(5 * minuteMs)
    const up = `up{pod="${podOf('shop:2')}"}`
    expect(seconds(samplesOf(plan, up, 76_000, 5 * minuteMs))).toEqual([225, 240, 255])
    expect(seconds(samplesOf(plan, `up{pod="${podOf('shop:1')}"}`, 46_000, 5 * minuteMs))).toEqual([255, 270, 285, 300])
  })

  it('are overtaken by none that come after: those wait until the last is known', () => {
    const { plan, until, podOf } = flight(trouble)
    const up = `up{pod="${podOf('shop:1')}"}`
    until(6 * minuteMs + 15_000)
    const delayed = `up{pod="${podOf('shop:2')}"}`
    // The scrape of 345 s is known at 385 s, and until then none of those after it.
    expect(seconds(samplesOf(plan, delayed, 76_000, 6 * minuteMs + 15_000)).at(-1)).toBe(330)
    until(6 * minuteMs + 25_000)
    expect(seconds(samplesOf(plan, delayed, 61_000, 6 * minuteMs + 25_000))).toEqual([330, 345, 360, 375])
    expect(seconds(samplesOf(plan, up, 31_000, 6 * minuteMs + 25_000))).toEqual([360, 375])
  })
})

describe('Prometheus that goes down twice at once', () => {
  it('is up again when both are over', () => {
    const { plan, until, podOf } = flight({ what: 'prometheus-down' }, { scrape: ', gaps: [{at: 5m, for: 2m}]' })
    const gap = planOf(scenario('app', ', gaps: [{at: 5m, for: 2m}]'), askingPolicy(...watched)).observation.spells[0]!
    const both: Plan = {
      ...plan,
      observation: { ...plan.observation, spells: [...plan.observation.spells, gap] },
    }
    until(4 * minuteMs)
    const pod = podOf('shop:1')
    const flying = new Simulation(both).takeOff(1)
    flying.advance(releaseMs + 8 * minuteMs)
    const times = seconds(samplesOf(both, `up{pod="${pod}"}`, 271_000, 8 * minuteMs))
    expect(times).toEqual([210, 225, 420, 435, 450, 465, 480])
  })
})

describe('Faults of a scenario', () => {
  const faulty = (faults: string, dialect = 'app', queries = watched) =>
    tryPlan(scenario(dialect).replace(/^faults: .*$/m, `faults: [${faults}]`), askingPolicy(...queries))

  it.each([
    ['{on: canary, metrics: lost, onset: 1m, for: 2m}', [['lost canary', 60, 180]]],
    [
      '{on: both, metrics: stuck, onset: 1m}',
      [
        ['stuck stable', 60, Number.POSITIVE_INFINITY],
        ['stuck canary', 60, Number.POSITIVE_INFINITY],
      ],
    ],
    ['{on: canary, metrics: mislabelled, for: 10s}', [['mislabelled canary', 0, 10]]],
    [
      '{on: both, metrics: delayed, delay: 1m, for: 10s}',
      [
        ['delayed stable', 0, 10],
        ['delayed canary', 0, 10],
        ['delayed gateway', 0, 10],
      ],
    ],
    [
      '{prometheus: down, onset: 2m, for: 30s, every: 5m}',
      [
        ['prometheus-down', 120, 150],
        ['prometheus-down', 420, 450],
        ['prometheus-down', 720, 750],
        ['prometheus-down', 1020, 1050],
      ],
    ],
  ])('%s is a spell each time', (faults, expected) => {
    const { plan } = faulty(faults)
    const spells = plan!.observation.spells.map(({ trouble, fromMs, untilMs }) => [
      'of' in trouble ? `${trouble.what} ${trouble.of}` : trouble.what,
      (fromMs - releaseMs) / 1000,
      (untilMs - releaseMs) / 1000,
    ])
    expect(spells.slice(0, expected.length)).toEqual(expected)
    if (!faults.includes('every')) expect(spells).toHaveLength(expected.length)
  })

  it('are nothing that users could feel: the release has no onset by them', () => {
    const { plan } = faulty('{on: canary, metrics: stuck}, {prometheus: down, onset: 1m, for: 1m}')
    expect(plan!.troubles).toEqual([])
  })

  it.each([
    ['{on: gateway, metrics: lost}', 'app', watched, 'no query and no rule looks at what the gateway exposes'],
    [
      '{on: canary, metrics: delayed, delay: 1m}',
      'istio',
      ['istio_requests_total{reporter="source"}'],
      'come late as a whole',
    ],
    ['{on: gateway, metrics: mislabelled}', 'istio', ['istio_requests_total{reporter="source"}'], 'no other version'],
    [
      '{on: canary, metrics: mislabelled}',
      'app',
      ['kube_pod_info'],
      'no query and no rule looks at what `mislabelled` metrics',
    ],
    ['{on: canary, metrics: lost}', 'app', ['kube_pod_info'], ''],
    ['{on: canary, metrics: stuck}', 'istio', ['istio_requests_total{reporter="source"}'], ''],
  ])('%s that nobody would notice is told of, where %s is asked for', (faults, dialect, queries, told) => {
    const unseen = faulty(faults, dialect, queries).problems.filter(({ code }) => code === 'fault-unseen')
    expect(unseen).toHaveLength(told === '' ? 0 : 1)
    expect(unseen[0]?.message ?? '').toContain(told)
  })
})

describe('An analysis', () => {
  const query = 'sum(rate(http_requests_total{pod!="",code="500"}[1m])) / sum(rate(http_requests_total{pod!=""}[1m]))'
  const condition = 'interval: 30s\n      failureLimit: 1\n      successCondition: result[0] < 0.02'
  const judged =
    rollout(
      4,
      'steps: [{setWeight: 25}, {pause: {duration: 10m}}], analysis: {templates: [{templateName: errors}]}',
      false,
    ) + template('errors', condition, query)
  const verdict = (metrics: string) => {
    const text = scenario('app').replace(/^faults: .*$/m, `faults: [{on: canary, errors: 20%, onset: 3m}${metrics}]`)
    return new Simulation(planOf(text, judged)).fly(1).verdict
  }

  it('that looks at what stands still or lies promotes what it would have stopped', () => {
    expect(verdict('')).toBe('aborted')
    expect(verdict(', {on: canary, metrics: stuck, onset: 2m}')).toBe('promoted')
    expect(verdict(', {on: canary, metrics: lost, onset: 2m}')).toBe('promoted')
    // It asks for both versions together: whose errors they are makes no difference.
    expect(verdict(', {on: canary, metrics: mislabelled, onset: 2m}')).toBe('aborted')
    expect(verdict(', {prometheus: down, onset: 2m, for: 20s}')).toBe('aborted')
  })
})
