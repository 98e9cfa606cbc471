// The names of expr's builtin functions, which the parser must know because some of them take a predicate.

type Argument = 'expression' | 'predicate' | 'optional predicate' | 'optional expression'

/** Builtins whose arguments the parser reads one by one. */
export const PREDICATE_ARGUMENTS = {
  all: ['expression', 'predicate'],
  none: ['expression', 'predicate'],
  any: ['expression', 'predicate'],
  one: ['expression', 'predicate'],
  filter: ['expression', 'predicate'],
  map: ['expression', 'predicate'],
  count: ['expression', 'optional predicate'],
  sum: ['expression', 'optional predicate'],
  find: ['expression', 'predicate'],
  findIndex: ['expression', 'predicate'],
  findLast: ['expression', 'predicate'],
  findLastIndex: ['expression', 'predicate'],
  groupBy: ['expression', 'predicate'],
  sortBy: ['expression', 'predicate', 'optional expression'],
  reduce: ['expression', 'predicate', 'optional expression'],
} as const satisfies Readonly<Record<string, readonly Argument[]>>

export type LoopName = keyof typeof PREDICATE_ARGUMENTS

const PLAIN = [
  'len',
  'type',
  'abs',
  'ceil',
  'floor',
  'round',
  'int',
  'float',
  'string',
  'trim',
  'trimPrefix',
  'trimSuffix',
  'upper',
  'lower',
  'split',
  'splitAfter',
  'replace',
  'repeat',
  'join',
  'indexOf',
  'lastIndexOf',
  'hasPrefix',
  'hasSuffix',
  'max',
  'min',
  'mean',
  'median',
  'toJSON',
  'fromJSON',
  'toBase64',
  'fromBase64',
  'now',
  'duration',
  'date',
  'timezone',
  'first',
  'last',
  'get',
  'take',
  'keys',
  'values',
  'toPairs',
  'fromPairs',
  'reverse',
  'uniq',
  'concat',
  'flatten',
  'sort',
  'bitand',
  'bitor',
  'bitxor',
  'bitnand',
  'bitshl',
  'bitshr',
  'bitushr',
  'bitnot',
] as const

export type FunctionName = (typeof PLAIN)[number]

const FUNCTIONS: ReadonlySet<string> = new Set(PLAIN)

/** Builtins that came after expr 1.15. */
const LATER: ReadonlySet<string> = new Set([
  ...['timezone', 'reverse', 'uniq', 'concat', 'flatten'],
  ...['bitand', 'bitor', 'bitxor', 'bitnand', 'bitshl', 'bitshr', 'bitushr', 'bitnot'],
])

/** Builtins that take no predicate in expr 1.15. */
const FORMERLY_PLAIN: ReadonlySet<string> = new Set(['sum', 'sortBy'])

export function isLoop(name: string): name is LoopName {
  return Object.hasOwn(PREDICATE_ARGUMENTS, name)
}

export function isFunction(name: string): name is FunctionName {
  return FUNCTIONS.has(name)
}

export function isLaterBuiltin(name: string): boolean {
  return LATER.has(name)
}

export function wasPlain(name: string): boolean {
  return FORMERLY_PLAIN.has(name)
}
