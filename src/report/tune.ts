// What came of tuning, for a terminal: the points worth a look beside the policy as it is written, and why each is there.
import type { Estimate } from '../study/study.js'
import { limitErrors } from '../study/tune/limit.js'
import type { Binding, BudgetReport, ChangeReport, PointReport, Told, TuneReport } from '../study/tune/report.js'
import { broken } from './broken.js'
import type { Paint } from './paint.js'
import { figureText } from './test/default.js'
import { diffText } from './tune-diff.js'
import { grouped, lasting, percent, rounded } from './words.js'

/** Sentences are broken where a line would be wider than so many columns; tables and diffs stay as they are. */
export function tuneText(report: TuneReport, paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const { written, front, nearest } = report
  const parts = [headText(report, paint)]
  const rows = [...(nearest ? [nearest] : front), ...(written && !isAmong(written, front) ? [written] : [])]
  if (rows.length > 0) parts.push(tableText(rows, report, paint))
  if (nearest) parts.push(impossibleText(nearest, paint, columns))
  parts.push(
    ...front.filter(({ changes }) => changes.length > 0).map((point) => whyText(point, report, paint, columns)),
  )
  const notes = [...limitTexts(report), ...report.binding.map(bindingText), ...leftTexts(report)]
  if (notes.length > 0) parts.push(notes.flatMap((note) => broken(note, columns)).join('\n'))
  return parts.join('\n\n')
}

function headText({ scenario, candidates, refused, flights, seed, isWhole, worlds }: TuneReport, paint: Paint): string {
  const turned = `${grouped(candidates)} policies, ${grouped(refused)} of them refused; ${grouped(flights)} flights from seed ${seed}`
  const faults = worlds.filter(({ role }) => role === 'fault').map(({ title }) => title)
  const about = faults.length === 0 ? 'no faults: nobody is harmed' : `faults: ${faults.join('; ')}`
  const ended = isWhole ? '' : `\n${paint.busy('ended before the search was over')}`
  return `${paint.strong(scenario)}  ${paint.faint(turned)}\n  ${paint.faint(about)}${ended}`
}

function isAmong(written: PointReport, front: readonly PointReport[]): boolean {
  return front.some(({ label }) => label === written.label)
}

function tableText(points: readonly PointReport[], { knee, harm, written }: TuneReport, paint: Paint): string {
  const titles = ['', `users harmed (${harm})`, 'healthy release', 'false aborts', 'missed', 'detected', 'changes', '']
  const rows = points.map((point) => [
    `${point === written || point.label === written?.label ? '◯' : ' '} ${point.label}`,
    estimateText(point.harm, rounded),
    toldText(point.durationMs),
    estimateText(point.falseAborts, (share) => percent(share * 100)),
    percent(point.missed.value * 100),
    point.detectionMs === null ? '-' : lasting(point.detectionMs.value),
    String(point.changes.length),
    [point.label === knee ? 'knee' : '', budgetsText(point.budgets)].filter((text) => text !== '').join(', '),
  ])
  const widths = titles.map((title, column) => Math.max(...[title, ...rows.map((cells) => cells[column]!)].map(length)))
  const align = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
  const lines = rows.map((cells, index) => {
    const line = `  ${align(cells).trimEnd()}`
    return points[index]!.label === knee ? paint.strong(line) : line
  })
  return [paint.faint(`  ${align(titles).trimEnd()}`), ...lines, paint.faint('  ◯ as it is written')].join('\n')
}

function length(text: string): number {
  return text.length
}

function budgetsText(budgets: readonly BudgetReport[]): string {
  const broken = budgets.filter(({ answer }) => answer === 'fails').map(({ budget }) => `breaks ${budget}`)
  const open = budgets.filter(({ answer }) => answer === 'undecided').map(({ budget }) => `undecided: ${budget}`)
  return [...broken, ...open].join(', ')
}

function estimateText({ value, low, high }: Estimate, show: (value: number) => string): string {
  if (low === null || high === null || low === high) return show(value)
  return `${show(value)} (${show(low)} to ${show(high)})`
}

function toldText({ value }: Told): string {
  return value === 'never' ? 'never' : lasting(value)
}

function impossibleText({ budgets, changes }: PointReport, paint: Paint, columns: number): string {
  const failing = budgets.filter(({ answer }) => answer === 'fails')
  const told = failing.map((report) => `  ✖ ${report.budget}: ${figureText(report)}`)
  const head = `Nothing that was tried keeps to the budgets. The nearest breaks ${failing.length === 1 ? 'one' : failing.length}:`
  return [paint.bad(head), ...told, ...broken(`  ${changesText(changes)}`, columns, ', ')].join('\n')
}

function whyText(point: PointReport, { knee }: TuneReport, paint: Paint, columns: number): string {
  const lines = [...broken(`${paint.strong(point.label)}  ${changesText(point.changes)}`, columns, ', ')]
  if (point.label === knee) lines.push(diffText(point.diff, paint))
  return lines.join('\n')
}

function changesText(changes: readonly ChangeReport[]): string {
  if (changes.length === 0) return 'as it is written'
  return changes
    .map(({ title, from, to }) => (from === 'kept' ? `${title} ${to}` : `${title} ${from} → ${to}`))
    .join(', ')
}

/** Of the knee, and of the policy as it is written. */
function limitTexts({ front, knee, written, worlds }: TuneReport): readonly string[] {
  const best = front.find(({ label }) => label === knee)
  const points = [...(best ? [best] : []), ...(written && written.label !== knee ? [written] : [])]
  const faults = worlds.filter(({ role }) => role === 'fault')
  const sure = `${percent(limitErrors.falseAborts * 100)} false aborts and ${percent(limitErrors.missed * 100)} missed`
  return points.flatMap(({ label, limits }) =>
    limits.map(({ world, requests, limitMs, detectionMs, factor, requestsPerSecond }) => {
      const count = Math.ceil(requests)
      const needed = `A sequential test with ${sure} needs ${count === 1 ? '1 request' : `${grouped(count)} requests`} of the canary`
      const who = label === 'written' ? 'the policy as it is written' : label
      const where = faults.length > 1 ? `${faults.find(({ id }) => id === world)!.title}: ` : ''
      return `${where}${needed}: ${lasting(limitMs)} at ${rounded(requestsPerSecond)} a second. ${capital(who)} takes ${lasting(detectionMs)}, ${rounded(factor)} times as long.`
    }),
  )
}

function capital(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`
}

function bindingText({ budget, without, beats }: Binding): string {
  const { harm, durationMs, falseAborts, changes } = without
  const figures = `${rounded(harm.value)} users harmed, ${toldText(durationMs)}, ${percent(falseAborts.value * 100)} false aborts`
  return `Without \`${budget}\` ${beats} would be beaten: ${figures} (${changesText(changes)}).`
}

function leftTexts({ unturnable }: TuneReport): readonly string[] {
  return unturnable.map(
    ({ name, place: { file, line, column }, why }) => `${file}:${line}:${column}  ${name} stays: ${why}`,
  )
}
