// A study as text: the shares of the verdicts and the distributions of the numbers that matter.
import type { Distribution, Study } from '../study/study.js'
import type { Paint } from './paint.js'
import { fidelityText, grouped, lasting, percent, rounded } from './words.js'

type Show = (value: number) => string

const shown: readonly (readonly [name: string, title: string, show: Show])[] = [
  ['detectionMs', 'detection time', lasting],
  ['timeToSafeMs', 'time to safe', lasting],
  ['blastRadius.requests.exposed', 'requests exposed', rounded],
  ['blastRadius.requests.excess', 'requests in excess', rounded],
  ['blastRadius.users.exposed', 'users exposed', rounded],
  ['blastRadius.users.harmed', 'users harmed', rounded],
  ['blastRadius.userMinutes', 'user-minutes', rounded],
  ['blastRadius.budgetSpentPercent', 'error budget spent', percent],
  ['blastRadius.peakWeightPercent', 'peak weight', percent],
]

export function studyText(study: Study, teaches: string, paint: Paint): string {
  const verdicts = Object.entries(study.verdicts)
    .filter(([, share]) => share > 0)
    .map(([verdict, share]) => `${paint.strong(verdict)} ${percent(share * 100)}`)
  const { missed, falseAborts } = study
  if (missed > 0) verdicts.push(paint.bad(`missed ${percent(missed * 100)}`))
  if (falseAborts > 0) verdicts.push(paint.bad(`false aborts ${percent(falseAborts * 100)}`))
  const head = `${verdicts.join(', ')}  ${study.scenario}  ${paint.faint(`${grouped(study.runs)} runs from seed ${study.seed}${fidelityText(study.fidelity)}`)}`
  const titles = ['', 'p5', 'p50', 'p90', 'p95', 'p99', 'mean', '± s.e.', 'in runs']
  const rows = shown.map(([name, title, show]) => row(title, study.numbers[name], show))
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column]!.length)))
  const align = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
  return [
    head,
    `  ${teaches}`,
    '',
    paint.faint(`  ${align(titles)}`),
    ...rows.map((cells) => `  ${align(cells)}`),
  ].join('\n')
}

function row(title: string, numbers: Distribution | undefined, show: Show): readonly string[] {
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '-' : show(value))
  const { p5, p50, p90, p95, p99, mean, standardError, runs = 0 } = numbers ?? {}
  return [title, ...[p5, p50, p90, p95, p99, mean, tidy(standardError, mean)].map(cell), grouped(runs)]
}

/** The mean of equal numbers is off in its last digit, and they seem to vary by that much. */
function tidy(standardError: number | null | undefined, mean: number | null | undefined) {
  const isNoise = (standardError ?? 0) < 1e-9 * Math.abs(mean ?? 0)
  return typeof standardError === 'number' && isNoise ? 0 : standardError
}
