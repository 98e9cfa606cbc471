// How a check is told: to people, to code hosts, to machines.
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/report/check.js'
import { checkGithub } from '../../src/report/check-github.js'
import { checkSarif } from '../../src/report/check-sarif.js'
import { colours, noColours } from '../../src/report/paint.js'
import type { Finding } from '../../src/study/check/finding.js'
import type { Flight, Quantiles } from '../../src/study/check/flight.js'
import type { CheckReport } from '../../src/study/check/report.js'
import type { Rule } from '../../src/study/check/rule.js'
import type { BudgetReport } from '../../src/study/test/report.js'

const sure = (value: number) => ({ value, low: value, high: value })
const both = (p50: number, p90: number): Quantiles => ({ p50: sure(p50), p90: sure(p90) })
const never: Quantiles = { p50: null, p90: null }

function flight(fault: string, title: string, more: Partial<Flight> = {}): Flight {
  return {
    fault,
    title,
    wanted: 'stopped',
    runs: 100,
    verdicts: { promoted: sure(0), aborted: sure(1), paused: sure(0), stuck: sure(0) },
    caught: sure(1),
    detectionMs: both(61_234, 90_000),
    requests: both(1234, 2345),
    users: both(12.3, 40),
    budgetSpentPercent: both(0.5, 0.6),
    budgets: [],
    ...more,
  }
}

const verdicts = (promoted: number, aborted: number, stuck = 0) => {
  return { promoted: sure(promoted), aborted: sure(aborted), paused: sure(0), stuck: sure(stuck) }
}

const budget = (answer: BudgetReport['answer'], more: Partial<BudgetReport> = {}): BudgetReport => {
  const found = { measured: 1, low: 0.95, high: 1, neededRuns: null, worst: [{ seed: 3, value: 1 }] }
  return { budget: 'missed < 5%', line: 1, column: 1, answer, ...found, ...more }
}

const finding: Finding = {
  rule: 'no-end',
  severity: 'error',
  file: 'a.yaml',
  line: 7,
  column: 3,
  message: 'it never ends, at 100%',
  why: 'Nobody ends it.',
  mend: 'End it.',
  flown: 'it hangs',
}

const report: CheckReport = {
  schema: 'coalmine.check/v1',
  version: '1.0.0',
  paths: ['a.yaml'],
  wantedRatePerSecond: null,
  seed: 1,
  rollouts: [
    {
      name: 'shop',
      namespace: 'default',
      file: 'a.yaml',
      line: 1,
      column: 1,
      world: {
        scenario: null,
        ratePerSecond: 100,
        users: 10_000,
        releaseAtMs: 300_000,
        durationMs: 1_800_000,
        healthyMs: 770_042,
        unanswered: ['errors (datadog)'],
        isPromotedBlindly: false,
      },
      flights: [
        flight('healthy', 'nothing wrong', { wanted: 'promoted', verdicts: verdicts(0.97, 0.03), detectionMs: never }),
        flight('errors-100', '100 % errors', { verdicts: verdicts(1, 0), caught: sure(0), budgets: [budget('fails')] }),
        flight('errors-10', '10 % errors', { budgets: [budget('holds')] }),
        flight('errors-1', '1 % errors', {
          verdicts: verdicts(0.04, 0.96),
          budgets: [budget('undecided', { measured: 0.04, low: 0.01, high: 0.09, neededRuns: 1200 })],
        }),
        flight('crash-loop', 'crash loop', { verdicts: verdicts(0, 0, 1), caught: sure(0) }),
      ],
    },
  ],
  findings: [finding, { ...finding, severity: 'note', rule: 'small', line: 0, column: 0, flown: null }],
  ignored: [{ finding: { ...finding, line: 9 }, reason: 'known' }],
}

describe('For people', () => {
  const lines = checkText(report, noColours, 200).split('\n')

  it('there is a row for each fault, with what became of it', () => {
    expect(lines.slice(0, 11)).toEqual([
      'Rollout shop  a.yaml:1:1  100 runs of each',
      '  100/s of 10,000 users, both assumed (say yours with --rate); a good release takes 12m50s',
      '  nobody said what errors (datadog) answers, so nothing fails by it: say it in a scenario (coalmine init)',
      '',
      '                           detected after  requests hurt  users hurt   error',
      '                   caught      p50    p90     p50    p90    p50  p90  budget',
      '  ! nothing wrong       –        –      –   1,234  2,345   12.3   40   0.5 %  taken back for nothing in 3 %',
      '  ✖ 100 % errors      0 %     1m1s  1m30s   1,234  2,345   12.3   40   0.5 %  missed',
      '  ✔ 10 % errors     100 %     1m1s  1m30s   1,234  2,345   12.3   40   0.5 %  caught',
      '  ? 1 % errors      100 %     1m1s  1m30s   1,234  2,345   12.3   40   0.5 %  missed in 4 %',
      '  ! crash loop        0 %     1m1s  1m30s   1,234  2,345   12.3   40   0.5 %  hangs',
    ])
  })

  it('what breaks a budget is told with the line that shows it, and what the runs don’t decide with how many would', () => {
    expect(lines.slice(12, 15)).toEqual([
      '  ✖ 100 % errors breaks missed < 5%: 100 %  (95 % to 100 %)',
      '    See it: coalmine init a.yaml --fault errors-100 -o errors-100.yaml && coalmine run errors-100.yaml --seed 3',
      '  ? So many runs don’t decide missed < 5% of 1 % errors; about 1,200 would (--runs)',
    ])
  })

  it('findings have their place, why, what a flight shows, and what to do', () => {
    expect(lines.slice(16)).toEqual([
      'a.yaml:7:3  error  it never ends, at 100% [no-end]',
      '    Nobody ends it.',
      '    Flown: it hangs',
      '  → End it.',
      '',
      'a.yaml  note  it never ends, at 100% [small]',
      '    Nobody ends it.',
      '  → End it.',
      '',
      '1 Rollout: 1 error, 0 warnings, 1 note, 1 broken budget, 1 ignored',
    ])
  })

  it('a narrow terminal gets fewer columns, and never a row that is wider', () => {
    for (const columns of [100, 80, 60]) {
      const rows = checkText(report, noColours, columns)
        .split('\n')
        .filter((line) => /^ {2}[✔✖!?] \S.* (caught|missed|hangs|nothing)/.test(line) && !line.includes('breaks'))
      expect(rows.length).toBeGreaterThanOrEqual(4)
      for (const row of rows.filter((line) => !line.includes('So many')))
        expect(row.length).toBeLessThanOrEqual(columns)
    }
  })

  it('colour is around words, and changes none of them', () => {
    const painted = checkText(report, colours, 200)
    expect(painted).toContain('\u001b[31m✖\u001b[39m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what must go
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(lines.join('\n'))
  })

  it('a fault that was not flown any more, as somebody interrupted it, says so', () => {
    const [rollout] = report.rollouts
    const unflown = flight('latency', '+50 % latency', { runs: 0, caught: sure(0), verdicts: verdicts(0, 0) })
    const told = checkText({ ...report, rollouts: [{ ...rollout!, flights: [unflown] }] }, noColours, 200)
    expect(told).toMatch(/^ {2}\? \+50 % latency +– .* not flown$/m)
  })

  it('what was not flown says so', () => {
    const { world: _, ...unflown } = report.rollouts[0]!
    const told = checkText({ ...report, rollouts: [{ ...unflown, world: null, flights: [] }] }, noColours, 200)
    expect(told).toMatch(/^Rollout shop {2}a.yaml:1:1\n {2}not flown: /)
  })
})

it("For GitHub's runner each finding is a command, with what its syntax uses written otherwise", () => {
  expect(checkGithub(report).split('\n')).toEqual([
    '::error file=a.yaml,line=7,col=3,title=coalmine no-end::it never ends, at 100%25%0ANobody ends it.%0AFlown: it hangs%0AEnd it.',
    '::notice file=a.yaml,title=coalmine small::it never ends, at 100%25%0ANobody ends it.%0AEnd it.',
    '::error file=a.yaml,line=1,col=1,title=coalmine Rollout shop::100 %25 errors breaks missed < 5%25: 100 %25  (95 %25 to 100 %25)',
    '::warning file=a.yaml,line=1,col=1,title=coalmine Rollout shop::1 %25 errors may break missed < 5%25: 4 %25  (1 %25 to 9 %25); 100 runs don’t decide it, some 1,200 would (--runs)',
  ])
})

it('In SARIF each rule has its page, each finding its rule and place, and what is ignored is suppressed with its reason', () => {
  const rules: readonly Rule[] = [
    { id: 'no-end', severity: 'error', title: 'It never ends.', versions: 'argo-rollouts up to 1.8' },
    { id: 'small', severity: 'note', title: 'Small.' },
  ]
  const log = checkSarif(report, rules, (id) => (id === 'small' ? undefined : `# ${id}`))
  const [run] = (log as { runs: { tool: { driver: { rules: unknown[] } }; results: Record<string, unknown>[] }[] }).runs
  expect(run!.tool.driver.rules).toMatchObject([
    { id: 'no-end', defaultConfiguration: { level: 'error' }, help: { markdown: '# no-end' } },
    { id: 'small', defaultConfiguration: { level: 'note' } },
    { id: 'budget' },
  ])
  expect(
    run!.results.map(({ ruleId, ruleIndex, level, suppressions }) => [ruleId, ruleIndex, level, suppressions]),
  ).toEqual([
    ['no-end', 0, 'error', undefined],
    ['small', 1, 'note', undefined],
    ['no-end', 0, 'error', [{ kind: 'inSource', justification: 'known' }]],
    ['budget', 2, 'error', undefined],
    ['budget', 2, 'warning', undefined],
  ])
  expect(run!.results[0]).toMatchObject({
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 7, startColumn: 3 } } },
    ],
  })
})
