// What must be true of the people of a scenario, where a single field cannot tell.
import type { z } from 'zod'
import { limits } from './limits.js'
import { nearName } from './near-name.js'
import { complain, numberAt, valueAt } from './schema-checks.js'
import { formatPercentage } from './units.js'

type Context = z.core.$RefinementCtx<unknown>
type Path = (string | number)[]

/** Shares of a list or a mapping are of one whole; thirds may be written as 33.3%. */
export function checkShares(parts: unknown, context: Context): void {
  if (typeof parts !== 'object' || parts === null) return
  const keys: (string | number)[] = Array.isArray(parts) ? [...parts.keys()] : Object.keys(parts)
  const shares = keys.map((key) => shareAt(context, key))
  if (shares.length === 0) complain(context, [], 'this must not be empty')
  if (shares.length === 0 || shares.includes(undefined)) return
  const sum = shares.reduce<number>((total, share) => total + share!, 0)
  if (Math.abs(sum - 1) <= ROUNDING) return
  const hint = sum < 1 ? 'Say where the others belong.' : undefined
  complain(context, [], `shares add up to ${formatPercentage(Math.round(sum * 1e6) / 1e6)}, not to 100%`, hint)
}

const ROUNDING = 0.001

function shareAt(context: Context, ...path: Path): number | undefined {
  return numberAt(context, ...path) ?? numberAt(context, ...path, 'share')
}

export function checkActivity(activity: unknown, context: Context): void {
  if (typeof activity !== 'object' || activity === null || Array.isArray(activity)) return
  const has = (key: string) => valueAt(activity, key) !== undefined
  const misspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  if (has('shape') && (has('p50') || has('p99'))) {
    complain(context, ['shape'], 'either `shape` (gamma) or `p99` (log-normal), not both')
  } else if (!has('shape') && !has('p99') && !misspelt) {
    complain(context, [], 'how do users differ? Write `shape` (gamma) or `p99` (log-normal)')
  }
  const p50 = numberAt(context, 'p50') ?? 1
  const p99 = numberAt(context, 'p99')
  if (p99 !== undefined && p50 > p99) complain(context, ['p99'], `p99 is ${p99}, less than the p50 of ${p50}`)
}

/** Of `traffic` as a whole. */
export function checkUsers(traffic: unknown, context: Context): void {
  if (typeof traffic !== 'object' || traffic === null) return
  checkRoutesOfSegments(context)
  checkHeaders(context)
  checkNumbers(context)
}

function checkRoutesOfSegments(context: Context): void {
  const known = keysAt(context, 'routes')
  let first: string | undefined
  for (const [dimension, value] of valuesOf(context)) {
    const path = ['segments', dimension, value, 'routes']
    const routes = keysAt(context, ...path)
    if (routes.length === 0) continue
    if (first !== undefined && first !== dimension) {
      const message = `only one way to differ can change the routes, and \`${first}\` does already`
      complain(context, path, message, 'What would hold of a user who is in both?')
    }
    first ??= dimension
    for (const route of routes.filter((name) => !known.includes(name))) {
      const near = nearName(route, known)
      const meant = near === undefined ? '' : `: did you mean \`${near}\`?`
      complain(context, [...path, route], `\`routes\` of traffic has no \`${route}\`${meant}`)
    }
  }
}

/** One request has one value of a header. */
function checkHeaders(context: Context): void {
  const givers = new Map<string, string>()
  const take = (giver: string, path: Path) => {
    const seen = new Set<string>()
    for (const written of keysAt(context, ...path)) {
      const name = written.toLowerCase()
      const other = givers.get(name)
      if (seen.has(name)) complain(context, [...path, written], `the header ${name} is written twice`)
      else if (other !== undefined && other !== giver) {
        complain(context, [...path, written], `the header ${name} comes from \`${other}\` already`)
      }
      seen.add(name)
      givers.set(name, other ?? giver)
    }
  }
  for (const [dimension, value] of valuesOf(context)) {
    take(`segments.${dimension}`, ['segments', dimension, value, 'headers'])
  }
  for (const route of keysAt(context, 'routes')) take('routes', ['routes', route, 'headers'])
}

function checkNumbers(context: Context): void {
  const dimensions = keysAt(context, 'segments').map((dimension) => keysAt(context, 'segments', dimension).length)
  const segments = dimensions.reduce((product, values) => product * Math.max(1, values), 1)
  const strands = segments * Math.max(1, keysAt(context, 'routes').length)
  const place: Path = [valueAt(context.value, 'segments') === undefined ? 'routes' : 'segments']
  if (strands > limits.strands) {
    const hint = 'Every one of them is followed by itself.'
    complain(context, place, `${strands} combinations of segments and routes: the limit is ${limits.strands}`, hint)
  }
  const count = numberAt(context, 'users') ?? numberAt(context, 'users', 'count') ?? 10_000
  for (const [dimension, value] of valuesOf(context)) {
    const path = ['segments', dimension, value]
    const share = shareAt(context, ...path)
    if (share !== undefined && share > 0 && count * share < 1) {
      complain(context, path, `${formatPercentage(share)} of ${count} users is nobody`)
    }
  }
}

function* valuesOf(context: Context): Iterable<readonly [dimension: string, value: string]> {
  for (const dimension of keysAt(context, 'segments')) {
    for (const value of keysAt(context, 'segments', dimension)) yield [dimension, value]
  }
}

function keysAt(context: Context, ...path: Path): readonly string[] {
  const value = valueAt(context.value, ...path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}
