// Quantities as people write them in a scenario, and the numbers they stand for. A unit is always written.
import { compactNumber, compactText, decimalText, shifted } from './decimal.js'
import { limits } from './limits.js'

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string; readonly expected: string; readonly hint?: string }

/** One kind of quantity, both ways, with what an editor needs to know of its text. */
export interface Unit<Value> {
  readonly expected: string
  readonly examples: readonly string[]
  readonly pattern: RegExp
  readonly parse: (text: string) => Parsed<Value>
  readonly format: (value: Value) => string
}

/** Not empty; the largest unit first, and each at most once. */
const DURATION_PATTERN = `(?=\\d)${['d', 'h', 'm', 's', 'ms'].map((unit) => `(\\d+(\\.\\d+)?${unit})?`).join('')}`

/** Milliseconds. */
export const duration: Unit<number> = {
  expected: 'a duration such as `90s`, `1m30s`, `250ms`, `1.5h` or `2d`',
  examples: ['90s', '1m30s', '250ms', '1.5h', '30d'],
  pattern: new RegExp(`^${DURATION_PATTERN}$`),
  parse: parseDuration,
  format: formatDuration,
}

/** Requests per second. */
export const rate: Unit<number> = {
  expected: 'a rate such as `400/s`, `24k/m` or `1.2M/h`',
  examples: ['400/s', '24k/m', '1.2M/h'],
  pattern: /^(\d+(?:\.\d+)?)([kM]?)\/([smh])$/,
  parse: parseRate,
  format: formatRate,
}

/** A ratio from 0 to 1. `0.1` could mean a tenth as well as a thousandth, so only percentages are read. */
export const percentage: Unit<number> = {
  expected: 'a percentage from `0%` to `100%`, such as `0.1%`',
  examples: ['0.1%', '5%', '100%'],
  pattern: /^(\d+(?:\.\d+)?)%$/,
  parse: parsePercentage,
  format: formatPercentage,
}

/** A whole number. */
export const count: Unit<number> = {
  expected: 'a whole number such as `200`, `50k` or `1.2M`',
  examples: ['200', '50k', '1.2M'],
  pattern: /^(\d+(?:\.\d+)?)([kM]?)$/,
  parse: parseCount,
  format: formatCount,
}

/** Bytes, as Kubernetes writes them. */
export const bytes: Unit<number> = {
  expected: 'an amount of memory such as `120Mi`, `1.5Gi` or `500M`',
  examples: ['120Mi', '1.5Gi', '500M'],
  pattern: /^(\d+(?:\.\d+)?)([KMGT]i|[kMGT])$/,
  parse: parseBytes,
  format: formatBytes,
}

export type LatencyChange =
  | { readonly kind: 'add'; readonly ms: number }
  | { readonly kind: 'factor'; readonly factor: number }
  | { readonly kind: 'percent'; readonly percent: number }

export const latencyChange: Unit<LatencyChange> = {
  expected: 'a change of latency such as `+200ms`, `x3` or `+50%`',
  examples: ['+200ms', 'x3', '+50%'],
  pattern: new RegExp(`^(\\+${DURATION_PATTERN}|\\+\\d+(\\.\\d+)?%|x\\d+(\\.\\d+)?)$`),
  parse: parseLatencyChange,
  format: formatLatencyChange,
}

export function parseDuration(text: string): Parsed<number> {
  if (!duration.pattern.test(text)) return refuse(duration, text, durationHint(text))
  let milliseconds = 0
  for (const [, digits = '', unit = ''] of text.matchAll(/([\d.]+)(ms|[dhms])/g)) {
    const { factor, places } = DURATION_UNITS[unit as keyof typeof DURATION_UNITS]
    milliseconds += shifted(digits, places) * factor
  }
  if (milliseconds > Number.MAX_SAFE_INTEGER) return refuse(duration, text, 'That is longer than a run can count.')
  return { ok: true, value: milliseconds }
}

export function formatDuration(milliseconds: number): string {
  demand(milliseconds, 'a duration')
  if (milliseconds === 0) return '0s'
  if (milliseconds < 1000 || !Number.isInteger(milliseconds)) return `${decimalText(milliseconds)}ms`
  let rest = milliseconds
  let text = ''
  for (const unit of ['d', 'h', 'm'] as const) {
    const { factor, places } = DURATION_UNITS[unit]
    const whole = Math.floor(rest / (factor * 10 ** places))
    rest -= whole * factor * 10 ** places
    if (whole > 0) text += `${whole}${unit}`
  }
  return rest === 0 ? text : `${text}${decimalText(shifted(rest, -3))}s`
}

export function parseRate(text: string): Parsed<number> {
  const match = rate.pattern.exec(text)
  if (match === null) return refuse(rate, text, rateHint(text))
  const [, digits = '', suffix, unit = 's'] = match
  const perSecond = compactNumber(digits, suffix) / RATE_SECONDS[unit as keyof typeof RATE_SECONDS]
  return finite(perSecond, rate, text)
}

/** In the unit that makes it shortest: a third of a request a second is `20/m`. */
export function formatRate(perSecond: number): string {
  demand(perSecond, 'a rate')
  const texts = Object.entries(RATE_SECONDS).map(([unit, seconds]) => `${compactText(perSecond * seconds)}/${unit}`)
  const faithful = texts.filter((text) => readsAs(parseRate(text), perSecond))
  return faithful.reduce((best, text) => (text.length + 2 < best.length ? text : best), `${compactText(perSecond)}/s`)
}

export function parsePercentage(text: string): Parsed<number> {
  const digits = percentage.pattern.exec(text)?.[1]
  const ratio = digits === undefined ? Number.NaN : shifted(digits, -2)
  if (ratio <= 1) return { ok: true, value: ratio }
  return refuse(percentage, text, percentageHint(text))
}

export function formatPercentage(ratio: number): string {
  demand(ratio, 'a ratio')
  return `${decimalText(shifted(ratio, 2))}%`
}

export function parseCount(text: string): Parsed<number> {
  const match = count.pattern.exec(text)
  const value = match === null ? Number.NaN : compactNumber(match[1]!, match[2])
  if (Number.isSafeInteger(value)) return { ok: true, value }
  return refuse(count, text, /^[\d.]+K$/.test(text) ? `Write \`${text.toLowerCase()}\`.` : undefined)
}

export function formatCount(value: number): string {
  demand(value, 'a count')
  return compactText(value)
}

export function parseBytes(text: string): Parsed<number> {
  const [, digits = '', suffix = ''] = bytes.pattern.exec(text) ?? []
  const value = digits === '' ? Number.NaN : Math.round(Number(digits) * BYTES[suffix as keyof typeof BYTES])
  if (Number.isSafeInteger(value)) return { ok: true, value }
  return refuse(
    bytes,
    text,
    /^\d+(\.\d+)?[KMGT]?B$/.test(text) ? 'Write `Mi` for mebibytes, `M` for megabytes.' : undefined,
  )
}

export function formatBytes(value: number): string {
  demand(value, 'an amount of memory')
  const unit = (['Ti', 'Gi', 'Mi', 'Ki'] as const).find((suffix) => value >= BYTES[suffix]) ?? 'Ki'
  return `${decimalText(value / BYTES[unit])}${unit}`
}

export function parseLatencyChange(text: string): Parsed<LatencyChange> {
  const amount = text.slice(1)
  if (/^x\d+(\.\d+)?$/.test(text) && Number(amount) > 0 && Number.isFinite(Number(amount))) {
    return { ok: true, value: { kind: 'factor', factor: Number(amount) } }
  }
  if (/^\+\d+(\.\d+)?%$/.test(text) && Number.isFinite(Number(amount.slice(0, -1)))) {
    return { ok: true, value: { kind: 'percent', percent: Number(amount.slice(0, -1)) } }
  }
  const added = parseDuration(amount)
  if (text.startsWith('+') && added.ok) return { ok: true, value: { kind: 'add', ms: added.value } }
  const bare = parseDuration(text).ok || /^\d+(\.\d+)?%$/.test(text)
  const times = /^(?:\*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)[x*])$/.exec(text)
  const hint = bare
    ? `Write \`+${text}\`: it is a change, not the latency itself.`
    : times && `Write \`x${times[1] ?? times[2]}\`.`
  return refuse(latencyChange, text, hint ?? undefined)
}

export function formatLatencyChange(change: LatencyChange): string {
  if (change.kind === 'add') return `+${formatDuration(change.ms)}`
  return change.kind === 'factor' ? `x${decimalText(change.factor)}` : `+${decimalText(change.percent)}%`
}

/** Milliseconds in a unit are factor times ten to the places. */
const DURATION_UNITS = {
  d: { factor: 864, places: 5 },
  h: { factor: 36, places: 5 },
  m: { factor: 6, places: 4 },
  s: { factor: 1, places: 3 },
  ms: { factor: 1, places: 0 },
}

const BYTES = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

const RATE_SECONDS = { s: 1, m: 60, h: 3600 }

export function refuse(unit: { readonly expected: string }, text: string, hint?: string): Parsed<never> {
  const message = `\`${text}\` is not ${unit.expected}`
  return { ok: false, message, expected: unit.expected, ...(hint === undefined ? {} : { hint }) }
}

function finite(value: number, unit: Unit<number>, text: string): Parsed<number> {
  return Number.isFinite(value) ? { ok: true, value } : refuse(unit, text)
}

function readsAs(parsed: Parsed<number>, value: number): boolean {
  return parsed.ok && parsed.value === value
}

function demand(value: number, what: string): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(`${value} is not ${what}`)
}

function durationHint(text: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return `A number needs a unit: write \`${text}s\` or \`${text}m\`.`
  if (text.startsWith('-')) return 'A duration cannot be negative.'
  if (/^(\d+(\.\d+)?(d|h|ms|m|s))+$/.test(text)) return 'Write the largest unit first, and each unit once.'
  const meant = text.toLowerCase().replace(/\s*([a-z]+)\s*/g, (_, word: string) => DURATION_WORDS[word] ?? word)
  return duration.pattern.test(meant) ? `Write \`${meant}\`.` : undefined
}

const DURATION_WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    d: ['day', 'days'],
    h: ['hr', 'hrs', 'hour', 'hours'],
    m: ['min', 'mins', 'minute', 'minutes'],
    s: ['sec', 'secs', 'second', 'seconds'],
    ms: ['msec', 'msecs', 'millis', 'millisecond', 'milliseconds'],
  }).flatMap(([unit, words]) => words.map((word) => [word, unit])),
)

function percentageHint(text: string): string | undefined {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) > 100) return undefined
  const asRatio = Number(text) <= 1 ? `, or \`${formatPercentage(Number(text))}\` if it was meant as a ratio` : ''
  return `Write \`${text}%\`${asRatio}.`
}

function rateHint(text: string): string | undefined {
  if (/^-\d/.test(text)) return 'A rate cannot be negative.'
  const [, scientific, rest] = /^(\d+(?:\.\d+)?[eE]\+?\d{1,2})(.*)$/.exec(text) ?? []
  if (Number(scientific) > limits.ratePerSecond) return undefined
  const plain = scientific === undefined ? text : compactText(Number(scientific)) + rest
  const [, amount, per] = /^(\d+(?:\.\d+)?[kKM]?)\s*(\D*)$/.exec(plain) ?? []
  if (amount === undefined || per === undefined) return undefined
  const unit = Object.entries(RATE_WORDS).find(([, words]) => words.test(per))?.[0]
  return unit && `Write \`${amount.replace('K', 'k')}/${unit}\`.`
}

/** What people write for requests in such a time: `rpm`, `req/min`, `per minute`. */
const RATE_WORDS: Readonly<Record<keyof typeof RATE_SECONDS, RegExp>> = {
  s: /^$|^[a-z]*ps$|(\/|per)\s*s(ec(ond)?s?)?$/i,
  m: /^[a-z]*pm$|(\/|per)\s*m(in(ute)?s?)?$/i,
  h: /^[a-z]*ph$|(\/|per)\s*h(r|our)?s?$/i,
}
