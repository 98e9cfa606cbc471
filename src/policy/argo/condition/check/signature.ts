// What each builtin function takes and gives, and what it says of arguments it does not take.

import type { FunctionName, LoopName } from '../syntax/builtin-name.js'
import {
  ANY,
  ANY_FUNCTION,
  ANY_MAP,
  ANY_SLICE,
  BOOL,
  DURATION,
  ERROR,
  FLOAT64,
  FLOAT64_SLICE,
  functionOf,
  type GoType,
  GROUP_MAP,
  INT,
  INT_SLICE,
  type Kind,
  LOCATION_POINTER,
  STRING,
  STRING_SLICE,
  TIME,
} from '../value/go-type.js'

interface BuiltinSignature {
  /** The first one is the type of the bare name. */
  readonly overloads: readonly [GoType, ...GoType[]]
  /** Decides by the types of all arguments (undefined for nil): the result's type, or what is wrong. */
  readonly validate: Validate | undefined
  /** What expr 1.15 decides instead. */
  readonly formerly?: Validate
}

type Validate = (args: Types) => GoType | string

type Types = readonly (GoType | undefined)[]

const NUMERIC: readonly Kind[] = ['float64', 'int', 'int64', 'uint8']
const LISTS: readonly Kind[] = ['slice', 'array']

const textToText = functionOf([STRING], [STRING])
const twoTextsToText = functionOf([STRING, STRING], [STRING])
const twoTextsToInt = functionOf([STRING, STRING], [INT])
const twoTextsToBool = functionOf([STRING, STRING], [BOOL])
const bits = typed(functionOf([INT, INT], [INT]))
const splitting = typed(functionOf([STRING, STRING], [STRING_SLICE]), functionOf([STRING, STRING, INT], [STRING_SLICE]))

export const SIGNATURES: Readonly<Record<FunctionName, BuiltinSignature>> = {
  len: single((type) => {
    const held = type?.kind === 'ptr' ? type.element : type
    return is(held, 'slice', 'array', 'map', 'string') ? INT : `invalid argument for len ${of(type)}`
  }),
  type: typed(functionOf([ANY], [STRING])),
  abs: single((type) => (is(type, ...NUMERIC) ? type! : `invalid argument for abs ${of(type)}`)),
  ceil: rounding('ceil'),
  floor: rounding('floor'),
  round: rounding('round'),
  int: single((type) => (is(type, 'string', ...NUMERIC) ? INT : `invalid argument for int ${of(type)}`)),
  float: single((type) => (is(type, 'string', ...NUMERIC) ? FLOAT64 : `invalid argument for float ${of(type)}`)),
  string: typed(functionOf([ANY], [STRING])),
  trim: typed(textToText, twoTextsToText),
  trimPrefix: typed(twoTextsToText, textToText),
  trimSuffix: typed(twoTextsToText, textToText),
  upper: typed(textToText),
  lower: typed(textToText),
  split: splitting,
  splitAfter: splitting,
  replace: typed(functionOf([STRING, STRING, STRING, INT], [STRING]), functionOf([STRING, STRING, STRING], [STRING])),
  repeat: typed(functionOf([STRING, INT], [STRING])),
  join: typed(
    functionOf([STRING_SLICE, STRING], [STRING]),
    functionOf([ANY_SLICE, STRING], [STRING]),
    functionOf([ANY_SLICE], [STRING]),
    functionOf([STRING_SLICE, STRING], [STRING]),
    functionOf([STRING_SLICE], [STRING]),
  ),
  indexOf: typed(twoTextsToInt),
  lastIndexOf: typed(twoTextsToInt),
  hasPrefix: typed(twoTextsToBool),
  hasSuffix: typed(twoTextsToBool),
  max: { ...aggregate('max'), formerly: extremeOfNumbers('max') },
  min: { ...aggregate('min'), formerly: extremeOfNumbers('min') },
  mean: { ...aggregate('mean'), formerly: averageOfList('avg') },
  median: { ...aggregate('median'), formerly: averageOfList('median') },
  toJSON: typed(functionOf([ANY], [STRING])),
  fromJSON: typed(functionOf([STRING], [ANY])),
  toBase64: typed(textToText),
  fromBase64: typed(textToText),
  now: validated((args) =>
    args.length === 0 || (args.length === 1 && args[0] === LOCATION_POINTER)
      ? TIME
      : `invalid number of arguments (expected 0, got ${args.length})`,
  ),
  duration: typed(functionOf([STRING], [DURATION, ERROR])),
  date: validated(validateDate),
  timezone: typed(functionOf([STRING], [LOCATION_POINTER, ERROR])),
  first: end('first'),
  last: end('last'),
  get: { overloads: [ANY_FUNCTION], validate: undefined },
  take: validated(validateTake),
  keys: single((type) => (is(type, 'map') ? ANY_SLICE : `cannot get keys from ${name(type)}`)),
  values: single((type) => (is(type, 'map') ? ANY_SLICE : `cannot get values from ${name(type)}`)),
  toPairs: single((type) => (is(type, 'map') ? ANY_SLICE : `cannot transform ${name(type)} to pairs`)),
  fromPairs: single((type) => (is(type, ...LISTS) ? ANY_MAP : `cannot transform ${name(type)} from pairs`)),
  reverse: single((type) => (is(type, ...LISTS) ? ANY_SLICE : `cannot reverse ${name(type)}`)),
  uniq: single((type) => (is(type, ...LISTS) ? ANY_SLICE : `cannot uniq ${name(type)}`)),
  concat: validated(validateConcat),
  flatten: single((type) => (is(type, ...LISTS) ? ANY_SLICE : `cannot flatten ${name(type)}`)),
  sort: typed(
    functionOf([ANY_SLICE, STRING], [ANY_SLICE]),
    ...[INT_SLICE, FLOAT64_SLICE, STRING_SLICE].map((type) => functionOf([type, STRING], [ANY_SLICE])),
    ...[ANY_SLICE, FLOAT64_SLICE, STRING_SLICE, INT_SLICE].map((type) => functionOf([type], [ANY_SLICE])),
  ),
  bitand: bits,
  bitor: bits,
  bitxor: bits,
  bitnand: bits,
  bitshl: bits,
  bitshr: bits,
  bitushr: bits,
  bitnot: typed(functionOf([INT], [INT])),
}

const predicateToBool = functionOf([ANY], [BOOL])
const predicateToAny = functionOf([ANY], [ANY])
const askingAll = functionOf([ANY_SLICE, predicateToBool], [BOOL])
const counting = functionOf([ANY_SLICE, predicateToBool], [INT])
const finding = functionOf([ANY_SLICE, predicateToBool], [ANY])

/** The types of the bare names; checking a call of one is the loop checker's work. */
export const LOOP_TYPES: Readonly<Record<LoopName, GoType>> = {
  all: askingAll,
  none: askingAll,
  any: askingAll,
  one: askingAll,
  filter: functionOf([ANY_SLICE, predicateToBool], [ANY_SLICE]),
  map: functionOf([ANY_SLICE, predicateToAny], [ANY_SLICE]),
  count: counting,
  sum: counting,
  find: finding,
  findIndex: counting,
  findLast: finding,
  findLastIndex: counting,
  groupBy: functionOf([ANY_SLICE, predicateToAny], [GROUP_MAP]),
  sortBy: functionOf([ANY_SLICE, predicateToBool, STRING], [ANY_SLICE]),
  reduce: functionOf([ANY_SLICE, functionOf([ANY, ANY], [ANY]), ANY], [ANY]),
}

/** Whether some overload takes so many arguments. */
export function takesCount(name: FunctionName, count: number): boolean {
  const { overloads, validate } = SIGNATURES[name]
  if (name === 'get') return count === 2
  if (validate !== undefined) return typeof validate(Array<GoType>(count).fill(ANY)) !== 'string'
  return overloads.some(({ signature }) => signature!.parameters.length === count)
}

function typed(...overloads: readonly [GoType, ...GoType[]]): BuiltinSignature {
  return { overloads, validate: undefined }
}

function validated(validate: (args: Types) => GoType | string): BuiltinSignature {
  return { overloads: [ANY_FUNCTION], validate }
}

/** For one argument; what is unknown now may turn out right. */
function single(validate: (type: GoType | undefined) => GoType | string): BuiltinSignature {
  return validated((args) => (args.length === 1 ? validate(args[0]) : wrongCount('1', args)))
}

function rounding(called: string): BuiltinSignature {
  return single((type) => (is(type, ...NUMERIC) ? FLOAT64 : `invalid argument for ${called} ${of(type)}`))
}

function end(called: string): BuiltinSignature {
  return single((type) => {
    if (type?.kind === 'interface') return ANY
    return is(type, ...LISTS) ? type!.element! : `cannot get ${called} element from ${name(type)}`
  })
}

function aggregate(called: string): BuiltinSignature {
  return validated((args) => {
    if (args.length === 0) return `not enough arguments to call ${called}`
    for (const type of args) {
      if (is(type, ...LISTS)) return ANY
      if (!is(type, ...NUMERIC)) return `invalid argument for ${called} ${of(type)}`
    }
    return args[0]!
  })
}

/** No lists among them. */
function extremeOfNumbers(called: string): Validate {
  return (args) => {
    if (args.length === 0) return `not enough arguments to call ${called}`
    for (const type of args) {
      if (type === ANY) return ANY
      if (!is(type, ...NUMERIC)) return `invalid argument for ${called} ${of(type)}`
    }
    return args[0]!
  }
}

function averageOfList(verb: string): Validate {
  return (args) => {
    if (args.length !== 1) return wrongCount('1', args)
    return is(args[0], ...LISTS) ? FLOAT64 : `cannot ${verb} ${name(args[0])}`
  }
}

function validateDate(args: Types): GoType | string {
  if (args.length < 1) return `invalid number of arguments (expected at least 1, got ${args.length})`
  const rest = args[0] === LOCATION_POINTER ? args.length - 1 : args.length
  return rest > 3 ? `invalid number of arguments (expected at most 3, got ${rest})` : TIME
}

function validateTake(args: Types): GoType | string {
  if (args.length !== 2) return wrongCount('2', args)
  if (!is(args[0], ...LISTS)) return `cannot take from ${name(args[0])}`
  return is(args[1], 'int', 'int64') ? args[0]! : `cannot take ${name(args[1])} elements`
}

function validateConcat(args: Types): GoType | string {
  if (args.length === 0) return 'invalid number of arguments (expected at least 1, got 0)'
  const wrong = args.findIndex((type) => !is(type, ...LISTS))
  return wrong < 0 ? ANY_SLICE : `cannot concat ${name(args[wrong])}`
}

function wrongCount(expected: string, args: Types): string {
  return `invalid number of arguments (expected ${expected}, got ${args.length})`
}

/** Of one of these kinds, or not known yet. */
function is(type: GoType | undefined, ...kinds: readonly Kind[]): boolean {
  return type !== undefined && (type.kind === 'interface' || kinds.includes(type.kind))
}

function of(type: GoType | undefined): string {
  return `(type ${name(type)})`
}

/** Go's formatting of the type that nil does not have. */
function name(type: GoType | undefined): string {
  return type?.name ?? '%!s(<nil>)'
}
