// What can be turned in an analysis: how often it asks, how long, how much it takes, and where its thresholds are.
import { parse } from '../../policy/argo/condition/syntax/parser.js'
import { type Node, replaceChildren } from '../../policy/argo/condition/syntax/tree.js'
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Place } from '../../scenario/problem.js'
import { type Argument, argumentOf } from './argument.js'
import { type Finding, field, objectAt } from './finding.js'
import { durationSpelling, type Knob, type KnobKind, plainText } from './knob.js'
import { countLadder, secondsLadder, thresholdLadder } from './ladders.js'
import { secondsIn } from './ramp-knobs.js'

type Path = readonly (string | number)[]

export function metricKnobs(template: Manifest, finding: Finding): void {
  const metrics = objectAt(template, ['spec'])['metrics']
  for (const [index, metric] of (Array.isArray(metrics) ? (metrics as readonly Json[]) : []).entries()) {
    const { name } = isJsonObject(metric) ? metric : {}
    if (typeof name !== 'string') continue
    const one: Metric = { template, path: ['spec', 'metrics', index], name, finding }
    addNumber(one, 'interval', 'intervals')
    addNumber(one, 'initialDelay', 'delays')
    addNumber(one, 'count', 'counts')
    for (const limit of limitFields) addNumber(one, limit, 'limits')
    for (const condition of conditionFields) addThresholds(one, condition)
    addWindow(one)
  }
}

interface Metric {
  readonly template: Manifest
  readonly path: Path
  readonly name: string
  readonly finding: Finding
}

const limitFields = ['failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit', 'consecutiveSuccessLimit'] as const
const conditionFields = ['successCondition', 'failureCondition'] as const

/** A count or a duration, in the metric itself or in the argument that it names. */
function addNumber({ template, path, name, finding }: Metric, key: string, kind: KnobKind): void {
  const full = `${name}.${key}`
  const { value, place } = field(template, [...path, key])
  if (typeof value !== 'string' && typeof value !== 'number') return
  const written = writtenAt(template, [...path, key], value, finding)
  if ('why' in written) {
    finding.leave({ name: full, place, why: written.why })
    return
  }
  const span = finding.source(written.place.file).spanOf(written.place, written.value)
  const isDuration = kind === 'intervals' || kind === 'delays'
  const rungs = isDuration ? durations(written.value, kind, finding) : counts(written.value, key)
  const knob: Knob | undefined =
    span && rungs
      ? {
          name: full,
          kind,
          title: `${key} of ${name}`,
          place: written.place,
          unit: isDuration ? 'seconds' : 'count',
          ...rungs,
          spans: [span],
          spell: isDuration ? durationSpelling(written.value) : plainText,
        }
      : undefined
  finding.add(knob, { name: full, place, why: 'it is not written out here as a number that can be turned' })
}

/** Where the number itself stands. */
function writtenAt(manifest: Manifest, path: Path, value: string | number, finding: Finding): Argument {
  const named = typeof value === 'string' ? /^\{\{\s*args\.([\w-]+)\s*\}\}$/.exec(value)?.[1] : undefined
  if (named !== undefined) return argumentOf(named, manifest, finding.rollout)
  return { value, place: placeOf(manifest, path) }
}

/** Asked more often than it is scraped, a query says the same again. */
function durations(written: string | number, kind: KnobKind, { room }: Finding) {
  const seconds = secondsIn(written)
  if (seconds === undefined) return undefined
  const least = kind === 'intervals' ? Math.min(room.scrapeSeconds, seconds) : 1
  return secondsLadder(seconds, { least, most: room.longestSeconds })
}

function counts(written: string | number, key: string) {
  const count = Number(written)
  if (!Number.isSafeInteger(count) || count < 0) return undefined
  // Without a count it would be asked until the end of the release: that is another policy.
  return key === 'count' && count === 0 ? undefined : countLadder(count, key === 'count' ? 1 : 0)
}

/** Numbers that something measured is compared with; how long a list is, nobody tunes. */
function addThresholds({ template, path, name, finding }: Metric, key: (typeof conditionFields)[number]): void {
  const at = [...path, key]
  const { value, place } = field(template, at)
  if (typeof value !== 'string') return
  if (value.includes('{{')) {
    finding.leave({ name: `${name}.${key}`, place, why: 'arguments are filled into its text' })
    return
  }
  const parsed = parse(value)
  if ('error' in parsed) return
  const compared = comparedIn(parsed.tree, value)
  for (const [index, { from, written }] of compared.entries()) {
    const number = Number(written)
    const full = compared.length === 1 ? `${name}.${key}` : `${name}.${key}[${index}]`
    const position = template.positionWithin(at, from)
    const where: Place = { file: template.file, ...position }
    const span = finding.source(template.file).spanWithin(position, written)
    const knob: Knob | undefined =
      span && number !== 0
        ? {
            name: full,
            kind: 'thresholds',
            title: `threshold in ${key} of ${name}`,
            place: where,
            unit: 'number',
            ...thresholdLadder(number),
            spans: [span],
            spell: plainText,
          }
        : undefined
    finding.add(knob, { name: full, place: where, why: number === 0 ? 'it is 0' : 'it is not written out here' })
  }
}

interface Compared {
  /** In the text of the condition. */
  readonly from: number
  readonly written: string
}

const orders: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

function comparedIn(node: Node, text: string): readonly Compared[] {
  if (node.kind === 'binary' && orders.has(node.operator)) {
    const [literal, measured] = isNumber(node.left) ? [node.left, node.right] : [node.right, node.left]
    const written = isNumber(literal) ? /^\d+(\.\d+)?/.exec(text.slice(literal.range.from))?.[0] : undefined
    if (written !== undefined && !isLength(measured)) return [{ from: literal.range.from, written }]
  }
  const inside: Compared[] = []
  replaceChildren(node, (child) => {
    inside.push(...comparedIn(child, text))
    return child
  })
  return inside
}

function isNumber({ kind }: Node): boolean {
  return kind === 'float' || kind === 'integer'
}

function isLength(node: Node): boolean {
  return node.kind === 'builtin' && ['len', 'count'].includes(node.name)
}

/** How far back a query looks: one knob for all of its windows, where these are the same. */
function addWindow({ template, path, name, finding }: Metric): void {
  const at = [...path, 'provider', 'prometheus', 'query']
  const { value, place } = field(template, at)
  if (typeof value !== 'string') return
  const full = `${name}.window`
  const windows = [...value.matchAll(/\[\s*([^\]:]*?)\s*(:[^\]]*)?\]/g)].filter(({ index }) => !isQuoted(value, index))
  if (windows.length === 0) return
  const [[, written = '']] = windows as [RegExpMatchArray]
  const seconds = secondsIn(written)
  const isOne = windows.every(([, each, resolution]) => each === written && resolution === undefined)
  if (!isOne || seconds === undefined) {
    const why = isOne ? 'its window is no plain duration' : 'its windows differ, or look at others'
    finding.leave({ name: full, place, why })
    return
  }
  const source = finding.source(template.file)
  const places = windows.map((match) => {
    const index = match.index! + match[0].indexOf(written)
    return template.positionWithin(at, index)
  })
  const spans = places.flatMap((position) => source.spanWithin(position, written) ?? [])
  // A rate needs two scrapes.
  const least = Math.min(2 * finding.room.scrapeSeconds, seconds)
  const knob: Knob | undefined =
    spans.length === windows.length
      ? {
          name: full,
          kind: 'windows',
          title: `window of ${name}`,
          place: { file: template.file, ...places[0]! },
          unit: 'seconds',
          ...secondsLadder(seconds, { least, most: finding.room.longestSeconds }),
          spans,
          spell: durationSpelling(written),
        }
      : undefined
  finding.add(knob, { name: full, place, why: 'it is written in a way that can’t be told apart' })
}

function isQuoted(query: string, index: number): boolean {
  const before = query.slice(0, index).replace(/\\./g, '')
  return [`"`, `'`, '`'].some((mark) => before.split(mark).length % 2 === 0)
}
