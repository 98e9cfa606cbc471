// Calling a value: with the type the checker knows, or by reflection.

import { FLOAT64, type GoType, isInteger, STRING, TIME } from '../value/go-type.js'
import { badConversion, Panic } from '../value/panic.js'
import { Func, type GoValue, Instant, Int, typeName, typeOf } from '../value/value.js'

/** The signatures that expr calls without reflection, of those a condition can reach. Only messages differ. */
const DIRECT: ReadonlySet<string> = new Set([
  'func(float64) bool',
  'func(interface {}) bool',
  'func(interface {}) float64',
  'func(interface {}, interface {}) interface {}',
  'func(time.Time) bool',
  'func(time.Time) time.Duration',
  'func(time.Duration) time.Time',
  'func(time.Duration) time.Duration',
  'func(string) string',
  'func(string, string) string',
  'func() bool',
  'func() float64',
  'func() int',
  'func() int64',
  'func() string',
  'func() time.Duration',
  'func() time.Month',
  'func() time.Time',
  'func() time.Weekday',
])

/** `type` is what the checker knows of the callee. */
export function callValue(callee: GoValue, type: GoType | undefined, args: readonly GoValue[]): GoValue {
  if (type !== undefined && DIRECT.has(type.name)) return callDirectly(callee, type, args)
  if (callee === null) throw new Panic('invalid operation: cannot call nil')
  if (!(callee instanceof Func))
    throw new Panic(`invalid operation: cannot call non-function of type ${typeName(callee)}`)
  return callByReflection(callee, args)
}

function callDirectly(callee: GoValue, type: GoType, args: readonly GoValue[]): GoValue {
  const { parameters } = type.signature!
  // The last argument is taken off the stack first.
  for (let at = parameters.length - 1; at >= 0; at--) {
    const wanted = parameters[at]!
    if (wanted.kind !== 'interface' && typeOf(args[at] ?? null) !== wanted) {
      throw badConversion(typeName(args[at] ?? null), wanted.name)
    }
  }
  if (!(callee instanceof Func) || callee.type !== type) throw badConversion(typeName(callee), type.name)
  return callee.call(args)
}

function callByReflection(callee: Func, args: readonly GoValue[]): GoValue {
  const { parameters } = callee.type.signature!
  const given = args.map((value, at) => {
    if (value !== null) return value
    const wanted = parameters[at]
    if (wanted === undefined) throw new Panic('reflect: Func index out of bounds')
    return zero(wanted)
  })
  if (given.length < parameters.length) throw new Panic('reflect: Call with too few input arguments')
  if (given.length > parameters.length) throw new Panic('reflect: Call with too many input arguments')
  for (const [at, value] of given.entries()) {
    const wanted = parameters[at]!
    if (wanted.kind !== 'interface' && typeOf(value) !== wanted) {
      throw new Panic(`reflect: Call using ${typeName(value)} as type ${wanted.name}`)
    }
  }
  return callee.call(given)
}

/** reflect.Zero: what nil becomes for a parameter that cannot be nil. */
function zero(type: GoType): GoValue {
  if (type === FLOAT64) return 0
  if (type === STRING) return ''
  if (type === TIME) return new Instant(-62_135_596_800, 0)
  return isInteger(type) || type.kind === 'int64' ? new Int(type, 0) : null
}
