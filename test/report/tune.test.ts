// What came of tuning, as text.
import { describe, expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { tuneText } from '../../src/report/tune.js'
import { diffText } from '../../src/report/tune-diff.js'
import type { PointReport, TuneReport } from '../../src/study/tune/report.js'

const exactly = (value: number) => ({ value, low: value, high: value })

function point(label: string, harm: number, more: Partial<PointReport> = {}): PointReport {
  return {
    label,
    changes: [],
    runs: 800,
    harm: { value: harm, low: harm - 1, high: harm + 1 },
    durationMs: exactly(360_000),
    falseAborts: exactly(0),
    missed: exactly(0),
    detectionMs: exactly(60_000),
    budgets: [],
    limits: [],
    diff: [],
    ...more,
  }
}

const change = {
  knob: 'x',
  file: 'rollout.yaml',
  line: 3,
  column: 5,
  title: 'weight of step 1',
  from: '5 %',
  to: '2 %',
}
const dropped = { ...change, title: 'step 3 (50 %)', from: 'kept', to: 'dropped' }
const hunk = { file: 'rollout.yaml', line: 3, newLine: 3, removed: ['  - setWeight: 5'], added: ['  - setWeight: 2'] }
const limit = { world: 'scenario', requests: 30, requestsPerSecond: 8, limitMs: 3750, detectionMs: 45_000, factor: 12 }

const report: TuneReport = {
  schema: 'coalmine.tune/v1',
  version: '1',
  scenario: 'checkout',
  seed: 1,
  harm: 'mean',
  worlds: [{ id: 'scenario', title: 'the scenario as it is written', role: 'fault' }],
  candidates: 80,
  refused: 2,
  flights: 27_500,
  isWhole: true,
  knobs: [],
  unturnable: [
    {
      name: 'steps[1].pause',
      place: { file: 'rollout.yaml', line: 4, column: 5 },
      why: 'it lasts until a person ends it',
    },
  ],
  written: point('written', 120, { durationMs: { value: 'never', low: null, high: 'never' } }),
  front: [
    point('A', 30, { changes: [change, dropped], diff: [hunk], limits: [limit] }),
    point('B', 12, {
      budgets: [{ budget: 'detect.p90 < 3m', answer: 'undecided', measured: 170_000, low: 160_000, high: 200_000 }],
    }),
  ],
  knee: 'A',
  nearest: null,
  binding: [
    {
      budget: 'detect.p90 < 3m',
      without: { changes: [change], harm: exactly(9), durationMs: exactly(300_000), falseAborts: exactly(0) },
      beats: 'B',
    },
  ],
}

describe('A tuned policy', () => {
  it('is told with its figures, its changes, its limit, its budgets, and what stays', () => {
    expect(tuneText(report, noColours)).toMatchInlineSnapshot(`
      "checkout  80 policies, 2 of them refused; 27,500 flights from seed 1
        faults: the scenario as it is written

                   users harmed (mean)  healthy release  false aborts  missed  detected  changes
          A        30 (29 to 31)        6m00.0s          0 %           0 %     1m00.0s   2        knee
          B        12 (11 to 13)        6m00.0s          0 %           0 %     1m00.0s   0        undecided: detect.p90 < 3m
        ◯ written  120 (119 to 121)     never            0 %           0 %     1m00.0s   0
        ◯ as it is written

      A  weight of step 1 5 % → 2 %, step 3 (50 %) dropped
      --- rollout.yaml
      +++ rollout.yaml
      @@ -3 +3 @@
      -  - setWeight: 5
      +  - setWeight: 2

      A sequential test with 1 % false aborts and 1 % missed needs 30 requests of the canary: 3.8s at 8 a second. A takes 45.0s, 12 times as long.
      Without \`detect.p90 < 3m\` B would be beaten: 9 users harmed, 5m00.0s, 0 % false aborts (weight of step 1 5 % → 2 %).
      rollout.yaml:4:5  steps[1].pause stays: it lasts until a person ends it"
    `)
  })

  it('a limit of a single request is told as one', () => {
    const text = tuneText({ ...report, front: [point('A', 30, { limits: [{ ...limit, requests: 0.7 }] })] }, noColours)
    expect(text).toContain('1 % missed needs 1 request of the canary: ')
  })

  it('that keeps to no budget is told with what comes nearest', () => {
    const broken = [{ budget: 'users.harmed.mean < 1', answer: 'fails', measured: 30.2, low: 28, high: 33 }] as const
    const nearest = point('nearest', 30, { changes: [change], budgets: broken })
    const text = tuneText({ ...report, front: [], knee: null, nearest, binding: [], unturnable: [] }, noColours)
    expect(text).toMatchInlineSnapshot(`
      "checkout  80 policies, 2 of them refused; 27,500 flights from seed 1
        faults: the scenario as it is written

                   users harmed (mean)  healthy release  false aborts  missed  detected  changes
          nearest  30 (29 to 31)        6m00.0s          0 %           0 %     1m00.0s   1        breaks users.harmed.mean < 1
        ◯ written  120 (119 to 121)     never            0 %           0 %     1m00.0s   0
        ◯ as it is written

      Nothing that was tried keeps to the budgets. The nearest breaks one:
        ✖ users.harmed.mean < 1: 30.2  (28 to 33)
        weight of step 1 5 % → 2 %"
    `)
  })

  it('is a diff that patch reads, of lines that come and go, too', () => {
    const gone = {
      file: 'rollout.yaml',
      line: 9,
      newLine: 9,
      removed: ['  - setWeight: 50', '  - pause: {}'],
      added: [],
    }
    expect(diffText([hunk, gone], noColours)).toBe(
      [
        '--- rollout.yaml',
        '+++ rollout.yaml',
        '@@ -3 +3 @@',
        '-  - setWeight: 5',
        '+  - setWeight: 2',
        '@@ -9,2 +8,0 @@',
        '-  - setWeight: 50',
        '-  - pause: {}',
      ].join('\n'),
    )
  })
})

it('Sentences fit the terminal', () => {
  const many = Array.from({ length: 12 }, () => change)
  const lines = tuneText({ ...report, front: [point('A', 30, { changes: many })] }, noColours, 100).split('\n')
  const told = lines.slice(lines.findIndex((line) => line.startsWith('A  ')))
  expect(told.length).toBeGreaterThan(4)
  for (const line of told) expect(line.length).toBeLessThanOrEqual(100)
  expect(told[0]).toMatch(/^A {2}weight of step 1 5 % → 2 %, .*,$/)
  expect(told[1]).toMatch(/^ {2}weight of step 1 5 % → 2 %, /)
})
