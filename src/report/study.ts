// A study as text: the shares of the verdicts and the distributions of the numbers that matter.
import type { Figure } from '../study/figures.js'
import type { Distribution, Estimate, Study } from '../study/study.js'
import type { Paint } from './paint.js'
import { fidelityText, grouped, lasting, percent, rounded } from './words.js'

type Show = (value: number) => string

const shown: readonly (readonly [name: Figure, title: string, show: Show])[] = [
  ['detectionMs', 'detection time', lasting],
  ['timeToSafeMs', 'time to safe', lasting],
  ['durationMs', 'duration', lasting],
  ['blastRadius.requests.exposed', 'requests exposed', rounded],
  ['blastRadius.requests.excess', 'requests in excess', rounded],
  ['blastRadius.users.exposed', 'users exposed', rounded],
  ['blastRadius.users.harmed', 'users harmed', rounded],
  ['blastRadius.userMinutes', 'user-minutes', rounded],
  ['blastRadius.budgetSpentPercent', 'error budget spent', percent],
  ['blastRadius.peakWeightPercent', 'peak weight', percent],
]

export function studyText(study: Study, paint: Paint): string {
  const verdicts = Object.entries(study.verdicts)
    .filter(([, { value }]) => value > 0)
    .map(([verdict, { value }]) => `${paint.strong(verdict)} ${percent(value * 100)}`)
  const { missed, falseAborts } = study
  if (missed.value > 0) verdicts.push(paint.bad(`missed ${shareText(missed)}`))
  if (falseAborts.value > 0) verdicts.push(paint.bad(`false aborts ${shareText(falseAborts)}`))
  const head = `${verdicts.join(', ')}  ${study.scenario}  ${paint.faint(`${grouped(study.runs)} runs from seed ${study.seed}${fidelityText(study.fidelity)}`)}`
  const titles = ['', 'p5', 'p50', 'p90', 'p95', 'p99', 'mean', '± 95 %', 'in runs']
  const rows = shown.map(([name, title, show]) => row(title, study.numbers[name], show))
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column]!.length)))
  const align = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
  return [
    head,
    `  ${study.teaches}`,
    '',
    paint.faint(`  ${align(titles)}`),
    ...rows.map((cells) => `  ${align(cells)}`),
  ].join('\n')
}

/** With how sure one can be of it. */
export function shareText({ value, low, high }: Estimate): string {
  const bounds = low === null || high === null ? '' : ` (${percent(low * 100)} to ${percent(high * 100)})`
  return `${percent(value * 100)}${bounds}`
}

function row(title: string, { p5, p50, p90, p95, p99, mean, runs }: Distribution, show: Show): readonly string[] {
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '-' : show(value))
  const reach = mean === null || mean.high === null ? null : mean.high - mean.value
  return [title, ...[p5, p50, p90, p95, p99, mean].map((each) => cell(each?.value)), cell(reach), grouped(runs)]
}
