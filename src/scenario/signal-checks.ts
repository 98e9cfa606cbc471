// What must be true between the fields of a signal.
import type { z } from 'zod'
import { complain, DEFAULT_SCRAPE_MS, numberAt, valueAt } from './schema-checks.js'
import { DEFAULT_WINDOW_MS, readings, unitsOf } from './signals.js'
import { formatDuration } from './units.js'

type Context = z.core.$RefinementCtx<unknown>

const selectors = ['metric', 'template', 'provider', 'match']
const ofReading = ['of', 'over', 'quantile', 'unit', 'delay', 'resolution', 'failsAbove']

export function checkSignal(signal: unknown, context: Context): void {
  if (typeof signal !== 'object' || signal === null || Array.isArray(signal)) return
  const has = (key: string) => valueAt(signal, key) !== undefined
  if (context.issues.some((issue) => issue.code === 'unrecognized_keys')) return
  if (!selectors.some(has)) {
    const hint = `Write at least one of ${selectors.join(', ')}.`
    complain(context, [], 'which metrics does this answer for?', hint)
  }
  if (!has('reads') && !has('values')) complain(context, [], 'what does this say? Write `reads` or `values`')
  if (has('reads') && has('values')) {
    complain(context, ['values'], 'either `reads` or `values`, not both', 'Write a signal for each.')
  }
  for (const key of has('reads') ? [] : ofReading.filter(has)) {
    if (has('values')) complain(context, [key], `\`${key}\` is for what is read, and this is scripted`)
  }
  const reads = readings.find((word) => word === valueAt(signal, 'reads'))
  if (reads !== undefined) checkReading(signal, reads, context)
  if (has('json') && has('values')) checkShape(signal, context)
  checkOrder(context)
}

/** Counts are taken at scrapes: only windows of so many scrapes are exact. */
export function checkWindows(_: unknown, context: Context): void {
  const signals = valueAt(context.value, 'signals')
  if (!Array.isArray(signals)) return
  const interval = numberAt(context, 'scrape', 'interval') ?? DEFAULT_SCRAPE_MS
  for (const [index, signal] of signals.entries()) {
    if (valueAt(signal, 'reads') === undefined) continue
    if (interval > longestScrapeMs) {
      const message = `a signal reads what was scraped in the last ${formatDuration(longestScrapeMs)}: scrape as often`
      complain(context, ['scrape', 'interval'], message)
      return
    }
    const over = numberAt(context, 'signals', index, 'over') ?? DEFAULT_WINDOW_MS
    if (over % interval === 0) continue
    const message = `\`over\` is ${formatDuration(over)}, no multiple of the scrape interval of ${formatDuration(interval)}`
    const nearest = formatDuration(Math.max(1, Math.round(over / interval)) * interval)
    complain(context, ['signals', index, 'over'], message, `Write \`over: ${nearest}\`.`)
  }
}

/** How far a query looks back for a sample. */
const longestScrapeMs = 300_000

function checkReading(signal: object, reads: (typeof readings)[number], context: Context): void {
  const unit = valueAt(signal, 'unit')
  const units: readonly unknown[] = unitsOf[reads]
  if (unit !== undefined && !units.includes(unit)) {
    complain(context, ['unit'], `\`${reads}\` is told in ${unitsOf[reads].join(' or ')}, not in ${String(unit)}`)
  }
  if (reads !== 'latency' && valueAt(signal, 'quantile') !== undefined) {
    complain(context, ['quantile'], '`quantile` is for `reads: latency`')
  }
  if (numberAt(context, 'quantile') === 1) complain(context, ['quantile'], 'a quantile is less than 100%')
}

/** A shape is for numbers: what is JSON already has one. */
function checkShape(signal: object, context: Context): void {
  const values = valueAt(signal, 'values')
  if (!Array.isArray(values)) return
  for (const [index, point] of values.entries()) {
    if (valueAt(point, 'json') === undefined) continue
    complain(context, ['values', index, 'json'], 'the signal has a `json` already', 'Write `value` here.')
  }
}

function checkOrder(context: Context): void {
  const values = valueAt(context.value, 'values')
  if (!Array.isArray(values)) return
  for (const index of values.keys()) {
    const at = numberAt(context, 'values', index, 'at')
    const before = numberAt(context, 'values', index - 1, 'at')
    if (at === undefined || before === undefined || before < at) continue
    complain(
      context,
      ['values', index, 'at'],
      `points must be in order: the one before is at ${formatDuration(before)}`,
    )
  }
}

export function checkPoint(point: unknown, context: Context): void {
  if (typeof point !== 'object' || point === null || Array.isArray(point)) return
  if (context.issues.some((issue) => issue.code === 'unrecognized_keys')) return
  const has = (key: string) => valueAt(point, key) !== undefined
  const said = ['value', 'json', 'error', 'text'].filter(has)
  if (said.length === 0 && !has('status')) {
    complain(context, [], 'what is said from here on? Write value, json, error, status or text')
  }
  if (said.length > 1) complain(context, [said[1]!], `either \`${said[0]}\` or \`${said[1]}\`, not both`)
  for (const key of ['value', 'error'].filter(has)) {
    if (has('status')) complain(context, ['status'], `\`status\` is for answers, and this is \`${key}\``)
  }
}
