// A report of tests for a terminal: each scenario with its budgets, what they measured, and the runs to look at.
import type { BudgetUnit } from '../../scenario/budget.js'
import {
  type BudgetReport,
  type Compared,
  type ScenarioReport,
  type Status,
  type TestReport,
  unitOf,
  type Value,
} from '../../study/test/report.js'
import type { Paint } from '../paint.js'
import { fidelityText, grouped, lasting, percent, quoted, rounded } from '../words.js'

export function defaultReport({ scenarios }: TestReport, paint: Paint): string {
  if (scenarios.length === 0) return 'No scenarios were tested.'
  const width = Math.max(...scenarios.flatMap(({ budgets }) => budgets.map(({ budget }) => budget.length)))
  return [...scenarios.map((scenario) => scenarioText(scenario, width, paint)), '', summaryText(scenarios, paint)].join(
    '\n',
  )
}

const icons: Readonly<Record<Status, string>> = { passed: '✔', failed: '✖', undecided: '?', unfinished: '◌' }

function scenarioText(scenario: ScenarioReport, width: number, paint: Paint): string {
  const { status, name, file, runs, seed, fidelity, budgets } = scenario
  const about = paint.faint(`${grouped(runs)} runs from seed ${seed}${fidelityText(fidelity)}`)
  const head = `${painted(status, paint)(`${icons[status]} ${name}`)}  ${about}`
  const lines = budgets.map((each) => budgetText(each, scenario, width, paint))
  const where = status === 'passed' ? [] : [paint.faint(`    ${file}`)]
  return [head, ...where, ...lines].join('\n')
}

const answerIcons = { holds: '✔', fails: '✖', undecided: '?' } as const

function budgetText(report: BudgetReport, { file }: ScenarioReport, width: number, paint: Paint): string {
  const { answer, budget } = report
  const status = answer === 'holds' ? 'passed' : answer === 'fails' ? 'failed' : 'undecided'
  const head = `    ${painted(status, paint)(answerIcons[answer])} ${budget.padEnd(width)}  ${measuredText(report)}`
  if (answer === 'holds') return head
  const lines = [`${head}  ${paint.faint(`${file}:${report.line}:${report.column}`)}`]
  if (answer === 'undecided') lines.push(`        ${undecidedText(report)}`)
  for (const line of movedText(report)) lines.push(`        ${line}`)
  for (const line of worstText(report, file)) lines.push(`        ${paint.faint(line)}`)
  return lines.join('\n')
}

/** The figure of these runs, and between which two the true one lies. */
export function measuredText(report: BudgetReport): string {
  if (report.baseline) return comparedText(report.baseline)
  return report.swarms ? `${figureText(report)}, by ${report.swarms} swarms of luckier canaries` : figureText(report)
}

export function figureText(report: Pick<BudgetReport, 'budget' | 'measured' | 'low' | 'high'>): string {
  const { measured, low, high } = report
  if (measured === null) return 'nothing to measure: a budget that can’t fail says nothing'
  const show = showIn(unitOf(report))
  if (low === null && high === null) return show(measured)
  if (low === high) return show(measured)
  const bound = (value: Value, otherwise: string) => (value === null ? otherwise : show(value))
  return `${show(measured)}  (${bound(low, 'no bound')} to ${bound(high, 'no bound')})`
}

function comparedText({ compared, moved, isIdentical }: Compared): string {
  if (moved.length === 0) return isIdentical ? 'the same, run by run' : `none of ${compared} figures has clearly moved`
  return `${moved.length} of ${compared} figures ${moved.length === 1 ? 'has' : 'have'} clearly moved`
}

/** Of what has moved a line each, in columns: what it was and is, and between which two the change lies. */
export function movedText({ baseline }: BudgetReport): readonly string[] {
  const rows = (baseline?.moved ?? []).map(({ figure, unit, before, after, low, high, isRelative }) => {
    const show = showIn(unit)
    const change = (value: number | null) => {
      if (value === null) return 'no bound'
      const size = Math.abs(value)
      return `${value < 0 ? '−' : '+'}${isRelative ? percent(100 * size) : show(size)}`
    }
    return [figure, `${show(before)} → ${show(after)}`, `(${change(low)} to ${change(high)})`] as const
  })
  const [figures, values] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
  return rows.map(([figure, value, change]) => `${figure.padEnd(figures!)}  ${value.padEnd(values!)}  ${change}`)
}

export function undecidedText({ neededRuns }: BudgetReport): string {
  if (neededRuns === null) return 'undecided: it is at its limit, as far as these runs can tell'
  return `undecided: about ${grouped(neededRuns)} runs would decide; allow them by --max-runs, or ask for them by --runs`
}

/** The line that replays each; of what has moved, the line by which that is accepted. */
export function worstText(report: BudgetReport, file: string): readonly string[] {
  if (report.baseline)
    return report.baseline.moved.length === 0 ? [] : [`coalmine test ${quoted(file)} -u  # if it shall be so`]
  const show = showIn(unitOf(report))
  const isEvent = report.budget.startsWith('missed') || report.budget.startsWith('false_abort')
  const lines = report.worst.map(({ seed }) => `coalmine run ${quoted(file)} --seed ${seed}`)
  const width = Math.max(...lines.map((line) => line.length))
  return report.worst.map(({ value }, index) => {
    return isEvent ? lines[index]! : `${lines[index]!.padEnd(width)}  # ${show(value)}`
  })
}

function showIn(unit: BudgetUnit): (value: Value) => string {
  const number = { duration: lasting, ratio: (value: number) => percent(100 * value), count: rounded, verdict: String }[
    unit
  ]
  return (value) => (typeof value === 'number' ? number(value) : String(value))
}

function painted(status: Status, paint: Paint): (text: string) => string {
  return { passed: paint.good, failed: paint.bad, undecided: paint.busy, unfinished: paint.busy }[status]
}

/** `Scenarios  1 failed | 11 passed (12)`, and the same of budgets. */
function summaryText(scenarios: readonly ScenarioReport[], paint: Paint): string {
  const ofBudgets = scenarios.flatMap(({ budgets }) =>
    budgets.map(
      ({ answer }): Status => ({ holds: 'passed', fails: 'failed', undecided: 'undecided' })[answer] as Status,
    ),
  )
  const runs = scenarios.reduce((sum, each) => sum + each.runs, 0)
  return [
    `Scenarios  ${countsText(
      scenarios.map(({ status }) => status),
      paint,
    )}`,
    `  Budgets  ${countsText(ofBudgets, paint)}`,
    `     Runs  ${grouped(runs)}`,
  ].join('\n')
}

const order: readonly Status[] = ['failed', 'undecided', 'unfinished', 'passed']

function countsText(statuses: readonly Status[], paint: Paint): string {
  const counts = order.flatMap((status) => {
    const count = statuses.filter((each) => each === status).length
    return count === 0 ? [] : [painted(status, paint)(`${count} ${status}`)]
  })
  return `${counts.join(' | ')} ${paint.faint(`(${statuses.length})`)}`
}
