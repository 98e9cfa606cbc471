// The Go types a condition can meet, with the names that Argo's messages print for them.

export type Kind =
  | 'bool'
  | 'int'
  | 'int64'
  | 'uint8'
  | 'float64'
  | 'string'
  | 'slice'
  | 'array'
  | 'map'
  | 'func'
  | 'struct'
  | 'ptr'
  | 'interface'

export interface GoType {
  readonly name: string
  readonly kind: Kind
  /** Declared in a package, as time.Duration is: such a type never counts as one of the built-in numbers. */
  readonly declared: boolean
  readonly key: GoType | undefined
  readonly element: GoType | undefined
  readonly signature: Signature | undefined
  /** Of a struct: those that are simulated. */
  readonly fields?: ReadonlyMap<string, GoType>
}

interface Signature {
  readonly parameters: readonly GoType[]
  readonly results: readonly GoType[]
  readonly variadic: boolean
}

export const BOOL = plain('bool', 'bool')
export const INT = plain('int', 'int')
export const INT64 = plain('int64', 'int64')
export const UINT8 = plain('uint8', 'uint8')
export const FLOAT64 = plain('float64', 'float64')
export const STRING = plain('string', 'string')
export const ANY = plain('interface {}', 'interface')
export const ERROR = plain('error', 'interface')

export const TIME = plain('time.Time', 'struct', true)
export const DURATION = plain('time.Duration', 'int64', true)
export const MONTH = plain('time.Month', 'int', true)
export const WEEKDAY = plain('time.Weekday', 'int', true)
const LOCATION = plain('time.Location', 'struct', true)
export const LOCATION_POINTER = composed('*time.Location', 'ptr', undefined, LOCATION)

export const ANY_SLICE = sliceOf(ANY)
export const FLOAT64_SLICE = sliceOf(FLOAT64)
export const INT_SLICE = sliceOf(INT)
export const STRING_SLICE = sliceOf(STRING)
export const PAIR = composed('[2]interface {}', 'array', undefined, ANY)
export const PAIR_SLICE = sliceOf(PAIR)

export const STRING_MAP = mapOf(STRING, ANY)
export const STRING_MAP_SLICE = sliceOf(STRING_MAP)
export const ANY_MAP = mapOf(ANY, ANY)
export const GROUP_MAP = mapOf(ANY, ANY_SLICE)

/** What the optimiser makes of a list to look things up in. */
export const INT_SET = mapOf(INT, plain('struct {}', 'struct'))
export const STRING_SET = mapOf(STRING, plain('struct {}', 'struct'))

/** One of the results of a CloudWatch query. */
export const METRIC_DATA_RESULT: GoType = {
  ...plain('types.MetricDataResult', 'struct', true),
  fields: new Map([
    ['Id', composed('*string', 'ptr', undefined, STRING)],
    ['Label', composed('*string', 'ptr', undefined, STRING)],
    ['StatusCode', plain('types.StatusCode', 'string', true)],
    ['Values', FLOAT64_SLICE],
  ]),
}
export const METRIC_DATA_RESULT_SLICE = sliceOf(METRIC_DATA_RESULT)

const functions = new Map<string, GoType>()

/** Types are compared by identity, so the same signature must always give the same object. */
export function functionOf(parameters: readonly GoType[], results: readonly GoType[], variadic = false): GoType {
  const names = parameters.map((type, at) =>
    variadic && at === parameters.length - 1 ? `...${type.element?.name}` : type.name,
  )
  const out = results.map((type) => type.name).join(', ')
  const name = `func(${names.join(', ')})${results.length > 1 ? ` (${out})` : out === '' ? '' : ` ${out}`}`
  let type = functions.get(name)
  if (type === undefined) {
    const signature = { parameters, results, variadic }
    type = { name, kind: 'func', declared: false, key: undefined, element: undefined, signature }
    functions.set(name, type)
  }
  return type
}

/** What is not in the table of a builtin's overloads has this shape. */
export const ANY_FUNCTION = functionOf([ANY_SLICE], [ANY, ERROR], true)

export function isInteger(type: GoType | undefined): boolean {
  return type === INT || type === INT64 || type === UINT8
}

export function isNumber(type: GoType | undefined): boolean {
  return type === FLOAT64 || isInteger(type)
}

export function isList(type: GoType | undefined): boolean {
  return type !== undefined && (type.kind === 'slice' || type.kind === 'array')
}

function plain(name: string, kind: Kind, declared = false): GoType {
  return { name, kind, declared, key: undefined, element: undefined, signature: undefined }
}

function composed(name: string, kind: Kind, key: GoType | undefined, element: GoType): GoType {
  return { name, kind, declared: false, key, element, signature: undefined }
}

function sliceOf(element: GoType): GoType {
  return composed(`[]${element.name}`, 'slice', undefined, element)
}

function mapOf(key: GoType, element: GoType): GoType {
  return composed(`map[${key.name}]${element.name}`, 'map', key, element)
}
