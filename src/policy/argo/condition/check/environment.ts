// The names that Argo Rollouts gives a condition besides expr's builtins.

import { ANY, BOOL, FLOAT64, functionOf, type GoType, INT64 } from '../value/go-type.js'
import { type Nature, NIL, natureOf } from '../value/nature.js'

export const ARGO_FUNCTIONS = {
  asInt: functionOf([ANY], [INT64]),
  asFloat: functionOf([ANY], [FLOAT64]),
  isNaN: functionOf([FLOAT64], [BOOL]),
  isInf: functionOf([FLOAT64], [BOOL]),
  isNil: functionOf([ANY], [BOOL]),
  default: functionOf([ANY, ANY], [ANY]),
} as const satisfies Readonly<Record<string, GoType>>

export type ArgoFunctionName = keyof typeof ARGO_FUNCTIONS

export function isArgoFunction(name: string): name is ArgoFunctionName {
  return Object.hasOwn(ARGO_FUNCTIONS, name)
}

/** The type of `result` is that of the value at hand: one text can be right for one metric and wrong for another. */
export function environmentNature(name: string, resultType: GoType | undefined): Nature | undefined {
  if (name === 'result') return resultType === undefined ? NIL : natureOf(resultType)
  return isArgoFunction(name) ? natureOf(ARGO_FUNCTIONS[name]) : undefined
}
