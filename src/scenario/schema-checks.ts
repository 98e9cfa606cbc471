// What must be true between the fields of a scenario, where a single field cannot tell.
import type { z } from 'zod'
import { limits } from './limits.js'
import { DEFAULT_LATENCY, DEFAULT_START, type Percentiles, percentilesFrom, percentilesLike } from './percentiles.js'
import { formatDuration } from './units.js'

/**
 * zod leaves out a check when anything below it is wrong. These run all the same, so that all problems come at once;
 * therefore they take nothing for granted about the values they meet.
 */
export const ALWAYS = { when: () => true }

export const DEFAULT_SCRAPE_MS = 15_000

type Context = z.core.$RefinementCtx<unknown>
type Path = (string | number)[]

export function checkPercentiles(_: unknown, context: Context): void {
  const p50 = numberAt(context, 'p50')
  const p99 = numberAt(context, 'p99')
  if (p50 === undefined || p99 === undefined || p50 <= p99) return
  complain(context, ['p50'], `p50 is ${formatDuration(p50)}, more than the p99 of ${formatDuration(p99)}`)
}

export function checkPerson(person: unknown, context: Context): void {
  if (typeof person !== 'object' || person === null || Array.isArray(person)) return
  const has = (key: string) => valueAt(person, key) !== undefined
  const misspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  const [first, second] = ['at', 'when', 'alert'].filter(has)
  if (first === undefined && !misspelt) {
    complain(context, [], 'when does this happen? Write `at`, `when` or `alert`')
  }
  if (second !== undefined) {
    complain(context, [second], `either \`${first}\` or \`${second}\`, not both`, 'Write an entry for each.')
  }
  const scales = valueAt(person, 'do') === 'scale'
  if (scales && !has('replicas') && !misspelt) complain(context, [], 'how many? `scale` needs `replicas`')
  if (!scales && has('replicas')) complain(context, ['replicas'], '`replicas` are for `do: scale` only')
  if (has('after') && !has('when') && !has('alert')) {
    complain(context, ['after'], '`after` counts from `when` or `alert`, which are missing')
  }
  if (has('labels') && !has('alert'))
    complain(context, ['labels'], '`labels` are those of an `alert`, which is missing')
}

export function checkPlugin(plugin: unknown, context: Context): void {
  if (typeof plugin !== 'object' || plugin === null || Array.isArray(plugin)) return
  const has = (key: string) => valueAt(plugin, key) !== undefined
  const never = ['phase', 'after', 'message', 'requeueAfter'].find(has)
  if (has('disabled') && never !== undefined) {
    complain(context, [never], `a plugin that is disabled is never called: \`${never}\` says nothing`)
  }
}

export function checkPlugins(plugins: unknown, context: Context): void {
  if (!Array.isArray(plugins) || plugins.length > limits.scenarioListItems) return
  const names: unknown[] = plugins.map((plugin) => valueAt(plugin, 'name'))
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || names.indexOf(name) === index) continue
    complain(context, [index, 'name'], `the plugin ${name} is told of twice`, 'All its steps do the same.')
  }
}

export function checkScenario(_: unknown, context: Context): void {
  const end = numberAt(context, 'duration')
  const release = numberAt(context, 'release', 'at')
  if (release !== undefined && release < limits.warmUpMs) {
    const message = `the release must come ${formatDuration(limits.warmUpMs)} after the start or later`
    const hint = 'The version before it settles first, and rate windows want some traffic from before the release.'
    complain(context, ['release', 'at'], message, hint)
  }
  if (end !== undefined && release !== undefined) {
    const message = `the release must come before the end at ${formatDuration(end)}`
    if (release >= end) complain(context, ['release', 'at'], message)
    else {
      checkTimes(context, ['faults'], 'onset', 'this fault never happens', end - release)
      checkTimes(context, ['people'], 'at', 'nobody gets to do this', end - release)
      checkTimes(context, ['observability', 'scrape', 'gaps'], 'at', 'this gap never comes', end - release)
      checkTimes(context, ['observability', 'scrape', 'down'], 'at', 'this never happens', end - release)
    }
  }
  const interval = numberAt(context, 'observability', 'scrape', 'interval')
  if (end !== undefined && interval !== undefined && end > interval * limits.scrapes) {
    const message = `too many scrapes until the end at ${formatDuration(end)}: the limit is ${limits.scrapes}`
    const hint = `Scrape every ${formatDuration(Math.ceil(end / limits.scrapes / 100) * 100)} or less often, or end sooner.`
    complain(context, ['observability', 'scrape', 'interval'], message, hint)
  }
  if (numberAt(context, 'slo', 'objective') === 1) {
    complain(context, ['slo', 'objective'], 'an objective of 100% leaves no error budget to measure against')
  }
  checkCanary(context, 'latency', DEFAULT_LATENCY)
  checkCanary(context, 'start', DEFAULT_START)
}

/** One percentile of the canary alone can contradict the other, which is that of stable. */
function checkCanary(context: Context, what: 'latency' | 'start', base: Percentiles): void {
  const written = writtenAt(context, 'service', 'canary', what)
  if (typeof written !== 'object' || (written.p50 === undefined) === (written.p99 === undefined)) return
  const side = written.p50 === undefined ? 'p99' : 'p50'
  const form = ['mean', 'quantiles', 'histogram'].find((name) => {
    return valueAt(context.value, 'service', 'stable', what, name) !== undefined
  })
  if (form !== undefined) {
    const message = `\`${side}\` alone is no law, and stable has its \`${form}\` instead of the other percentile`
    return complain(context, ['service', 'canary', what, side], message, 'Say both.')
  }
  const stable = percentilesFrom(writtenAt(context, 'service', 'stable', what), base)
  const { p50Ms, p99Ms } = percentilesLike(stable, written)
  if (p50Ms <= p99Ms) return
  const message = `p50 is ${formatDuration(p50Ms)}, more than the p99 of ${formatDuration(p99Ms)}`
  const hint = 'What is not said of the canary is as stable: say both.'
  complain(context, ['service', 'canary', what, side], message, hint)
}

/** What is to happen at some time after the release happens before the end. */
function checkTimes(context: Context, path: Path, key: string, complaint: string, flight: number): void {
  const items = valueAt(context.value, ...path)
  if (!Array.isArray(items) || items.length > limits.scenarioListItems) return
  for (const index of items.keys()) {
    const at = numberAt(context, ...path, index, key)
    if (at === undefined || at < flight) continue
    const message = `${complaint}: the scenario ends ${formatDuration(flight)} after the release`
    complain(context, [...path, index, key], message)
  }
}

export function complain(context: Context, path: Path, message: string, hint?: string): void {
  context.addIssue({ code: 'custom', path, message, params: { hint } })
}

export function valueAt(value: unknown, ...path: Path): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string | number, unknown>)[step]
  }
  return at
}

function writtenAt(context: Context, ...path: Path) {
  const whole = numberAt(context, ...path)
  if (whole !== undefined || valueAt(context.value, ...path) === undefined) return whole
  return { p50: numberAt(context, ...path, 'p50'), p99: numberAt(context, ...path, 'p99') }
}

/** A number as parsed: where the type was wrong the input is still there, and it may be a number, too. */
export function numberAt(context: Context, ...path: Path): number | undefined {
  const at = valueAt(context.value, ...path)
  const isRaw = context.issues.some(({ code, path: place = [] }) => {
    return /^invalid_(type|union)$/.test(code ?? '') && place.every((step, index) => step === path[index])
  })
  return typeof at === 'number' && !isRaw ? at : undefined
}
