// The comparison of two policies as text: a table for each world, one for all of them, and what it comes to.
import type { Comparison, Row, RowAnswer, World } from '../study/compare/comparison.js'
import type { Gate, GateAnswer, Limit } from '../study/compare/gate.js'
import type { ComparedMetric } from '../study/compare/metrics.js'
import { broken } from './broken.js'
import {
  answerMark,
  count,
  type Flown,
  faultsText,
  phrase,
  rowsToShow,
  sameText,
  sentences,
  titles,
  valueText,
  worldTitle,
} from './compare-words.js'
import type { Paint } from './paint.js'
import { grouped, percent } from './words.js'

export function compareText(comparison: Comparison, paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const { first, second, worlds, overall } = comparison
  const level = percent(100 * comparison.confidence)
  return [
    `${paint.strong('A')}  ${first}`,
    `${paint.strong('B')}  ${second}`,
    paint.faint(`The same tapes for both. Each interval holds by itself at ${level}.`),
    '',
    ...worlds.flatMap((world) => [...worldLines(world, paint), '']),
    ...(overall === null ? [] : [...overallLines(overall, worlds, paint), '']),
    ...broken(summary(comparison), columns),
    ...(comparison.gate === null
      ? []
      : ['', ...gateLines(comparison.gate, comparison, paint).flatMap((line) => broken(line, columns))]),
  ].join('\n')
}

function worldLines(world: World, paint: Paint): readonly string[] {
  const { runs, seed } = world
  const seeds = paint.faint(runs === 1 ? `1 run, seed ${seed}` : `${grouped(runs)} runs each from seed ${seed}`)
  return [`${paint.strong(worldTitle(world))}  ${seeds}`, ...tableLines(world.rows, { runs, worlds: 1 }, paint)]
}

function overallLines(rows: readonly Row[], worlds: readonly World[], paint: Paint): readonly string[] {
  const head = `${paint.strong('overall')}  ${paint.faint(`each of the ${worlds.length} above weighs the same`)}`
  return [head, ...tableLines(rows, flownIn(worlds), paint)]
}

function tableLines(rows: readonly Row[], flown: Flown, paint: Paint): readonly string[] {
  const same = sameText(rows)
  if (same !== undefined) return [`  ${same}`]
  const shown = rowsToShow(rows)
  const cells = shown.map((row) => [
    titles[row.metric],
    valueText(row.unit, row.first),
    valueText(row.unit, row.second),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(1, ...cells.map((each) => each[column]!.length)))
  const align = ([title, first, second]: readonly string[]) =>
    `${title!.padEnd(widths[0]!)}  ${first!.padStart(widths[1]!)}  ${second!.padStart(widths[2]!)}`
  return [
    paint.faint(`  ${align(['', 'A', 'B'])}    B compared with A`),
    ...shown.map((row, index) => `  ${align(cells[index]!)}  ${painted(row, paint)} ${phrase(row, flown)}`),
  ]
}

function painted(row: Row, paint: Paint): string {
  const mark = answerMark(row)
  return row.answer === 'worse' ? paint.bad(mark) : row.answer === 'better' ? paint.good(mark) : mark
}

export function summary({ isIdentical, overall, worlds }: Comparison): string {
  if (isIdentical) return 'A and B say the same: every difference is exactly 0.'
  const whole = wholeSummary(overall ?? worlds[0]!.rows, worlds)
  return [whole, ...(overall === null ? [] : turns(worlds))].join(' ')
}

/** What one catches and the other doesn't may cancel out over all worlds, and is what people have to know. */
function turns(worlds: readonly World[]): readonly string[] {
  const where = (metric: ComparedMetric, wanted: RowAnswer) =>
    worlds
      .filter(({ rows }) => rows.some((row) => row.metric === metric && row.answer === wanted))
      .map((world) => faultsText(world))
  const kinds = [
    ['missed', 'worse', 'B misses more of'],
    ['missed', 'better', 'B misses fewer of'],
    ['false_abort', 'worse', 'B stops for nothing more often under'],
    ['false_abort', 'better', 'B stops for nothing less often under'],
  ] as const
  return kinds.flatMap(([metric, answer, says]) => {
    const found = where(metric, answer)
    return found.length === 0 ? [] : [`${says}: ${found.join('; ')}.`]
  })
}

/** In one sentence. */
function wholeSummary(rows: readonly Row[], worlds: readonly World[]): string {
  const told = sentences(rows, flownIn(worlds))
  if (told.length > 0) return `B ${told.join('; ')}.`
  const all = count(flownIn(worlds).runs)
  if (rows.every(({ answer }) => answer === null || answer === 'equal')) {
    return `A and B came to the same in every one of ${all}.`
  }
  const titlesOf = (wanted: RowAnswer) =>
    rows.filter(({ answer }) => answer === wanted).map(({ metric }) => titles[metric])
  const ways = (['worse', 'better'] as const).flatMap((answer) => {
    const about = titlesOf(answer)
    return about.length === 0 ? [] : [`${answer} in ${about.join(', ')}`]
  })
  return ways.length > 0 ? `B is ${ways.join('; ')}.` : `Nothing tells B from A in ${all} of each.`
}

/** What is worse and what isn't known line by line, and the rest as a number. */
export function gateLines(gate: Gate, { worlds, overall }: Comparison, paint: Paint): readonly string[] {
  const level = percent(100 * gate.confidence)
  const of = (answer: GateAnswer) => gate.limits.filter((limit) => limit.answer === answer)
  const line = (limit: Limit) => {
    const [where, rows, flown] = placeOf(limit, worlds, overall)
    const row = rows.find(({ metric }) => metric === limit.metric)!
    return `    ${titles[limit.metric]}, ${where}: ${phrase(row, flown)}; the margin is ${percent(100 * limit.margin)}`
  }
  const [worse, undecided, within] = [of('worse'), of('undecided'), of('within')]
  const lines: string[] = []
  if (worse.length > 0) lines.push(paint.bad('✖ B is worse beyond the margin:'), ...worse.map(line))
  if (undecided.length > 0) {
    const needed = Math.max(...undecided.map(({ neededRuns }) => neededRuns ?? 0))
    const hint = needed > 0 ? `: --runs ${roundUp(needed)} would probably tell` : ''
    const about = [...new Set(undecided.map(({ metric }) => titles[metric]))].join(', ')
    lines.push(paint.busy(`? B may be worse beyond the margin, or not, in ${about}${hint}`))
  }
  const all = gate.limits.length
  if (within.length > 0)
    lines.push(
      paint.good(`✔ B is within the margin in ${within.length === all ? 'all' : `${within.length} of`} ${all} figures`),
    )
  return [...lines, paint.faint(`All of this together holds at ${level}.`)]
}

function placeOf(
  { world }: Limit,
  worlds: readonly World[],
  overall: readonly Row[] | null,
): readonly [where: string, rows: readonly Row[], flown: Flown] {
  if (world === null) return ['overall', overall!, flownIn(worlds)]
  const one = worlds[world]!
  return [`${faultsText(one)} (${one.scenario})`, one.rows, { runs: one.runs, worlds: 1 }]
}

export function flownIn(worlds: readonly World[]): Flown {
  return { runs: worlds.reduce((sum, { runs }) => sum + runs, 0), worlds: worlds.length }
}

/** To two digits. */
function roundUp(runs: number): number {
  const step = 10 ** Math.max(0, String(runs).length - 2)
  return step * Math.ceil(runs / step)
}
