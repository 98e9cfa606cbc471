// An explanation as text: for each metric its query, what every selector of it sees, and what it measured.
import type { ExplainedMetric, ExplainedRule, ExplainedWorld, Explanation } from '../run/explain/explain.js'
import type { Measurements } from '../run/explain/measurements.js'
import type { ExplainedQuery, QueryError } from '../run/explain/query.js'
import type { Remark } from '../run/explain/remarks.js'
import type { ExplainedSelector } from '../run/explain/selector.js'
import type { UnaskableMetric } from '../run/unaskable-metrics.js'
import { formatPlace } from '../scenario/problem.js'
import type { Signal } from '../scenario/signals.js'
import { formatBytes, formatDuration, formatPercentage, formatRate } from '../scenario/units.js'
import { broken } from './broken.js'
import type { Paint } from './paint.js'
import { verdictIcons } from './verdict.js'
import { labelSet, lasting, rounded } from './words.js'

/** Lines of a query stay as they were written; others are broken where they are wider than so many columns. */
export function explainText(explanation: Explanation, paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const { metrics, unaskable, rules } = explanation
  const none =
    metrics.length + unaskable.length === 0 ? ['', 'No analysis of this policy that can begin asks for a metric.'] : []
  const lines = [
    ...headLines(explanation, paint),
    ...none,
    ...metrics.flatMap((metric) => metricLines(metric, explanation, paint)),
    ...unaskable.flatMap((metric) => unaskableLines(metric, paint)),
    ...rules.flatMap((rule) => ruleLines(rule, paint)),
  ]
  const asWritten = new Set([...metrics, ...rules].flatMap(({ query }) => query?.text.split('\n').map(indented) ?? []))
  return lines.flatMap((line) => (asWritten.has(line) ? [line] : broken(line, columns))).join('\n')
}

function indented(line: string): string {
  return `    ${line}`
}

function headLines({ rollout, world, flight, metrics }: Explanation, paint: Paint): readonly string[] {
  const others = world.scenario === null ? metrics.filter(({ query }) => query === null) : []
  const what = flight ? flightText(flight, others, paint) : paint.bad('not flown: what is wrong has to be mended first')
  const where =
    world.scenario === null
      ? 'in an assumed world, as no scenario was given'
      : `in the world of ${world.scenario}, without its faults`
  return [`${paint.strong(`Rollout ${rollout}`)}  ${where}`, `  ${paint.faint(worldText(world))}`, `  ${what}`]
}

function flightText(
  { verdict, lastedMs }: NonNullable<Explanation['flight']>,
  others: readonly ExplainedMetric[],
  paint: Paint,
): string {
  const text = `${verdictIcons[verdict]} ${verdict}`
  const after = `${lasting(lastedMs)} after the release`
  return verdict === 'promoted'
    ? `${paint.good(text)} ${after}${others.length > 0 ? `, if ${others.map(({ name }) => name).join(', ')} succeed` : ''}`
    : `${paint.bad(text)} ${after}, though nothing was wrong`
}

function worldText(world: ExplainedWorld): string {
  const { ratePerSecond, errorRatio, p50Ms, p99Ms, cpuMsPerRequest, memoryBytes, scrapeEveryMs, promotedAfterMs } =
    world
  const cpu = cpuMsPerRequest === null ? '' : `, ${formatDuration(cpuMsPerRequest)} of CPU each`
  const memory = memoryBytes === null ? '' : `, ${formatBytes(memoryBytes)} of memory a pod`
  const promoter =
    promotedAfterMs === null ? '' : `; a person promotes what has been paused for ${formatDuration(promotedAfterMs)}`
  const latency = `p50 ${formatDuration(p50Ms)}, p99 ${formatDuration(p99Ms)}`
  const traffic = `${formatRate(ratePerSecond)}, ${formatPercentage(errorRatio)} errors, ${latency}${cpu}${memory}`
  return `${traffic}, scraped every ${formatDuration(scrapeEveryMs)}${promoter}`
}

function metricLines(metric: ExplainedMetric, { world, flight }: Explanation, paint: Paint): readonly string[] {
  const { name, template, place, askedBy, intervalMs, provider, query, measured } = metric
  const isAssumed = world.scenario === null
  const every = intervalMs === null ? 'once' : `every ${formatDuration(intervalMs)}`
  const rows: Row[] = [
    ...conditionRows(metric),
    ...(query === null ? [signalRow(metric, isAssumed, paint)] : []),
    ...(query === null && isAssumed ? [] : measuredRows(measured, flight !== null, paint)),
  ]
  return [
    '',
    `${paint.strong(name)}  ${paint.faint(`of ${template}, ${provider}, ${every}, for ${askedBy.join(', ')}`)}`,
    `  ${paint.faint(formatPlace(place))}`,
    ...(query === null ? [] : queryLines(query, paint)),
    '',
    ...rowLines(rows, paint),
  ]
}

function unaskableLines({ name, template, provider, place, message, hint }: UnaskableMetric, paint: Paint) {
  const of = [`of ${template}`, ...(provider === null ? [] : [provider])].join(', ')
  return [
    '',
    `${paint.strong(name)}  ${paint.faint(`${of}: no analysis that asks for it can begin`)}`,
    '',
    `  ${paint.bad(`✖ ${message}`)}  ${paint.faint(formatPlace(place))}`,
    ...(hint === null ? [] : [`      ${hint}`]),
  ]
}

function ruleLines({ kind, name, group, query, atEnd }: ExplainedRule, paint: Paint): readonly string[] {
  return [
    '',
    `${paint.strong(name)}  ${paint.faint(`${kind === 'alert' ? 'alerting' : 'recording'} rule of ${group}`)}`,
    `  ${paint.faint(formatPlace(query.place))}`,
    ...queryLines(query, paint),
    ...(atEnd === null ? [] : ['', ...rowLines([['at the end', valuesText(atEnd)]], paint)]),
  ]
}

function valuesText(values: readonly number[]): string {
  if (values.length === 0) return 'no value'
  const more = values.length - mostValues
  return `${values.slice(0, mostValues).map(short).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const mostValues = 5

function rowLines(rows: readonly Row[], paint: Paint): readonly string[] {
  return rows.map(([title, text]) => `  ${paint.faint(title.padEnd(9))}  ${text}`)
}

type Row = readonly [title: string, text: string]

function conditionRows({ successCondition, failureCondition }: ExplainedMetric): readonly Row[] {
  const rows: readonly (readonly [string, string | null])[] = [
    ['success', successCondition],
    ['failure', failureCondition],
  ]
  return rows.flatMap(([title, text]): Row[] => (text === null ? [] : [[title, text]]))
}

function queryLines(query: ExplainedQuery, paint: Paint): readonly string[] {
  const { text, error, selectors } = query
  const lines = text.trimEnd().split('\n')
  const shown = error === null ? lines : withCaret(lines, error)
  return [
    '',
    ...shown.map(indented),
    ...(error === null ? [] : [`  ${paint.bad(`✖ ${formatPlace(error.place)}  ${error.message}`)}`]),
    ...unique(selectors).flatMap((selector) => ['', ...selectorLines(selector, paint)]),
    ...remarkLines(query, paint),
  ]
}

/** What is to be said of several parts alike is said once. */
function remarkLines({ text, selectors, remarks }: ExplainedQuery, paint: Paint): readonly string[] {
  const groups = new Map<string, Remark[]>()
  for (const remark of remarks) {
    const key = `${remark.message} ${remark.hint}`
    groups.set(key, [...(groups.get(key) ?? []), remark])
  }
  const isOne = unique(selectors).length === 1
  return [...groups.values()].flatMap((group) => {
    const { message, hint } = group[0]!
    const parts = [...new Set(group.flatMap(({ of }) => of ?? []).map(oneLine))]
    const isClear =
      parts.length === 0 || parts.includes(oneLine(text.trim())) || (isOne && selectors[0]!.text === parts[0])
    const told = isClear ? [] : parts.map((part) => `      ${paint.faint(`of ${part}`)}`)
    return ['', `  ${paint.busy(`! ${message}`)}`, ...told, `      ${hint}`]
  })
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/** The same selector on both sides of a fraction is told once. */
function unique(selectors: readonly ExplainedSelector[]): readonly ExplainedSelector[] {
  return selectors.filter(({ text }, index) => selectors.findIndex((other) => other.text === text) === index)
}

/** What is missing at the end of a block is missing behind its last letter. */
function withCaret(lines: readonly string[], error: QueryError): readonly string[] {
  const from = Math.min(error.from, lines.join('\n').length)
  const to = Math.max(from, error.to)
  let start = 0
  return lines.flatMap((line) => {
    const column = from - start
    const isHere = column >= 0 && column <= line.length
    const width = Math.max(1, Math.min(to, start + line.length) - from)
    start += line.length + 1
    return isHere ? pointed(line, column, width) : [line]
  })
}

/** Of a longer line as much is shown around its mistake. */
const mostCharacters = 400

function pointed(line: string, column: number, width: number): readonly string[] {
  const from = line.length <= mostCharacters ? 0 : Math.max(0, column - mostCharacters / 2)
  const to = from + mostCharacters
  const [before, after] = [from > 0 ? '…' : '', to < line.length ? '…' : '']
  const indent = ' '.repeat(before.length + column - from)
  return [
    `${before}${line.slice(from, to)}${after}`,
    `${indent}${'^'.repeat(Math.max(1, Math.min(width, to - column)))}`,
  ]
}

function selectorLines(selector: ExplainedSelector, paint: Paint): readonly string[] {
  const { text, blind, place } = selector
  const short = oneLine(text)
  if (blind) {
    return [
      `  ${paint.bad('✖')} ${short}`,
      `      ${paint.bad(blind.message)}  ${paint.faint(formatPlace(place))}`,
      `      ${blind.hint}`,
    ]
  }
  return [`  ${paint.good('✔')} ${short}`, ...boundRows(selector, paint).map((row) => `      ${row}`)]
}

const seenText = { canary: 'the canary', stable: 'stable only', both: 'both versions' }

function boundRows(
  { binds, writtenBy, sees, series, windowMs, offsetMs }: ExplainedSelector,
  paint: Paint,
): readonly string[] {
  const whose = sees === null ? '' : (sees === 'canary' ? paint.good : paint.busy)(seenText[sees])
  const several = new Set([...binds.map(({ metric }) => metric), ...writtenBy]).size > 1
  const told = binds.map(({ dialect, metric, counts }) => `${several ? `${metric}: ` : ''}${counts} (${dialect})`)
  if (writtenBy.length > 0)
    told.push(`written by ${writtenBy.length === 1 ? 'the rule' : 'the rules'} ${writtenBy.join(', ')}`)
  const when = windowMs === null ? 'the newest sample, at most 5m old' : `over ${formatDuration(windowMs)}`
  const shift = offsetMs === 0 ? '' : `, ${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'before' : 'after'}`
  return [[whose, ...told, `${when}${shift}`].filter(Boolean).join('; '), ...(series ? seriesLines(series, paint) : [])]
}

function seriesLines({ count, examples }: NonNullable<ExplainedSelector['series']>, paint: Paint): readonly string[] {
  if (count === 0) return [paint.busy('no such series came up in the flight: it is empty until one does')]
  const lines = examples.filter((labels) => Object.keys(labels).length > 0).map(labelSet)
  const more = count - lines.length
  const last = lines.length > 0 && more > 0 ? [`and ${more} more`] : []
  return [
    `${count} series${lines.length > 0 ? `  ${lines[0]}` : ''}`,
    ...[...lines.slice(1), ...last].map((line) => `${' '.repeat(`${count} series`.length)}  ${line}`),
  ]
}

function measuredRows(measurements: Measurements | null, isFlown: boolean, paint: Paint): readonly Row[] {
  if (measurements === null) {
    return isFlown ? [['measured', paint.busy('never: no analysis that asks for it began in this flight')]] : []
  }
  const { count, phases, empty, notANumber, infinite, values, valuesAtOnce, text, messages } = measurements
  const kinds = Object.entries(phases).map(([phase, times]) => `${times} ${phase}`)
  const isGood = Object.keys(phases).every((phase) => phase === 'Successful')
  const gaps = gapsIn(measurements)
  const rows: Row[] = [
    ['measured', `${count === 1 ? 'once' : `${count} times`}: ${paintedPhases(kinds, isGood, paint)}`],
  ]
  if (values) {
    const { first, min, median, max, last } = values
    const numbers = { first, min, median, max, last }
    const list = Object.entries(numbers).map(([name, value]) => `${name} ${short(value)}`)
    const width = valuesAtOnce > 1 ? `, the first of ${valuesAtOnce} at once` : ''
    const numbersTold = count - empty - notANumber - infinite === 1 ? [short(first)] : list
    rows.push(['values', `${[...numbersTold, ...gaps].join(', ')}${width}`])
  } else if (gaps.length > 0) rows.push(['values', paint.busy(gaps.join(', '))])
  if (text !== null) rows.push(['value', text])
  return [...rows, ...messages.slice(0, 2).map((message): Row => ['message', paint.bad(message)])]
}

function gapsIn({ empty, emptyPhases, notANumber, infinite }: Measurements): readonly string[] {
  const kinds: readonly (readonly [number, string])[] = [
    [empty, emptyPhases.includes('Successful') ? 'empty (counted as Successful)' : 'empty'],
    [notANumber, 'NaN'],
    [infinite, 'infinite'],
  ]
  return kinds.flatMap(([times, what]) => (times > 0 ? [`${times} ${what}`] : []))
}

/** Ratios near 1 differ in their third and fourth digit. */
function short(value: number): string {
  return Math.abs(value) < 100 ? String(Number(value.toPrecision(4))) : rounded(value)
}

function paintedPhases(told: readonly string[], isGood: boolean, paint: Paint): string {
  return isGood ? paint.good(told.join(', ')) : paint.bad(told.join(', '))
}

function signalRow({ provider, signal }: ExplainedMetric, isAssumed: boolean, paint: Paint): Row {
  if (isAssumed) {
    const who = paint.busy(`a scenario has to say what ${provider} answers (observability.signals)`)
    return ['signal', `${who}: here it counts as a success`]
  }
  return ['signal', signal === null ? paint.bad(`nothing says what ${provider} answers`) : signalText(signal)]
}

const readingText = {
  errorRatio: 'the error ratio',
  successRatio: 'the success ratio',
  latency: 'the latency',
  rate: 'the rate',
} as const

function signalText({ source }: Signal): string {
  if (source.kind === 'script')
    return `scripted, ${source.points.length} ${source.points.length === 1 ? 'point' : 'points'}`
  const { reads, of, windowMs, quantile, delayMs } = source
  const what = reads === 'latency' ? `${readingText.latency} at ${formatPercentage(quantile)}` : readingText[reads]
  const late = delayMs === 0 ? '' : `, ${formatDuration(delayMs)} late`
  return `reads ${what} of the ${of} over ${formatDuration(windowMs)}${late}`
}
