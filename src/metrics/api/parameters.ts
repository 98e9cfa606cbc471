// The parameters of a request, read as Prometheus reads them: times, durations, limits and selectors.
import { isCalendarDay } from '../../scenario/instant.js'
import { parseDuration } from '../duration.js'
import { parseFloatText } from '../float-literal.js'
import type { Matcher } from '../matcher.js'
import { PromqlError, parseError } from '../promql/error.js'
import { parse } from '../promql/parse.js'
import { ApiError, invalidParameter } from './api-error.js'

/** Those of the form before those of the address, as Go's FormValue looks them up. URLSearchParams is one. */
export interface Parameters {
  get(name: string): string | null
  getAll(name: string): string[]
}

/** What clients send when they mean "from the beginning" and "to the end": years of more than four digits. */
const OUTER_TIMES_MS = new Map([
  ['-292273086-05-16T16:47:06Z', -9223309901257974e3],
  ['292277025-08-18T07:12:54.999999999Z', 9223309901257974e3],
])

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** `start` and `end` of what looks at series: without them, everything. */
export function spanOf(parameters: Parameters): Span {
  return {
    startMs: optionalTime(parameters, 'start', Number.NEGATIVE_INFINITY),
    endMs: optionalTime(parameters, 'end', Number.POSITIVE_INFINITY),
  }
}

export function optionalTime(parameters: Parameters, name: string, otherwiseMs: number): number {
  const text = parameters.get(name) ?? ''
  if (text === '') return otherwiseMs
  const timeMs = readTimeMs(text)
  if (timeMs !== undefined) return timeMs
  throw invalidParameter(name, `invalid time value for '${name}': ${notA('timestamp', text)}`)
}

export function requiredTime(parameters: Parameters, name: string): number {
  const text = parameters.get(name) ?? ''
  const timeMs = readTimeMs(text)
  if (timeMs === undefined) throw invalidParameter(name, notA('timestamp', text))
  return timeMs
}

export function durationMs(text: string): number {
  const seconds = parseFloatText(text)
  if (typeof seconds === 'number' && !Number.isNaN(seconds)) {
    if (Math.abs(seconds) * 1e9 > 2 ** 63) throw new RangeError(`${notA('duration', text)}. It overflows int64`)
    // Through whole nanoseconds, as Go has it: 1.001 s are 1,001 ms.
    return Math.trunc(seconds * 1e9) / 1e6
  }
  const duration = parseDuration(text)
  if (typeof duration === 'object') throw new RangeError(notA('duration', text))
  return duration
}

export function durationParameter(parameters: Parameters, name: string): number {
  try {
    return durationMs(parameters.get(name) ?? '')
  } catch (error) {
    if (error instanceof RangeError) throw invalidParameter(name, error.message)
    throw error
  }
}

/** Infinity where there is none. */
export function limitParameter(parameters: Parameters): number {
  const text = parameters.get('limit') ?? ''
  if (text === '') return Number.POSITIVE_INFINITY
  const limit = integer(text)
  if (typeof limit === 'string') throw invalidParameter('limit', limit)
  if (limit < 0) throw invalidParameter('limit', 'limit must be non-negative')
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

/** A number, or the words of one of Go's functions on why it is none. */
export function integer(text: string, read: 'Atoi' | 'ParseInt' = 'Atoi', beyond = 2 ** 63): number | string {
  const parsing = `strconv.${read}: parsing ${JSON.stringify(text)}`
  if (!/^[+-]?\d+$/.test(text)) return `${parsing}: invalid syntax`
  return Math.abs(Number(text)) < beyond ? Number(text) : `${parsing}: value out of range`
}

export function booleanParameter(parameters: Parameters, name: string): boolean {
  const text = (parameters.get(name) ?? '').toLowerCase()
  if (['', '0', 'f', 'false'].includes(text)) return false
  if (['1', 't', 'true'].includes(text)) return true
  const why = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`
  throw invalidParameter(name, `error converting ${name}: ${why}`)
}

/** The selectors of `match[]`, each as its matchers. Throws a plain message: which words go around it differs. */
export function selectorsOf(parameters: Parameters): readonly (readonly Matcher[])[] {
  return parameters.getAll('match[]').map((text) => {
    const matchers = matchersIn(text)
    if (matchers.every(({ accepts }) => accepts('')))
      throw new ApiError('bad_data', 'match[] must contain at least one non-empty matcher')
    return matchers
  })
}

export function matchersIn(text: string): readonly Matcher[] {
  try {
    if (!/\S/.test(text)) throw parseError('unexpected end of input', { from: text.length, to: text.length })
    const expression = parse(text)
    if (expression.kind === 'selector' && expression.offsetMs === 0 && expression.anchor === undefined)
      return expression.matchers
    throw new ApiError('bad_data', `1:1: parse error: ${JSON.stringify(text)} is no series selector`)
  } catch (error) {
    if (error instanceof PromqlError) throw new ApiError('bad_data', error.inQuery(text))
    throw error
  }
}

function readTimeMs(text: string): number | undefined {
  const seconds = parseFloatText(text)
  if (typeof seconds === 'number') {
    const whole = Math.trunc(seconds)
    return Number.isFinite(seconds) ? whole * 1000 + Math.round((seconds - whole) * 1000) : undefined
  }
  return OUTER_TIMES_MS.get(text) ?? dateTimeMs(text)
}

/** RFC 3339 down to the millisecond: series know no finer time. */
function dateTimeMs(text: string): number | undefined {
  const [, date, time, decimals = '', zone] =
    /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  if (date === undefined || !isCalendarDay(date)) return undefined
  const timeMs = Date.parse(`${date}T${time}.${decimals.slice(0, 3).padEnd(3, '0')}${zone}`)
  return Number.isNaN(timeMs) ? undefined : timeMs
}

function notA(what: string, text: string): string {
  return `cannot parse ${JSON.stringify(text)} to a valid ${what}`
}
