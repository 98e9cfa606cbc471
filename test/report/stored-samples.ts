// One of everything that commands store, with as much in it as there can be.

import { nodeFiles } from '../../src/cli/node-files.js'
import { nodeLogs } from '../../src/cli/node-logs.js'
import { flyRecorded } from '../../src/run/fly.js'
import { type StoredRun, storedRun } from '../../src/run/record.js'
import { Problems } from '../../src/scenario/problem.js'
import type { CheckReport } from '../../src/study/check/report.js'
import { type Comparison, compare } from '../../src/study/compare/comparison.js'
import { parseMargins } from '../../src/study/compare/margin.js'
import { type Misses, missesSchema } from '../../src/study/rare/misses.js'
import { readRecipe } from '../../src/study/recipe.js'
import { type Study, studyOf } from '../../src/study/study.js'
import { baselineOf } from '../../src/study/test/baseline.js'
import { type Blob, blobOf } from '../../src/study/test/blob.js'
import { reportOf, type TestReport } from '../../src/study/test/report.js'
import type { PointReport, TuneReport } from '../../src/study/tune/report.js'
import { reportFor } from '../study/check/checking.js'
import { type Pair, resultOf } from '../study/compare/paired-outcomes.js'
import { tallyOf, testedScenario } from '../study/test/tested-scenario.js'
import { hardToWrite } from './test/hard-to-write.js'

export const version = '1.2.3'

export async function runOf(scenario: string): Promise<StoredRun> {
  const { plan } = await readRecipe({ scenario }, nodeFiles, nodeLogs, new Problems())
  return storedRun(flyRecorded(plan!, plan!.scenario.seed), version, plan!.scenario.teaches)
}

const slow = Array.from({ length: 200 }, (_, run) => ({ detectionMs: 60_000 + 1000 * (run % 50), harmed: run % 10 }))
const slower = slow.map(({ detectionMs, harmed }) => ({ detectionMs: 2 * detectionMs, harmed: 3 * harmed }))

const head = { version, name: 'slow', teaches: 'What "is" slow,\nis.', seed: 7, fidelity: 'request' } as const
/** Some of whose releases nobody stops, and one that never was flown. */
export const studies: readonly Study[] = [
  studyOf(head, tallyOf([...slow, { detectionMs: null, harmed: 4000 }])),
  studyOf({ ...head, fidelity: 'flow' }, tallyOf([])),
]

const about = { schema: missesSchema, version, scenario: 'rare', teaches: 'Hardly ever.', seed: 3 } as const
const byChance = { swarms: 0, plainRuns: null, luck: [] } as const
/** One of each kind of answer, and one that was interrupted before there was any. */
export const misses: readonly Misses[] = [
  {
    ...about,
    flights: 43_250,
    plain: { runs: 2000, missed: 0 },
    missed: { value: 1.57e-5, low: 1.27e-5, high: 1.93e-5 },
    by: 'swarms',
    swarms: 16,
    plainRuns: 6_641_366,
    luck: [{ fromMs: 23_438, untilMs: 375_000, factor: 0.226 }],
  },
  {
    ...about,
    flights: 2000,
    plain: { runs: 2000, missed: 240 },
    missed: { value: 0.12, low: 0.106, high: 0.135 },
    by: 'plain',
    ...byChance,
  },
  {
    ...about,
    flights: 9000,
    plain: { runs: 2000, missed: 0 },
    missed: { value: 0, low: 0, high: 0.0018 },
    by: 'bound',
    ...byChance,
  },
  {
    ...about,
    flights: 0,
    plain: { runs: 0, missed: 0 },
    missed: { value: 0, low: null, high: null },
    by: 'bound',
    ...byChance,
  },
]

const moved = testedScenario(['missed < 50%'], slower, { baseline: baselineOf(testedScenario([], slow), version) })
const unmoved = testedScenario(['missed < 50%'], slow, { baseline: baselineOf(testedScenario([], slow), version) })

export const tests: readonly TestReport[] = [
  hardToWrite,
  reportOf([moved, unmoved], 0.99, version),
  reportOf([], 0.99, version),
]

const settings = { version, confidence: 0.99, runs: 400, shard: { index: 2, of: 3 } }
export const blobs: readonly Blob[] = [blobOf([moved, unmoved, testedScenario(['missed < 5%'], [])], settings)]

const pairs = (pair: (index: number) => Pair) => Array.from({ length: 100 }, (_, index) => pair(index))
const harmful = pairs((index) => [{ harmed: 100 + (index % 10) }, { harmed: 230 + (index % 7) }])
const missing = pairs((index) => [
  { harmed: 9 },
  index < 50 ? { missed: true, detectionMs: null, verdict: 'promoted' } : {},
])
const alike = pairs(() => [{ isHealthy: true }, { isHealthy: true }])

function comparisonOf(worlds: readonly (readonly Pair[])[], margins: readonly string[]): Comparison {
  const told = worlds.map((_, index) => {
    return {
      scenario: `world_${index}`,
      faults: index === 0 ? [] : [`a|b ${index}`],
      seed: 1,
      fidelity: 'flow' as const,
    }
  })
  const sides = { version, first: 'old/', second: 'new/,more.yaml', isIdentical: false }
  return compare(sides, told, worlds.map(resultOf), parseMargins(margins))
}

export const comparisons: readonly Comparison[] = [
  comparisonOf([harmful], []),
  comparisonOf([harmful, missing, alike], ['users.harmed:5%,missed:1%', 'detect:500%']),
  comparisonOf([alike], ['5%']),
]

const sure = (value: number) => ({ value, low: value, high: value })
const place = { file: 'rollout.yaml', line: 3, column: 5 }
const change = { knob: 'steps[0].setWeight', title: 'weight of step 1', from: '5 %', to: '2 %', ...place }
const point = (label: string, more: Partial<PointReport> = {}): PointReport => ({
  label,
  changes: [change],
  runs: 800,
  harm: { value: 12.5, low: 11.5, high: 13.5 },
  durationMs: sure(360_000),
  falseAborts: sure(0),
  missed: sure(0.5),
  detectionMs: null,
  budgets: [{ budget: 'detect.p90 < 3m', answer: 'fails', measured: 'never', low: 200_000, high: null }],
  limits: [{ world: 'errors', requests: 30.5, requestsPerSecond: 8, limitMs: 3750, detectionMs: 45_000, factor: 12 }],
  diff: [{ file: 'rollout.yaml', line: 3, newLine: 3, removed: ['  - setWeight: 5'], added: [] }],
  ...more,
})

const searched: TuneReport = {
  schema: 'coalmine.tune/v1',
  version,
  scenario: 'checkout',
  seed: 1,
  harm: 'p95',
  worlds: [
    { id: 'scenario', title: 'the scenario as it is written', role: 'budgets' },
    { id: 'healthy', title: 'nothing wrong', role: 'healthy' },
    { id: 'errors', title: '100 % errors', role: 'fault' },
  ],
  candidates: 80,
  refused: 2,
  flights: 27_500,
  isWhole: true,
  knobs: [
    {
      name: 'steps[0].setWeight',
      kind: 'weights',
      title: 'weight of step 1',
      value: '5 %',
      values: ['2 %', '5 %'],
      ...place,
    },
  ],
  unturnable: [{ name: 'steps[1].pause', place, why: 'it lasts until a person ends it' }],
  written: point('written', { durationMs: { value: 'never', low: 900_000, high: 'never' } }),
  front: [point('A'), point('B', { changes: [] })],
  knee: 'A',
  nearest: null,
  binding: [
    {
      budget: 'detect.p90 < 3m',
      without: { changes: [change], harm: sure(9), durationMs: sure(300_000), falseAborts: sure(0) },
      beats: 'B',
    },
  ],
}
export const searches: readonly TuneReport[] = [
  searched,
  { ...searched, front: [], knee: null, nearest: point('nearest'), binding: [], isWhole: false },
]

const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy: {canary: {steps: [{setWeight: 20}, {pause: {duration: 1m}}]}}
`

/** With budgets that are broken, and a finding that somebody has switched off. */
export async function checks(): Promise<readonly CheckReport[]> {
  const report = await reportFor({ policy: rollout }, { runs: 20, ratePerSecond: 20 })
  const finding = {
    rule: 'no-end',
    severity: 'error' as const,
    ...place,
    message: 'it never ends',
    why: 'W.',
    mend: 'M.',
  }
  const findings = [
    { ...finding, flown: 'it hangs' },
    { ...finding, line: 0, column: 0, flown: null },
  ]
  return [{ ...report, findings, ignored: [{ finding: findings[0]!, reason: 'known' }] }]
}
