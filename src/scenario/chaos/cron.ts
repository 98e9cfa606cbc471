// When a Schedule strikes: `@every 5m`, `@hourly` and the like, and cron's five fields with seconds before them if wanted
// (robfig/cron 3, as Chaos Mesh has it), in UTC.
import { parseGoDuration } from '../go-duration.js'

export type CronSchedule = { readonly everyMs: number } | CronFields

interface CronFields {
  readonly seconds: ReadonlySet<number>
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly daysOfWeek: ReadonlySet<number>
  /** Both are restricted, and either is enough. */
  readonly isEitherDay: boolean
}

/** Or what is wrong with it. */
export function parseCron(text: string): CronSchedule | { readonly error: string } {
  if (/^(CRON_)?TZ=/.test(text) && !/^(CRON_)?TZ=(UTC|Etc\/UTC) /.test(text)) {
    return { error: 'the clocks of the world are in UTC: leave the time zone out' }
  }
  const spec = text.replace(/^(CRON_)?TZ=\S+ +/, '').trim()
  if (spec.startsWith('@every ')) {
    const parsed = parseGoDuration(spec.slice('@every '.length))
    if (typeof parsed === 'object') return parsed
    // Less than a second counts as one, and parts of a second are cut off.
    return { everyMs: Math.max(1000, Math.floor(parsed / 1000) * 1000) }
  }
  const fields = (spec.startsWith('@') ? descriptors[spec] : spec)?.split(/\s+/)
  if (fields === undefined) return { error: `unrecognized descriptor: ${spec}` }
  const whole = fields.length === 5 ? ['0', ...fields] : fields
  if (whole.length !== 6)
    return { error: `expected 5 to 6 fields, found ${spec === '' ? 0 : fields.length}: [${spec}]` }
  return fromFields(whole)
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const months = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const bounds = [
  { from: 0, to: 59, names: [] },
  { from: 0, to: 59, names: [] },
  { from: 0, to: 23, names: [] },
  { from: 1, to: 31, names: [] },
  { from: 1, to: 12, names: months },
  { from: 0, to: 6, names: days },
] as const satisfies readonly Bounds[]

interface Bounds {
  readonly from: number
  readonly to: number
  readonly names: readonly string[]
}

function fromFields(fields: readonly string[]): CronSchedule | { readonly error: string } {
  const sets: ReadonlySet<number>[] = []
  for (const [index, field] of fields.entries()) {
    const set = valuesOf(field, bounds[index]!)
    if (typeof set === 'string') return { error: set }
    sets.push(set)
  }
  const [seconds, minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] = sets as [Set<number>, ...Set<number>[]]
  const isStar = (field: string) => field.split(',').some((part) => /^[*?]/.test(part))
  return {
    seconds,
    minutes: minutes!,
    hours: hours!,
    daysOfMonth: daysOfMonth!,
    months: monthsOfYear!,
    daysOfWeek: daysOfWeek!,
    isEitherDay: !isStar(fields[3]!) && !isStar(fields[5]!),
  }
}

function valuesOf(field: string, { from, to, names }: Bounds): Set<number> | string {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [, range = '', , step] = /^([^/]+)(\/(\d+))?$/.exec(part) ?? []
    const [first = '', last] = range.split('-')
    const isAll = range === '*' || range === '?'
    const low = isAll ? from : numberOf(first, names)
    const high = isAll ? to : last === undefined ? (step === undefined ? low : to) : numberOf(last, names)
    if (Number.isNaN(low) || Number.isNaN(high) || range.split('-').length > 2) return `failed to parse ${part}`
    if (low < from) return `beginning of range (${low}) below minimum (${from}): ${part}`
    if (high > to) return `end of range (${high}) above maximum (${to}): ${part}`
    if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${part}`
    if (step !== undefined && Number(step) === 0) return `step of range should be a positive number: ${part}`
    for (let value = low; value <= high; value += Number(step ?? 1)) values.add(value)
  }
  return values
}

function numberOf(text: string, names: readonly string[]): number {
  const index = text === '' ? -1 : names.indexOf(text.toLowerCase())
  if (index >= 0) return index
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}

/** The instants after one and not after another at which it strikes, as milliseconds since 1970; the first so many. */
export function ticksOf(schedule: CronSchedule, afterMs: number, untilMs: number, most: number): readonly number[] {
  const ticks: number[] = []
  if ('everyMs' in schedule) {
    for (let tick = afterMs + schedule.everyMs; tick <= untilMs && ticks.length < most; tick += schedule.everyMs) {
      ticks.push(tick)
    }
    return ticks
  }
  const firstDayMs = Math.floor(afterMs / dayMs) * dayMs
  for (let midnightMs = firstDayMs; midnightMs <= untilMs && ticks.length < most; midnightMs += dayMs) {
    if (!isDay(schedule, new Date(midnightMs))) continue
    for (const tick of ticksOfDay(schedule)) {
      const atMs = midnightMs + tick
      if (atMs > afterMs && atMs <= untilMs && ticks.length < most) ticks.push(atMs)
    }
  }
  return ticks
}

const dayMs = 86_400_000

function isDay({ months: known, daysOfMonth, daysOfWeek, isEitherDay }: CronFields, date: Date): boolean {
  if (!known.has(date.getUTCMonth() + 1)) return false
  const [isOfMonth, isOfWeek] = [daysOfMonth.has(date.getUTCDate()), daysOfWeek.has(date.getUTCDay())]
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek
}

function* ticksOfDay({ hours, minutes, seconds }: CronFields): Iterable<number> {
  for (const hour of inOrder(hours)) {
    for (const minute of inOrder(minutes)) {
      for (const second of inOrder(seconds)) yield ((hour * 60 + minute) * 60 + second) * 1000
    }
  }
}

function inOrder(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((one, other) => one - other)
}
