// A scenario file becomes numbers with units, and what it leaves out gets its default.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EQUAL_ACTIVITY } from '../../src/scenario/users.js'
import { fileMap } from './file-map.js'
import { loadScenario } from './loading.js'

const everyField = readFileSync(new URL('cases/every-field.yaml', import.meta.url), 'utf8')

const REQUIRED = `
teaches: Nothing.
policy: rollout.yaml
release: {at: 5m}
duration: 40m
traffic: {rate: 24k/m}
`

const atOnce = { after: 'release', onsetMs: 0, rampMs: 0 }
const struck = (version: string, effect: object) => ({ on: { version }, when: atOnce, effect })

const reading = { kind: 'world', of: 'canary', windowMs: 60_000, quantile: 0.99, delayMs: 0, resolutionMs: 0 }
const scrape = {
  intervalMs: 30_000,
  delayMs: 5_000,
  jitterMs: 500,
  spread: true,
  gaps: [{ atMs: 240_000, forMs: 90_000 }],
  down: [
    { of: 'canary', atMs: 60_000, forMs: 30_000 },
    { of: 'gateway', atMs: 0, forMs: Number.POSITIVE_INFINITY },
  ],
}

const signals = [
  {
    metric: 'slow',
    template: 'health',
    source: {
      kind: 'world',
      reads: 'latency',
      of: 'stable',
      windowMs: 300_000,
      quantile: 0.95,
      unit: 'ms',
      delayMs: 90_000,
      resolutionMs: 60_000,
    },
  },
  {
    provider: 'web',
    match: '/healthz',
    shape: { ok: '$value' },
    source: { ...reading, reads: 'successRatio', unit: 'percent' },
  },
  { provider: 'job', takesMs: 30_000, failsAbove: 0.05, source: { ...reading, reads: 'errorRatio', unit: 'ratio' } },
  {
    metric: 'score',
    source: {
      kind: 'script',
      points: [
        { atMs: 0, says: { kind: 'numbers', values: [0.5] } },
        { atMs: 60_000, says: { kind: 'numbers', values: [1, 2] } },
        { atMs: 120_000, says: { kind: 'numbers', values: [Number.NaN] } },
        { atMs: 180_000, says: { kind: 'null' } },
        { atMs: 240_000, says: { kind: 'empty' } },
        { atMs: 300_000, says: { kind: 'json', value: { ok: true } } },
        { atMs: 360_000, says: { kind: 'error', message: 'out of quota' } },
        { atMs: 420_000, says: { kind: 'reply', status: 503, body: '' } },
        { atMs: 480_000, says: { kind: 'reply', status: 200, body: '[1]' } },
        { atMs: 540_000, says: { kind: 'reply', status: 200, body: 'fine' } },
      ],
    },
  },
]

const metrics = [
  {
    name: 'checkout_total',
    help: 'What customers paid.',
    counts: 'successes',
    of: 'canary',
    at: 'gateway',
    labels: { outcome: 'paid', hash: '$hash' },
    shareRatio: 0.03,
    adds: 49.9,
    isThereFromStart: true,
    bucketsMs: undefined,
    unitMs: 1000,
  },
  {
    name: 'checkout_duration',
    help: '',
    counts: 'latency',
    of: undefined,
    at: 'pods',
    labels: {},
    shareRatio: 1,
    adds: 1,
    isThereFromStart: false,
    bucketsMs: [10, 1000],
    unitMs: 1,
  },
]

test('a scenario that says everything', () => {
  expect(load(everyField)).toEqual({
    teaches: 'A canary that fails 5 % of its requests is caught by a background analysis within two checks.',
    policy: ['scenarios/rollout.yaml', 'shared/analysis.yaml', '/srv/policies'],
    controller: { name: 'argo-rollouts', version: '1.8.5' },
    releaseAtMs: 300_000,
    releaseImage: 'shop:v2',
    durationMs: 2_400_000,
    startsAtMs: Date.UTC(2026, 2, 2, 8, 30),
    seed: 7,
    traffic: {
      points: [
        { atMs: 0, ratePerSecond: 100, rampMs: 0 },
        { atMs: 600_000, ratePerSecond: 400, rampMs: 300_000 },
        { atMs: 900_000, ratePerSecond: 0, rampMs: 0 },
      ],
      week: { lowRatio: 0.3, peakMs: 48_600_000, dayRatios: [0.5, 1, 1, 1, 1, 1, 0.6] },
      crowds: [
        { atMs: 720_000, factor: 5, riseMs: 60_000, holdMs: 120_000, fallMs: 600_000, untilMs: 1_500_000 },
        { atMs: 1_200_000, factor: 2, riseMs: 0, holdMs: 0, fallMs: 0, untilMs: 1_200_000 },
      ],
      bursts: { factor: 4, everyMs: 600_000, forMs: 30_000 },
      noise: { deviationRatio: 0.1, everyMs: 300_000 },
      users: { count: 50_000, activity: { kind: 'gamma', shape: 0.5 } },
      segments: [
        {
          name: 'region',
          values: [
            { name: 'eu', share: 0.6, activity: 1, headers: {} },
            { name: 'us', share: 0.4, activity: 1, headers: {} },
          ],
        },
        {
          name: 'plan',
          values: [
            { name: 'free', share: 0.9, activity: 1, headers: {} },
            {
              name: 'paid',
              share: 0.1,
              activity: 5,
              headers: { 'x-plan': 'paid' },
              routes: [
                { name: 'checkout', share: 0.3 },
                { name: 'browse', share: 0.7 },
              ],
            },
          ],
        },
      ],
      routes: [
        { name: 'checkout', share: 0.1, headers: { 'x-cart': 'full' } },
        { name: 'browse', share: 0.9, headers: {} },
      ],
      sticky: 'resalted',
      cookieMs: Number.POSITIVE_INFINITY,
    },
    service: {
      stable: {
        errorRatio: 0.001,
        latency: { p50Ms: 30, p99Ms: 300 },
        start: { p50Ms: 8_000, p99Ms: 20_000 },
        capacityPerSecond: 200,
        memory: { baseBytes: 125_829_120, growthBytesPerMs: 0, limitBytes: Number.POSITIVE_INFINITY },
        parts: [],
      },
      canary: {
        errorRatio: 0.002,
        latency: { p50Ms: 50, p99Ms: 300 },
        start: { p50Ms: 5_000, p99Ms: 5_000 },
        capacityPerSecond: 200,
        memory: { baseBytes: 125_829_120, growthBytesPerMs: 60, limitBytes: 536_870_912 },
        shutdownMs: 3000,
        cold: { forMs: 120_000, latency: { kind: 'factor', factor: 3 }, errorRatio: 0.01 },
        parts: [
          { route: 'checkout', segment: { plan: 'paid' }, errorRatio: 0.05, latency: { p50Ms: 50, p99Ms: 300 } },
          { segment: { region: 'us' }, errorRatio: 0.002, latency: { p50Ms: 70, p99Ms: 70 } },
        ],
      },
    },
    clients: {
      timeoutMs: 5_000,
      retries: { attempts: 2, backoffMs: 100, factor: 3, jitterRatio: 0.5, budgetRatio: 0.2, statuses: [503] },
      connections: { count: 8, lifetimeMs: 600_000 },
    },
    people: [
      { does: 'promote-full', trigger: { atMs: 720_000 } },
      { does: 'promote', trigger: { phase: 'paused', afterMs: 600_000 } },
      { does: 'undo', trigger: { phase: 'degraded', afterMs: 0 } },
      { does: 'abort', trigger: { alert: 'HighErrorRate', labels: { severity: 'page' }, afterMs: 300_000 } },
    ],
    plugins: [
      { name: 'acme/tests', phase: 'Failed', afterMs: 90_000, message: '3 of 80 tests', requeueAfterMs: 15_000 },
      { name: 'acme/smoke', phase: 'Successful', afterMs: 0, message: '', requeueAfterMs: 0 },
      { name: 'acme/gate', phase: undefined, afterMs: 0, message: '', requeueAfterMs: 0 },
    ],
    dependencies: [
      { name: 'payments', shareRatio: 0.3 },
      { name: 'stock', shareRatio: 1 },
    ],
    cluster: {
      nodes: [
        { name: 'n1', zone: 'a', pods: 20 },
        { name: 'n2', zone: '', pods: 110 },
      ],
      schedule: { p50Ms: 1000, p99Ms: 1000 },
      pull: { p50Ms: 5000, p99Ms: 25_000 },
      endpoints: { add: { p50Ms: 1000, p99Ms: 1000 }, remove: { p50Ms: 1000, p99Ms: 4000 } },
      mostPods: 30,
      preStopMs: 2000,
    },
    faults: [
      {
        name: 'bad config',
        on: { version: 'canary' },
        when: { after: 'release', onsetMs: 30_000, forMs: 600_000, rampMs: 120_000 },
        effect: { kind: 'errors', ratio: 0.05, status: 500 },
      },
      struck('stable', { kind: 'latency', change: { kind: 'add', ms: 200 } }),
      struck('canary', { kind: 'latency', change: { kind: 'factor', factor: 3 } }),
      struck('canary', { kind: 'crash-loop' }),
      struck('canary', { kind: 'not-ready' }),
    ],
    observability: { dialects: ['istio', 'app'], metrics, scrape, signals, evaluationMs: 30_000 },
    slo: { objectiveRatio: 0.995, windowMs: 604_800_000, latencyMs: 500 },
    budgets: [
      {
        text: 'users.harmed.p95 < 500',
        metric: 'users.harmed',
        statistic: 'p95',
        comparison: '<',
        value: 500,
        unit: 'count',
      },
      {
        text: 'detect.p90 < 3m',
        metric: 'detect',
        statistic: 'p90',
        comparison: '<',
        value: 180_000,
        unit: 'duration',
      },
      { text: 'verdict == aborted', metric: 'verdict', comparison: '==', value: 'aborted', unit: 'verdict' },
      { text: 'false_abort < 1%', metric: 'false_abort', comparison: '<', value: 0.01, unit: 'ratio' },
    ],
  })
})

test('a scenario that says only what it must', () => {
  const behaviour = {
    errorRatio: 0.001,
    latency: { p50Ms: 40, p99Ms: 200 },
    start: { p50Ms: 10_000, p99Ms: 10_000 },
    parts: [],
  }
  expect(load(REQUIRED)).toEqual({
    teaches: 'Nothing.',
    policy: ['scenarios/rollout.yaml'],
    controller: { name: 'argo-rollouts', version: '1.10.2' },
    releaseAtMs: 300_000,
    durationMs: 2_400_000,
    startsAtMs: Date.UTC(2026, 0, 5),
    seed: 1,
    traffic: {
      points: [{ atMs: 0, ratePerSecond: 400, rampMs: 0 }],
      crowds: [],
      users: { count: 10_000, activity: EQUAL_ACTIVITY },
      segments: [],
      routes: [],
      sticky: undefined,
      cookieMs: Number.POSITIVE_INFINITY,
    },
    service: { stable: behaviour, canary: behaviour },
    clients: {},
    dependencies: [],
    faults: [],
    people: [],
    plugins: [],
    observability: {
      scrape: { intervalMs: 15_000, delayMs: 0, jitterMs: 0, spread: false, gaps: [], down: [] },
      metrics: [],
      signals: [],
      evaluationMs: 60_000,
    },
    slo: { objectiveRatio: 0.999, windowMs: 2_592_000_000 },
    budgets: [],
  })
})

test('a scenario is frozen all the way down', () => {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    expect(Object.isFrozen(value)).toBe(true)
    Object.values(value).forEach(visit)
  }
  visit(load(everyField))
})

describe('the service', () => {
  test.each([
    ['p50 alone takes p99 with it', 'stable: {latency: {p50: 100ms}}', { p50Ms: 100, p99Ms: 500 }],
    ['p99 alone takes p50 with it', 'stable: {latency: {p99: 100ms}}', { p50Ms: 20, p99Ms: 100 }],
    ['the canary is as stable', 'stable: {latency: {p50: 10ms, p99: 90ms}}', { p50Ms: 10, p99Ms: 90 }],
    [
      'what the canary does not say is as stable',
      'stable: {latency: {p50: 10ms, p99: 90ms}}, canary: {latency: {p50: 20ms}}',
      { p50Ms: 20, p99Ms: 90 },
    ],
    ['one time is a constant', 'stable: {latency: 40ms}', { p50Ms: 40, p99Ms: 40 }],
    ['a mean is a law', 'stable: {latency: {mean: 40ms}}, canary: {errors: 1%}', { meanMs: 40 }],
    [
      'half a law joins a constant',
      'stable: {latency: 40ms}, canary: {latency: {p99: 1s}}',
      { p50Ms: 40, p99Ms: 1000 },
    ],
    [
      'a law of another form stands alone',
      'stable: {latency: {mean: 40ms}}, canary: {latency: {p50: 20ms, p99: 30ms}}',
      { p50Ms: 20, p99Ms: 30 },
    ],
    [
      'quantiles are put in order',
      'canary: {latency: {quantiles: {p99.9: 2s, p50: 40ms, p90: 90ms}}}',
      {
        quantiles: [
          { ratio: 0.5, ms: 40 },
          { ratio: 0.9, ms: 90 },
          { ratio: 0.999, ms: 2000 },
        ],
      },
    ],
    [
      'so are the bars of a histogram',
      'canary: {latency: {histogram: {1s: 10%, 10ms: 90%}}}',
      {
        histogram: [
          { atMostMs: 10, ratio: 0.9 },
          { atMostMs: 1000, ratio: 0.1 },
        ],
      },
    ],
    ['equal percentiles are a constant', 'canary: {latency: {p50: 20ms, p99: 20ms}}', { p50Ms: 20, p99Ms: 20 }],
  ])('%s', (_, service, latency) => {
    expect(load(`${REQUIRED}service: {${service}}\n`).service.canary.latency).toEqual(latency)
  })

  test('an unlimited canary cannot be said, a larger one can', () => {
    const { service } = load(`${REQUIRED}service: {stable: {capacity: 10/s}, canary: {capacity: 20/s}}\n`)
    expect([service.stable.capacityPerSecond, service.canary.capacityPerSecond]).toEqual([10, 20])
  })
})

test('users are a number, or one with a letter', () => {
  expect(load(REQUIRED.replace('24k/m', '1/s, users: 200')).traffic.users.count).toBe(200)
  expect(load(REQUIRED.replace('24k/m', '1/s, users: 1.2M')).traffic.users.count).toBe(1_200_000)
})

test('a log instead of a rate', () => {
  const text = `teaches: Nothing.
policy: rollout.yaml
release: {at: 5m}
duration: 40m
traffic:
  replay:
    file: logs/access.log.gz
    format: json
    fields: {time: ts, count: n}
    from: 2026-03-02T09:30:00+01:00
    until: 2026-03-02T10:30:00+01:00
    scale: 1.5
    at: 1m
`
  expect(load(text).traffic).toEqual({
    points: [],
    crowds: [],
    users: { count: 10_000, activity: EQUAL_ACTIVITY },
    segments: [],
    routes: [],
    sticky: undefined,
    cookieMs: Number.POSITIVE_INFINITY,
    replay: {
      file: 'logs/access.log.gz',
      format: 'json',
      timeField: 'ts',
      countField: 'n',
      fromMs: Date.UTC(2026, 2, 2, 8, 30),
      untilMs: Date.UTC(2026, 2, 2, 9, 30),
      scale: 1.5,
      atMs: 60_000,
    },
  })
  const plain = load(text.replace(/ {4}(fields|from|until|scale|at).*\n/g, '')).traffic.replay
  expect(plain).toEqual({ file: 'logs/access.log.gz', format: 'json', scale: 1, atMs: 0 })
})

test('a week without days has seven of the same, and one without a peak has it at two in the afternoon', () => {
  expect(load(REQUIRED.replace('24k/m', '1/s, week: {low: 10%}')).traffic.week).toEqual({
    lowRatio: 0.1,
    peakMs: 14 * 3_600_000,
    dayRatios: [1, 1, 1, 1, 1, 1, 1],
  })
})

test('an anchor saves writing the same twice', () => {
  const { service } = load(`${REQUIRED}service: {stable: &same {errors: 2%}, canary: *same}\n`)
  expect([service.stable.errorRatio, service.canary.errorRatio]).toEqual([0.02, 0.02])
})

function load(text: string) {
  return loadScenario('scenarios/shop.yaml', fileMap({ 'scenarios/shop.yaml': text, 'scenarios/rules.yaml': '' }))
}
