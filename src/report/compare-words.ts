// What the comparison of two policies says of one figure, in a phrase and in a sentence.
import type { Row, World } from '../study/compare/comparison.js'
import type { ComparedMetric, ComparedUnit } from '../study/compare/metrics.js'
import type { Estimate } from '../study/study.js'
import { grouped, lasting, percent, rounded } from './words.js'

export const titles: Readonly<Record<ComparedMetric, string>> = {
  missed: 'missed',
  false_abort: 'false aborts',
  detect: 'detection time',
  'detect.never': 'never detected',
  safe: 'time to safe',
  'safe.never': 'never safe',
  duration: 'duration',
  'duration.never': 'never ended',
  'users.harmed': 'users harmed',
  'users.exposed': 'users exposed',
  'requests.excess': 'requests in excess',
  'requests.failed': 'requests failed',
  'requests.exposed': 'requests exposed',
  'budget.spent': 'error budget spent',
  'weight.peak': 'peak weight',
}

/** What rows are about. */
export interface Flown {
  readonly runs: number
  readonly worlds: number
}

/** Many look alike, so that those say enough that people decide by. */
const shown: readonly ComparedMetric[] = [
  'missed',
  'false_abort',
  'detect',
  'detect.never',
  'safe',
  'duration',
  'duration.never',
  'users.harmed',
  'requests.excess',
  'budget.spent',
  'weight.peak',
]

/** Without what is nothing for both, and without what never happened under both alike. */
export function rowsToShow(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ metric, first, second, answer }) => {
    const isNothing = (first ?? 0) === 0 && (second ?? 0) === 0
    return shown.includes(metric) && !isNothing && !(metric.endsWith('.never') && answer === 'equal')
  })
}

/** Where no run differs, or nothing happened that could: what came of either, in a line; undefined elsewhere. */
export function sameText(rows: readonly Row[]): string | undefined {
  if (rowsToShow(rows).length === 0) return nothing
  if (rows.some(({ answer }) => answer !== null && answer !== 'equal')) return undefined
  const told = rows.filter(({ metric, first }) => sameShown.includes(metric) && (first ?? 0) !== 0)
  const texts = told.map(({ metric, unit, first }) => `${titles[metric]} ${valueText(unit, first)}`)
  return texts.length === 0 ? nothing : `the same in every run: ${texts.join(', ')}`
}

const nothing = 'nothing happened to anybody, under either'

const sameShown: readonly ComparedMetric[] = ['missed', 'false_abort', 'detect', 'duration', 'users.harmed']

export function valueText(unit: ComparedUnit, value: number | null): string {
  return value === null ? '-' : show[unit](value)
}

/** `2.31 times as many (2.1 to 2.5)`, `1m10.0s later (50.0s to 1m30.0s)`, `no difference that 500 runs could show: …` */
export function phrase(row: Row, flown: Flown): string {
  const { metric, unit, difference, runs, first, second, answer } = row
  if (difference === null) return noPairs(metric, first, second)
  const few = someOnly(row, flown)
  if (answer === 'equal') return `the same in every run${few}`
  if (difference.low === null || difference.high === null) return `not known from ${count(runs)}`
  if (answer === 'unclear') return `${noDifference(unit, difference, runs)}${few}`
  const { amount, ends } = told(row, difference)
  return `${amount}${ends}${few}`
}

function someOnly({ metric, runs, worlds }: Row, flown: Flown): string {
  if (worlds < flown.worlds) return `, in ${worlds} of the ${flown.worlds} worlds`
  return runs < flown.runs ? `, in the ${count(runs)} in which ${inWhich(metric)}` : ''
}

/** What there is to say of the second policy after its name; empty where nothing tells it from the first. */
export function sentences(rows: readonly Row[], flown: Flown): readonly string[] {
  return rows.flatMap((row) => {
    const { metric, difference, answer } = row
    const say = sayings[metric]
    if (say === undefined || difference === null || (answer !== 'better' && answer !== 'worse')) return []
    return [`${say(told(row, difference), row)}${someOnly(row, flown)}`]
  })
}

export function worldTitle(world: Pick<World, 'faults' | 'scenario'>): string {
  return `${faultsText(world)}  (${world.scenario})`
}

export function faultsText({ faults }: Pick<World, 'faults'>): string {
  return faults.length === 0 ? 'a release with nothing wrong' : faults.join(', ')
}

export function answerMark({ answer }: Row): string {
  return answer === 'worse' ? '✖' : answer === 'better' ? '✔' : ' '
}

/** `128 times as many` `as` A (`127 to 129`) */
interface Told {
  readonly amount: string
  readonly than: 'than' | 'as'
  /** How sure it is, in brackets; nothing where it is exact. */
  readonly ends: string
}

type Saying = (told: Told, row: Row) => string

/** Shares are told as they are: points of what would be left out. */
const shareSaying =
  (says: string, of: string): Saying =>
  ({ amount, ends }, { first, second }) =>
    `${says} ${percent(100 * second!)} of the ${of}, A ${percent(100 * first!)}: ${amount}${ends}`

const sayings: Readonly<Partial<Record<ComparedMetric, Saying>>> = {
  missed: shareSaying('misses', 'releases'),
  false_abort: shareSaying('stops', 'releases for nothing'),
  detect: ({ amount, than, ends }) => `detects ${amount} ${than} A${ends}`,
  'users.harmed': ({ amount, than, ends }) => `harms ${amount} users ${than} A${ends}`,
  duration: ({ amount, than, ends }) => `takes ${amount} ${than} A${ends}`,
}

function told({ metric, unit, ratio }: Row, difference: Estimate): Told {
  const [more, fewer] = comparatives[metric] ?? ['more', 'less']
  const isMore = difference.value > 0
  const word = isMore ? more : fewer
  const amount = (value: number) => (isMore ? value : -value)
  const by = (estimate: Estimate, whole: (value: number) => string, end = whole): Told => {
    const ends = range(estimate, isMore, end)
    return { amount: `${whole(amount(estimate.value))} ${word}`, than: 'than', ends }
  }
  if (unit === 'share') return by(difference, points, (value) => rounded(100 * value))
  if (unit === 'duration' || ratio === null) return by(difference, show[unit])
  if (ratio.value < 2 && ratio.value > 0.5) return by(shifted(ratio, -1), inPercent, (value) => rounded(100 * value))
  return { amount: `${rounded(ratio.value)} times as ${many(metric)}`, than: 'as', ends: range(ratio, true, rounded) }
}

/** The nearer end first, both without their sign. */
function range({ low, high }: Estimate, isMore: boolean, text: (value: number) => string): string {
  const [near, far] = (isMore ? [low!, high!] : [-high!, -low!]).map(text)
  return near === far ? '' : ` (${near} to ${far})`
}

function noDifference(unit: ComparedUnit, { low, high }: Estimate, runs: number): string {
  const reach = Math.max(Math.abs(low!), Math.abs(high!))
  const within = unit === 'share' ? points(reach) : show[unit](reach)
  return `no difference that ${count(runs)} could show: within ±${within}`
}

function noPairs(metric: ComparedMetric, first: number | null, second: number | null): string {
  if (first === null && second === null) return 'neither, in any run'
  if (first !== null && second !== null) return `no run in which ${inWhich(metric)}`
  return first === null ? 'only B ever does' : 'only A ever does'
}

function inWhich(metric: ComparedMetric): string {
  return metric === 'duration' ? 'both end alike' : metric === 'safe' ? 'both are safe again' : 'both detect it'
}

const comparatives: Readonly<Partial<Record<ComparedMetric, readonly [more: string, fewer: string]>>> = {
  missed: ['more', 'fewer'],
  false_abort: ['more', 'fewer'],
  detect: ['later', 'earlier'],
  'detect.never': ['more', 'fewer'],
  safe: ['later', 'earlier'],
  'safe.never': ['more', 'fewer'],
  duration: ['longer', 'less'],
  'duration.never': ['more', 'fewer'],
  'users.harmed': ['more', 'fewer'],
  'users.exposed': ['more', 'fewer'],
  'requests.excess': ['more', 'fewer'],
  'requests.failed': ['more', 'fewer'],
  'requests.exposed': ['more', 'fewer'],
}

function many(metric: ComparedMetric): string {
  return metric === 'budget.spent' || metric === 'weight.peak' ? 'much' : 'many'
}

const show: Readonly<Record<ComparedUnit, (value: number) => string>> = {
  duration: lasting,
  count: rounded,
  ratio: inPercent,
  share: inPercent,
}

function inPercent(value: number): string {
  return percent(100 * value)
}

function points(value: number): string {
  const text = rounded(100 * value)
  return `${text} ${text === '1' ? 'point' : 'points'}`
}

export function count(runs: number): string {
  return runs === 1 ? '1 run' : `${grouped(runs)} runs`
}

function shifted({ value, low, high }: Estimate, by: number): Estimate {
  return { value: value + by, low: low! + by, high: high! + by }
}
