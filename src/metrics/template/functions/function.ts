// A function that a template can call.

import { TemplateError } from '../template-error.js'
import type { Type, Value } from '../value/shape.js'

export interface TemplateFunction {
  readonly parameters: readonly Type[]
  /** The last parameter takes any number of arguments. */
  readonly isVariadic?: boolean
  /** Arguments fit the parameters; nil is undefined where one may be anything. Throws a TemplateError. */
  readonly call: (args: readonly (Value | undefined)[]) => Value | undefined
}

export type FunctionTable = ReadonlyMap<string, TemplateFunction>

/** Ends the call: Go says `error calling NAME: MESSAGE`. */
export function refuse(message: string): never {
  throw new TemplateError(message)
}
