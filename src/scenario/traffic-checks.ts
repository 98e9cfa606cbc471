// What must be true between the fields of a scenario's traffic, where a single field cannot tell.
import type { z } from 'zod'
import { hasFields, type LogFormat, logFormats } from './access-log/formats.js'
import { instant } from './instant.js'
import { limits } from './limits.js'
import { complain, numberAt, valueAt } from './schema-checks.js'
import type { Crowd } from './traffic.js'
import { formatDuration, formatRate } from './units.js'

type Context = z.core.$RefinementCtx<unknown>

export function checkTraffic(traffic: unknown, context: Context): void {
  if (typeof traffic !== 'object' || traffic === null || Array.isArray(traffic)) return
  const [hasRate, hasReplay] = ['rate', 'replay'].map((key) => valueAt(traffic, key) !== undefined)
  const misspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  if (hasRate && hasReplay) {
    complain(
      context,
      ['rate'],
      'either `rate` or `replay`, not both',
      'A log brings its own rate: scale it by `scale`.',
    )
  }
  if (hasReplay && valueAt(traffic, 'week') !== undefined) {
    const hint = 'Leave `week` out: it is for a `rate`.'
    complain(context, ['week'], 'a log has the hours and days in it already', hint)
  }
  if (!hasRate && !hasReplay && !misspelt) {
    complain(context, [], 'how many requests? Write `rate`, such as `rate: 400/s`, or `replay`')
  }
}

export function checkPoints(points: unknown, context: Context): void {
  if (!Array.isArray(points) || points.length > limits.scenarioListItems) return
  for (const index of points.keys()) {
    const at = numberAt(context, index, 'at')
    const ramp = numberAt(context, index, 'ramp') ?? 0
    if (at === undefined) continue
    if (index === 0 && at > 0) complain(context, [0, 'at'], 'the first point must be at 0s: before it there is no rate')
    if (index === 0 && ramp > 0) complain(context, [0, 'ramp'], 'the first point has no rate to ramp up from')
    const before = numberAt(context, index - 1, 'at')
    if (before === undefined) continue
    const over = before + (numberAt(context, index - 1, 'ramp') ?? 0)
    const outOfOrder = `points must be in order: the one before is at ${formatDuration(before)}`
    const insideRamp = `the ramp before this point ends at ${formatDuration(over)} only`
    if (at <= before || at < over) complain(context, [index, 'at'], at <= before ? outOfOrder : insideRamp)
  }
}

export function checkWeek(week: unknown, context: Context): void {
  const has = (key: string) => valueAt(week, key) !== undefined
  const misspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  if (!has('low') && has('peak')) complain(context, ['peak'], 'a peak needs a `low`: without it all hours are the same')
  else if (!has('low') && !has('days') && !misspelt) complain(context, [], 'a week needs `low`, `days` or both')
}

export function checkBursts(_: unknown, context: Context): void {
  const [every, lasts] = [numberAt(context, 'every'), numberAt(context, 'for')]
  if (every === undefined || lasts === undefined || lasts < every) return
  const message = `bursts that last ${formatDuration(lasts)} cannot begin every ${formatDuration(every)}`
  complain(context, ['for'], message, '`every` counts from the start of one to the start of the next.')
}

export function checkReplay(replay: unknown, context: Context): void {
  const format = valueAt(replay, 'format')
  const isKnown = logFormats.some((each) => each === format)
  if (valueAt(replay, 'fields') !== undefined && isKnown && !hasFields(format as LogFormat)) {
    complain(context, ['fields'], `\`fields\` are for json and csv: those of ${String(format)} have their places`)
  }
  const [from, until] = [numberAt(context, 'from'), numberAt(context, 'until')]
  if (from === undefined || until === undefined || from < until) return
  complain(context, ['until'], `this must be after \`from\`, which is ${instant.format(from)}`)
}

/** Of the whole scenario: what its traffic comes to until its end. */
export function checkTrafficInTime(_: unknown, context: Context): void {
  const end = numberAt(context, 'duration')
  if (end === undefined) return
  const comes = (path: (string | number)[], what: string) => {
    const at = numberAt(context, ...path)
    if (at !== undefined && at >= end) complain(context, path, `${what}: the scenario ends at ${formatDuration(end)}`)
  }
  comes(['traffic', 'replay', 'at'], 'the log never begins')
  for (const index of crowdsOf(context).keys()) comes(['traffic', 'crowds', index, 'at'], 'this crowd never comes')
  for (const name of ['bursts', 'noise']) {
    const every = numberAt(context, 'traffic', name, 'every')
    if (every === undefined || end <= every * limits.trafficTurns) continue
    const message = `too many changes of the rate until the end at ${formatDuration(end)}: the limit is ${limits.trafficTurns} times \`every\``
    complain(context, ['traffic', name, 'every'], message)
  }
  checkPeak(context)
  checkSilence(context, end)
}

/** Somebody must come for anything to be judged. */
function checkSilence(context: Context, end: number): void {
  const path = ['traffic', 'rate']
  const rates = valueAt(context.value, ...path)
  if (Array.isArray(rates) && rates.length > limits.scenarioListItems) return
  const points = Array.isArray(rates)
    ? rates.map((_, index) => ({
        at: numberAt(context, ...path, index, 'at'),
        rate: numberAt(context, ...path, index, 'rate'),
      }))
    : [{ at: 0, rate: numberAt(context, ...path) }]
  if (points.length === 0 || !points.every(({ at, rate }) => rate === 0 || (at !== undefined && at >= end))) return
  const hint = 'Write how many requests come, such as `400/s`.'
  complain(context, path, 'no request comes all through the flight: there is nothing to be judged', hint)
}

/** However they meet, crowds and bursts don't bring more than a flight can count. */
function checkPeak(context: Context): void {
  const rates = valueAt(context.value, 'traffic', 'rate')
  const list = Array.isArray(rates) ? rates.slice(0, limits.scenarioListItems) : []
  const points = list.map((_, index) => numberAt(context, 'traffic', 'rate', index, 'rate') ?? 0)
  const base = Math.max(numberAt(context, 'traffic', 'rate') ?? 0, ...points)
  const crowds = crowdsOf(context)
  const peak = base * peakFactor(crowds, numberAt(context, 'traffic', 'bursts', 'factor'))
  if (peak <= limits.ratePerSecond) return
  const message = `at its peak this is ${formatRate(peak)}: the limit is ${formatRate(limits.ratePerSecond)}`
  complain(context, ['traffic', crowds.length > 0 ? 'crowds' : 'bursts'], message)
}

/** How many times the rate there is where most crowds meet, in a burst. */
export function peakFactor(crowds: readonly Pick<Crowd, 'atMs' | 'untilMs' | 'factor'>[], bursts = 1): number {
  let most = 1
  for (const { atMs } of crowds) {
    const together = crowds.filter((other) => other.atMs <= atMs && other.untilMs >= atMs)
    most = Math.max(
      most,
      together.reduce((product, { factor }) => product * Math.max(1, factor), 1),
    )
  }
  return most * Math.max(1, bursts)
}

function crowdsOf(context: Context): readonly Pick<Crowd, 'atMs' | 'untilMs' | 'factor'>[] {
  const crowds = valueAt(context.value, 'traffic', 'crowds')
  if (!Array.isArray(crowds) || crowds.length > limits.scenarioListItems) return []
  return crowds.map((_, index) => {
    const of = (key: string) => numberAt(context, 'traffic', 'crowds', index, key) ?? 0
    const atMs = of('at')
    return { atMs, untilMs: atMs + of('rise') + of('hold') + of('fall'), factor: of('factor') }
  })
}
