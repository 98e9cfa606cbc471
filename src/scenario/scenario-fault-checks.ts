// What must be true within a scenario of its faults, and of parts of the service: what they name is there, and no fault
// strikes too often.
import type { z } from 'zod'
import { nodeNames } from './cluster-spec.js'
import { limits } from './limits.js'
import { nearName } from './near-name.js'
import { complain, numberAt, valueAt } from './schema-checks.js'
import { formatDuration } from './units.js'

type Context = z.core.$RefinementCtx<unknown>
type Path = (string | number)[]

/** Of the scenario as a whole. */
export function checkFaults(_: unknown, context: Context): void {
  checkRecurrence(context)
  const known = knownIn(context.value)
  for (const [index, dependency] of listAt(context.value, 'dependencies').entries()) {
    for (const [place, route] of listAt(dependency, 'routes').entries()) {
      checkName(context, ['dependencies', index, 'routes', place], route, known.route)
    }
    const name = valueAt(dependency, 'name')
    if (typeof name === 'string' && known.dependency.names.indexOf(name) < index) {
      complain(context, ['dependencies', index, 'name'], `the dependency ${name} is told of twice`)
    }
  }
  for (const [index, fault] of listAt(context.value, 'faults').entries()) {
    const on = ['faults', index, 'on']
    for (const key of ['route', 'dependency', 'node', 'zone'] as const) {
      checkName(context, [...on, key], valueAt(fault, 'on', key), known[key])
    }
    checkSegment(context, on, valueAt(fault, 'on', 'segment'), known.segment)
  }
  for (const version of ['stable', 'canary']) {
    for (const [index, part] of listAt(context.value, 'service', version, 'parts').entries()) {
      const path = ['service', version, 'parts', index]
      checkName(context, [...path, 'route'], valueAt(part, 'route'), known.route)
      checkSegment(context, path, valueAt(part, 'segment'), known.segment)
    }
  }
}

function checkSegment(context: Context, path: Path, segment: unknown, known: Known): void {
  for (const dimension of keysOf(segment)) {
    const place = [...path, 'segment', dimension]
    const names = keysOf(valueAt(context.value, 'traffic', 'segments', dimension))
    if (!checkName(context, place, dimension, known)) continue
    checkName(context, place, valueAt(segment, dimension), { what: dimension, where: 'traffic.segments', names })
  }
}

/** Each time that a fault strikes is an event of the flight. */
function checkRecurrence(context: Context): void {
  const duration = numberAt(context, 'duration')
  if (duration === undefined) return
  for (const index of listAt(context.value, 'faults').keys()) {
    const every = numberAt(context, 'faults', index, 'every')
    if (every === undefined || duration <= every * limits.strikes) continue
    const hint = `Write \`every: ${formatDuration(Math.ceil(duration / limits.strikes / 1000) * 1000)}\` or more.`
    complain(context, ['faults', index, 'every'], `it strikes too often: the limit is ${limits.strikes} times`, hint)
  }
}

interface Known {
  readonly what: string
  /** Where the file says which there are. */
  readonly where: string
  readonly names: readonly string[]
}

function knownIn(scenario: unknown) {
  const nodes = listAt(scenario, 'cluster', 'nodes')
  const alike = valueAt(scenario, 'cluster', 'nodes')
  const of = (items: readonly unknown[], key: string) => textsIn(items.map((item) => valueAt(item, key)))
  return {
    route: { what: 'route', where: 'traffic.routes', names: keysOf(valueAt(scenario, 'traffic', 'routes')) },
    segment: { what: 'segment', where: 'traffic.segments', names: keysOf(valueAt(scenario, 'traffic', 'segments')) },
    dependency: { what: 'dependency', where: 'dependencies', names: of(listAt(scenario, 'dependencies'), 'name') },
    node: {
      what: 'node',
      where: 'cluster.nodes',
      names: typeof alike === 'number' ? nodeNames(alike) : of(nodes, 'name'),
    },
    zone: { what: 'zone', where: 'cluster.nodes', names: of(nodes, 'zone') },
  } as const satisfies Readonly<Record<string, Known>>
}

/** False if it was told to be unknown. */
function checkName(context: Context, path: Path, name: unknown, { what, where, names }: Known): boolean {
  if (typeof name !== 'string' || names.includes(name)) return true
  if (names.length === 0) {
    complain(context, path, `there is no ${what} \`${name}\`: \`${where}\` names none`)
    return false
  }
  const near = nearName(name, names)
  const meant = near === undefined ? '' : `: did you mean \`${near}\`?`
  const hint = near === undefined ? `Known are: ${[...new Set(names)].join(', ')}.` : undefined
  complain(context, path, `there is no ${what} \`${name}\`${meant}`, hint)
  return false
}

function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const list = valueAt(value, ...path)
  return Array.isArray(list) ? list : []
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

function textsIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string')
}
