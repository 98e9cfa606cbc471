// The functions that Prometheus 3.15 gives to the templates of alerts.

import { parseDuration } from '../../duration.js'
import { fromBytes, toBytes } from '../../go/bytes.js'
import { quote } from '../../go/quote.js'
import { escapeQuery } from '../functions/escape.js'
import { type FunctionTable, refuse, type TemplateFunction } from '../functions/function.js'
import { durationOf, secondsOf } from '../time/duration.js'
import { timeOf } from '../time/instant.js'
import type { SliceValue, StringValue, Type, Value } from '../value/shape.js'
import { ANY, ANY_MAP, plain, STRING } from '../value/type.js'
import { anyOf, boolOf, elementsOf, floatOf, mapValue, pointerOf, stringOf, textOf } from '../value/value.js'
import { toFloat, toInt64 } from './convert.js'
import { stripDomain, stripPort } from './host.js'
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
  unixNanos,
} from './humanize.js'
import { toLower, toTitle, toUpper } from './letter-case.js'
import { matches, replaceAll } from './pattern.js'
import { labelOf, RESULT, resultOf, SAMPLE_POINTER, sortByLabel, type TemplateSample, valueIn } from './sample.js'

/** What some of the functions ask. */
interface FunctionSource {
  readonly timeMs: number
  readonly externalUrl: string
  readonly query: (text: string) => readonly TemplateSample[] | { readonly error: string }
}

export function prometheusFunctions(source: FunctionSource): FunctionTable {
  return new Map([...PURE, ...asking(source)])
}

const HTML: Type = plain('template.HTML', 'string')

const PURE: FunctionTable = pureFunctions()

/** Of no alert, for reading a text that may name them. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  'query',
  'now',
  'pathPrefix',
  'externalURL',
  ...PURE.keys(),
])

function asking({ timeMs, externalUrl, query }: FunctionSource): FunctionTable {
  return new Map([
    ['query', takes([STRING], ([text]) => answered(query(fromBytes(bytesOf(text)))))],
    ['now', takes([], () => floatOf(timeMs / 1000))],
    ['pathPrefix', takes([], () => textOf(pathOf(externalUrl)))],
    ['externalURL', takes([], () => textOf(externalUrl))],
  ])
}

function pureFunctions(): FunctionTable {
  return new Map<string, TemplateFunction>([
    ['first', takes([RESULT], ([result]) => firstOf(result))],
    ['label', takes([STRING, SAMPLE_POINTER], ([name, sample]) => stringOf(labelOf(bytesOf(name), existing(sample))))],
    ['value', takes([SAMPLE_POINTER], ([sample]) => valueIn(existing(sample)))],
    ['strvalue', takes([SAMPLE_POINTER], ([sample]) => stringOf(labelOf('__value__', existing(sample))))],
    ['sortByLabel', takes([STRING, RESULT], ([label, result]) => sorted(bytesOf(label), result))],
    ['args', { parameters: [ANY], isVariadic: true, call: numbered }],
    ['humanize', ofNumber((value) => textOf(humanize(value)))],
    ['humanize1024', ofNumber((value) => textOf(humanize1024(value)))],
    ['humanizeDuration', ofNumber((value) => textOf(humanizeDuration(value)))],
    ['humanizePercentage', ofNumber((value) => textOf(humanizePercentage(value)))],
    ['humanizeTimestamp', ofNumber((value) => textOf(humanizeTimestamp(value)))],
    ['toTime', ofNumber((value) => pointerOf(timeOf(finiteNanos(value))))],
    ['toDuration', ofNumber((value) => pointerOf(durationOf(toInt64(value * 1e9))))],
    ['parseDuration', takes([STRING], ([text]) => floatOf(secondsOf(nanosIn(bytesOf(text)))))],
    ['title', ofText(toTitle)],
    ['toUpper', ofText(toUpper)],
    ['toLower', ofText(toLower)],
    ['match', takes([STRING, STRING], ([pattern, text]) => boolOf(matches(bytesOf(pattern), bytesOf(text))))],
    [
      'reReplaceAll',
      takes([STRING, STRING, STRING], ([a, b, c]) => stringOf(replaceAll(bytesOf(a), bytesOf(b), bytesOf(c)))),
    ],
    ['safeHtml', takes([STRING], ([text]) => stringOf(bytesOf(text), HTML))],
    ['stripPort', takes([STRING], ([address]) => stringOf(stripPort(bytesOf(address))))],
    ['stripDomain', takes([STRING], ([address]) => stringOf(stripDomain(bytesOf(address))))],
    [
      'graphLink',
      takes([STRING], ([expression]) => stringOf(`/graph?g0.expr=${escapeQuery(bytesOf(expression))}&g0.tab=0`)),
    ],
    [
      'tableLink',
      takes([STRING], ([expression]) => stringOf(`/graph?g0.expr=${escapeQuery(bytesOf(expression))}&g0.tab=1`)),
    ],
    ['urlQueryEscape', takes([STRING], ([text]) => stringOf(escapeQuery(bytesOf(text))))],
  ])
}

function takes(parameters: readonly Type[], call: TemplateFunction['call']): TemplateFunction {
  return { parameters, call }
}

function ofNumber(change: (value: number) => Value): TemplateFunction {
  return takes([ANY], ([value]) => change(toFloat(value)))
}

function ofText(change: (text: string) => string): TemplateFunction {
  return takes([STRING], ([text]) => stringOf(toBytes(change(fromBytes(bytesOf(text), 'kept')))))
}

function bytesOf(text: Value | undefined): string {
  return (text as StringValue).value
}

function answered(answer: ReturnType<FunctionSource['query']>): Value {
  return 'error' in answer ? refuse(toBytes(answer.error)) : resultOf(answer)
}

function firstOf(result: Value | undefined): Value {
  return elementsOf(result as SliceValue)[0] ?? refuse('first() called on vector with no elements')
}

/** A nil where a sample should be makes Go panic. */
function existing(sample: Value | undefined): Value {
  return sample?.kind === 'pointer' && sample.value !== undefined
    ? sample
    : refuse('runtime error: invalid memory address or nil pointer dereference')
}

function sorted(label: string, result: Value | undefined): Value {
  sortByLabel(label, result as SliceValue)
  return result!
}

function numbered(args: readonly (Value | undefined)[]): Value {
  return mapValue(
    ANY_MAP,
    args.map((arg, index) => [`arg${index}`, anyOf(arg)]),
  )
}

/** Unlike elsewhere, durations may be negative here. */
function nanosIn(duration: string): bigint {
  const isNegative = duration.startsWith('-')
  const parsed = parseDuration(isNegative ? duration.slice(1) : duration, quote)
  if (typeof parsed === 'object') refuse(parsed.error)
  const nanos = BigInt(parsed) * 1_000_000n
  return isNegative ? -nanos : nanos
}

function finiteNanos(seconds: number): bigint {
  return Number.isFinite(seconds) ? unixNanos(seconds) : refuse('value is NaN or Inf')
}

/** Of a URL: what comes after the host, without query and fragment. */
function pathOf(url: string): string {
  const [, path = ''] = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:\/\/[^/?#]*)?([^?#]*)/.exec(url)!
  return path
}
