// A check as text: for each Rollout a table of what became of the faults, then what was found in the manifests.
import { formatPlace } from '../scenario/problem.js'
import { formatRate } from '../scenario/units.js'
import type { Finding } from '../study/check/finding.js'
import type { Flight, Quantiles } from '../study/check/flight.js'
import type { CheckedRollout, CheckedWorld, CheckReport } from '../study/check/report.js'
import { severities } from '../study/check/rule.js'
import type { Estimate } from '../study/study.js'
import { type BrokenBudget, brokenIn, budgetText } from './check-words.js'
import type { Paint } from './paint.js'
import { visible } from './tree-table.js'
import { grouped, percent, quoted, rounded, wholeSeconds } from './words.js'

export function checkText(report: CheckReport, paint: Paint, columns: number): string {
  const { rollouts, findings } = report
  const parts = [
    ...rollouts.map((rollout) => rolloutText(rollout, report, paint, columns)),
    ...findings.map((finding) => findingText(finding, paint, columns)),
    summary(report, paint),
  ]
  return parts.join('\n\n')
}

function rolloutText(rollout: CheckedRollout, report: CheckReport, paint: Paint, columns: number): string {
  const { name, namespace, flights, world } = rollout
  const where = namespace === 'default' ? '' : ` in ${namespace}`
  const head = `${paint.strong(`Rollout ${name}`)}${where}  ${paint.faint(formatPlace(rollout))}`
  if (!world) return `${head}\n  ${paint.bad('not flown')}: errors that are told keep it from that`
  return [
    `${head}  ${paint.faint(`${runsText(flights)} runs of each`)}`,
    ...worldLines(world, paint),
    '',
    ...table(flights, paint, columns),
    ...budgetLines(rollout, report, paint, columns),
  ].join('\n')
}

function runsText(flights: readonly Flight[]): string {
  const runs = flights.map((flight) => flight.runs)
  const [least, most] = [Math.min(...runs), Math.max(...runs)]
  return least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`
}

function worldLines(world: CheckedWorld, paint: Paint): readonly string[] {
  const { scenario, ratePerSecond, users, healthyMs, unanswered, isPromotedBlindly } = world
  const rate = formatRate(Number(ratePerSecond.toPrecision(3)))
  const from = scenario === null ? 'both assumed (say yours with --rate)' : `as in ${scenario}`
  return [
    paint.faint(`  ${rate} of ${grouped(users)} users, ${from}; a good release takes ${wholeSeconds(healthyMs)}`),
    ...(isPromotedBlindly
      ? [paint.busy('  where the policy waits for a person, one is assumed who promotes without a look at anything')]
      : []),
    ...unanswered.map((metric) =>
      paint.busy(`  nobody said what ${metric} answers, so nothing fails by it: say it in a scenario (coalmine init)`),
    ),
  ]
}

interface Column {
  readonly group: string
  readonly title: string
  readonly cell: (flight: Flight) => string
  /** Those with the greatest are left out first where there is no room. */
  readonly rank: number
}

const both = (
  group: string,
  of: (flight: Flight) => Quantiles,
  show: (value: number) => string,
  ranks: readonly [number, number],
): readonly Column[] =>
  (['p50', 'p90'] as const).map((title, index) => ({
    group,
    title,
    cell: (flight) => quantile(of(flight)[title], show),
    rank: ranks[index]!,
  }))

const columnsOfTable: readonly Column[] = [
  { group: '', title: 'caught', cell: caughtCell, rank: 0 },
  ...both('detected after', ({ detectionMs }) => detectionMs, wholeSeconds, [1, 4]),
  ...both('requests hurt', ({ requests }) => requests, rounded, [3, 5]),
  ...both('users hurt', ({ users }) => users, rounded, [2, 6]),
  {
    group: 'error',
    title: 'budget',
    cell: ({ budgetSpentPercent }) => quantile(budgetSpentPercent.p50, percent),
    rank: 7,
  },
]

interface Shown extends Column {
  readonly cells: readonly string[]
  width: number
}

function table(flights: readonly Flight[], paint: Paint, columns: number): readonly string[] {
  const rows = flights.map((flight) => ({ flight, ...outcomeOf(flight) }))
  const nameWidth = widest(['', ...flights.map(({ title }) => title)])
  const lastWidth = widest(rows.map(({ words }) => words))
  const shown = fitting(flights, columns - 4 - nameWidth - 2 - lastWidth)
  const indent = ' '.repeat(4 + nameWidth)
  const titles = shown.map(({ title, width }) => `  ${title.padStart(width)}`).join('')
  return [
    paint.faint(`${indent}${groupTitles(shown)}`.trimEnd()),
    paint.faint(`${indent}${titles}`),
    ...rows.map(({ flight, mark, words }, row) => {
      const cells = shown.map(({ cells, width }) => `  ${cells[row]!.padStart(width)}`).join('')
      const painted = painter(mark, paint)
      return `  ${painted(mark)} ${flight.title.padEnd(nameWidth)}${cells}  ${painted(words)}`
    }),
  ]
}

function fitting(flights: readonly Flight[], room: number): readonly Shown[] {
  let shown = columnsOfTable.map((column): Shown => {
    const cells = flights.map(column.cell)
    return { ...column, cells, width: widest([column.title, ...cells]) }
  })
  const widthOf = () => shown.reduce((sum, { width }) => sum + 2 + width, 0)
  for (;;) {
    for (const group of groupsIn(shown)) widen(group)
    if (widthOf() <= room || shown.length === 1) return shown
    const last = shown.reduce((worst, each) => (each.rank > worst.rank ? each : worst))
    shown = shown.filter((each) => each !== last)
  }
}

/** Neighbours of one group. */
function groupsIn(shown: readonly Shown[]): readonly (readonly Shown[])[] {
  return [...new Set(shown.map(({ group }) => group))].map((group) => shown.filter((each) => each.group === group))
}

/** So that the title of the group has room above it. */
function widen(group: readonly Shown[]): void {
  const missing = group[0]!.group.length - group.reduce((sum, { width }) => sum + 2 + width, -2)
  if (missing > 0) group[0]!.width += missing
}

function groupTitles(shown: readonly Shown[]): string {
  return groupsIn(shown)
    .map((group) => `  ${group[0]!.group.padStart(group.reduce((sum, { width }) => sum + 2 + width, -2))}`)
    .join('')
}

type Mark = '✔' | '✖' | '!' | '?'

function outcomeOf({ wanted, runs, verdicts, budgets }: Flight): { readonly mark: Mark; readonly words: string } {
  // Somebody has interrupted it.
  if (runs === 0) return { mark: '?', words: 'not flown' }
  const { promoted, aborted, paused, stuck } = verdicts
  const [words, isGood] =
    wanted === 'stopped'
      ? stoppedWords(promoted.value, aborted.value + paused.value, stuck.value)
      : promotedWords(promoted.value, aborted.value, paused.value + stuck.value)
  if (budgets.some(({ answer }) => answer === 'fails')) return { mark: '✖', words }
  if (budgets.some(({ answer }) => answer === 'undecided')) return { mark: '?', words }
  return { mark: isGood ? '✔' : '!', words }
}

function stoppedWords(missed: number, caught: number, stuck: number): readonly [string, isGood: boolean] {
  if (missed === 1) return ['missed', false]
  if (missed > 0) return [`missed in ${share(missed)}`, false]
  if (stuck === 1) return ['hangs', false]
  if (stuck > 0) return [`hangs in ${share(stuck)}`, false]
  return ['caught', caught === 1]
}

function promotedWords(promoted: number, aborted: number, hanging: number): readonly [string, isGood: boolean] {
  if (promoted === 1) return ['promoted', true]
  const parts = [
    ...(aborted === 1
      ? ['taken back for nothing']
      : aborted > 0
        ? [`taken back for nothing in ${share(aborted)}`]
        : []),
    ...(hanging === 1 ? ['hangs'] : hanging > 0 ? [`hangs in ${share(hanging)}`] : []),
  ]
  return [parts.join(', '), false]
}

function painter(mark: Mark, paint: Paint): (text: string) => string {
  return mark === '✔' ? paint.good : mark === '✖' ? paint.bad : paint.busy
}

function caughtCell({ wanted, runs, caught }: Flight): string {
  return wanted === 'stopped' && runs > 0 ? share(caught.value) : '–'
}

function quantile(estimate: Estimate | null, show: (value: number) => string): string {
  return estimate === null ? '–' : show(estimate.value)
}

function budgetLines(rollout: CheckedRollout, report: CheckReport, paint: Paint, columns: number): readonly string[] {
  const broken = brokenIn([rollout])
  const sure = broken.filter(({ budget }) => budget.answer === 'fails')
  const unsure = broken.filter(({ budget }) => budget.answer !== 'fails')
  const line = sure[0] && replayLine(sure[0], report)
  const lines = [
    ...sure.map((each) => paint.bad(`  ✖ ${budgetText(each)}`)),
    ...(line === undefined ? [] : [paint.faint(`    See it: ${line}`)]),
    ...(unsure.length === 0 ? [] : undecidedLines(unsure, columns).map(paint.busy)),
  ]
  return lines.length === 0 ? [] : ['', ...lines]
}

/** By a scenario of its own; where one was given, or the manifests have no name, there is no such line. */
function replayLine(
  { rollout, flight, budget }: BrokenBudget,
  { rollouts, paths, wantedRatePerSecond, seed }: CheckReport,
): string | undefined {
  if (rollout.world?.scenario !== null || paths.includes('-')) return undefined
  const file = `${flight.fault}.yaml`
  const which = rollouts.length > 1 ? ['--rollout', rollout.name] : []
  const rated = wantedRatePerSecond === null ? [] : ['--rate', formatRate(wantedRatePerSecond)]
  const words = ['coalmine', 'init', ...paths, ...which, ...rated, '--fault', flight.fault, '-o', file]
  return `${words.map(quoted).join(' ')} && coalmine run ${file} --seed ${budget.worst[0]?.seed ?? seed}`
}

/** With few runs that may be all of them. */
function undecidedLines(unsure: readonly BrokenBudget[], columns: number): readonly string[] {
  const needed = Math.max(...unsure.map(({ budget }) => budget.neededRuns ?? 0))
  const more = needed === 0 ? '' : `; about ${grouped(needed)} would (--runs)`
  const named = unsure.map(({ flight, budget }) => `${budget.budget} of ${flight.title}`)
  const [first = '', ...others] = wrapped(`? So many runs don’t decide ${named.join(', ')}${more}`, columns)
  return [first.slice(2), ...others]
}

function findingText(finding: Finding, paint: Paint, columns: number): string {
  const { severity, rule, message, why, mend, flown } = finding
  const painted = severity === 'error' ? paint.bad : severity === 'warning' ? paint.busy : paint.faint
  const lines = [
    `${formatPlace(finding)}  ${painted(severity)}  ${paint.strong(message)} ${paint.faint(`[${rule}]`)}`,
    ...wrapped(why, columns),
    ...(flown === null ? [] : wrapped(`Flown: ${flown}`, columns)),
    ...wrapped(mend, columns).map((line, index) => (index === 0 ? line.replace('    ', '  → ') : line)),
  ]
  return lines.join('\n')
}

function wrapped(text: string, columns: number): readonly string[] {
  if (text === '') return []
  const lines: string[] = []
  let line = '   '
  for (const word of text.split(/\s+/)) {
    if (visible(line) + 1 + word.length > Math.min(columns, mostColumns) && line.trim() !== '') {
      lines.push(line)
      line = '   '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

/** Longer lines are hard to read. */
const mostColumns = 110

function summary(report: CheckReport, paint: Paint): string {
  const { rollouts, findings, ignored } = report
  const count = (severity: Finding['severity']) => findings.filter((each) => each.severity === severity).length
  const broken = brokenIn(rollouts).filter(({ budget }) => budget.answer === 'fails').length
  const parts = [
    ...severities.map((severity) => counted(count(severity), severity)),
    counted(broken, 'broken budget'),
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored`]),
  ]
  const painted = count('error') + broken > 0 ? paint.bad : count('warning') > 0 ? paint.busy : paint.good
  return painted(`${counted(rollouts.length, 'Rollout')}: ${parts.join(', ')}`)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function share(ratio: number): string {
  return percent(ratio * 100)
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length))
}
