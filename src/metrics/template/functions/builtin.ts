// The functions that every template has. The executor has its own way with `and`, `or`, which evaluate only what they
// need, and with `call`, which complains of what it is given.

import { sprint, sprintf, sprintln } from '../format/printf.js'
import type { StringValue, Type, Value } from '../value/shape.js'
import { ANY, ANYTHING, STRING } from '../value/type.js'
import { boolOf, indirect, isTrue, stringOf, unwrapped } from '../value/value.js'
import { equal, less } from './compare.js'
import { indexed, lengthOf, sliced } from './element.js'
import { escapeHtml, escapeJs, escapeQuery } from './escape.js'
import { type FunctionTable, refuse, type TemplateFunction } from './function.js'

type Arguments = readonly (Value | undefined)[]

export const BUILTINS: FunctionTable = new Map<string, TemplateFunction>([
  ['and', several([ANYTHING, ANYTHING], ([first]) => first)],
  ['or', several([ANYTHING, ANYTHING], ([first]) => first)],
  ['not', exactly([ANYTHING], ([arg]) => boolOf(!isTrue(unwrapped(arg))))],
  ['call', several([ANYTHING, ANYTHING], () => refuse('no value of a template is a function'))],
  ['len', exactly([ANYTHING], ([item]) => lengthOf(item))],
  ['index', several([ANYTHING, ANYTHING], ([item, ...keys]) => indexed(item, keys))],
  ['slice', several([ANYTHING, ANYTHING], ([item, ...bounds]) => sliced(item, bounds))],
  ['print', several([ANY], (args) => stringOf(sprint(args)))],
  ['println', several([ANY], (args) => stringOf(sprintln(args)))],
  ['printf', several([STRING, ANY], ([format, ...args]) => stringOf(sprintf((format as StringValue).value, args)))],
  ['html', several([ANY], (args) => stringOf(escapeHtml(plainText(args))))],
  ['js', several([ANY], (args) => stringOf(escapeJs(plainText(args))))],
  ['urlquery', several([ANY], (args) => stringOf(escapeQuery(plainText(args))))],
  ['eq', several([ANYTHING, ANYTHING], ([first, ...others]) => boolOf(equal(first, others)))],
  ['ne', exactly([ANYTHING, ANYTHING], ([a, b]) => boolOf(!equal(a, [b])))],
  ['lt', exactly([ANYTHING, ANYTHING], ([a, b]) => boolOf(less(a, b)))],
  ['le', exactly([ANYTHING, ANYTHING], ([a, b]) => boolOf(less(a, b) || equal(a, [b])))],
  ['gt', exactly([ANYTHING, ANYTHING], ([a, b]) => boolOf(!(less(a, b) || equal(a, [b]))))],
  ['ge', exactly([ANYTHING, ANYTHING], ([a, b]) => boolOf(!less(a, b)))],
])

/** What an action prints of a value: what a pointer leads to, and "<no value>" for nothing. */
export function printable(value: Value | undefined): Value {
  if (value === undefined) return stringOf('<no value>')
  return value.kind === 'pointer' ? indirect(value) : value
}

function plainText(args: Arguments): string {
  return sprint(args.map(printable))
}

function exactly(parameters: readonly Type[], call: TemplateFunction['call']): TemplateFunction {
  return { parameters, call }
}

function several(parameters: readonly Type[], call: TemplateFunction['call']): TemplateFunction {
  return { parameters, isVariadic: true, call }
}
