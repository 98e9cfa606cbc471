// The shapes of Go's types and values, as a template handles them: a value has a type, and methods of a type take values.

export type Kind = 'bool' | 'int' | 'uint' | 'float' | 'string' | 'map' | 'slice' | 'struct' | 'pointer' | 'interface'

export interface Type {
  /** As Go prints it. */
  readonly name: string
  readonly kind: Kind
  /** Of a map (whose keys are strings), slice or pointer. */
  readonly element?: Type
  readonly fields?: readonly Field[]
  /** Whether two of them can be compared by ==. */
  readonly isComparable: boolean
  readonly methods?: Methods
}

/** What a type brings along; those of a type are those of pointers to it, too. */
export interface Methods {
  /** How it prints (String), as bytes. */
  readonly text: (receiver: Value) => string
  /** How %#v prints it (GoString). */
  readonly goText?: (receiver: Value) => string
  /** The method of that name; undefined where Go has none. */
  readonly find: (name: string) => Method | undefined
}

export interface Method {
  readonly parameters: readonly Type[]
  readonly call: (receiver: Value, args: readonly (Value | undefined)[]) => Value | undefined
  /** What Go has against the results, once the number of arguments is right. */
  readonly badResults?: string
  /** Go has it, Coalmine hasn't. */
  readonly isUnsupported?: boolean
}

export interface Field {
  readonly name: string
  readonly isExported: boolean
}

/** Where Go has no value at all (an invalid reflect.Value, an untyped nil) it is undefined. */
export type Value =
  | BoolValue
  | IntegerValue
  | FloatValue
  | StringValue
  | MapValue
  | SliceValue
  | StructValue
  | PointerValue
  | InterfaceValue

export interface BoolValue {
  readonly kind: 'bool'
  readonly type: Type
  readonly value: boolean
}

export interface IntegerValue {
  readonly kind: 'int' | 'uint'
  readonly type: Type
  readonly value: bigint
}

export interface FloatValue {
  readonly kind: 'float'
  readonly type: Type
  readonly value: number
}

export interface StringValue {
  readonly kind: 'string'
  readonly type: Type
  /** Bytes. */
  readonly value: string
}

export interface MapValue {
  readonly kind: 'map'
  readonly type: Type
  readonly value: ReadonlyMap<string, Value> | undefined
}

export interface SliceValue {
  readonly kind: 'slice'
  readonly type: Type
  readonly value: Elements | undefined
}

/** A window on elements that other slices may share. */
export interface Elements {
  readonly array: Value[]
  readonly from: number
  readonly length: number
  readonly capacity: number
}

export interface StructValue {
  readonly kind: 'struct'
  readonly type: Type
  readonly value: readonly Value[]
}

export interface PointerValue {
  readonly kind: 'pointer'
  readonly type: Type
  readonly value: Value | undefined
}

/** What a field or function without a type of its own holds. */
export interface InterfaceValue {
  readonly kind: 'interface'
  readonly type: Type
  readonly value: Value | undefined
}
