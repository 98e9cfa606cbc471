// The functions that Argo Rollouts adds to expr's. isNil() and default() ask about the whole result, whatever they
// are given.

import { parseFloatText } from '../../../../metrics/float-literal.js'
import { ARGO_FUNCTIONS, type ArgoFunctionName } from '../check/environment.js'
import { formatAny } from '../value/format.js'
import { INT64, isInteger } from '../value/go-type.js'
import { parseInteger, truncate } from '../value/integer.js'
import { Panic } from '../value/panic.js'
import { quote } from '../value/quote.js'
import { Func, type GoValue, Int, isNil, typeName } from '../value/value.js'
import type { Frame } from './frame.js'

type Call = (args: readonly GoValue[]) => GoValue

export function argoFunction(name: ArgoFunctionName, frame: Frame): Func {
  return new Func(ARGO_FUNCTIONS[name], callOf(name, frame))
}

function callOf(name: ArgoFunctionName, frame: Frame): Call {
  switch (name) {
    case 'asInt':
      return ([value]) => asInt(value!)
    case 'asFloat':
      return ([value]) => asFloat(value!)
    case 'isNaN':
      return ([value]) => Number.isNaN(value)
    case 'isInf':
      return ([value]) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
    case 'isNil':
      return () => isNil(frame.result)
    case 'default':
      return ([, fallback]) => (isNil(frame.result) ? fallback! : frame.result)
  }
}

function asInt(value: GoValue): GoValue {
  if (typeof value === 'number') return new Int(INT64, truncate(value))
  if (value instanceof Int && isInteger(value.type)) return new Int(INT64, value.value)
  if (typeof value !== 'string') throw unsupported('asInt', value)
  const parsed = parseInteger(value)
  if (parsed === undefined) throw badNumber('ParseInt', value, 'invalid syntax')
  if (parsed === 'range') throw badNumber('ParseInt', value, 'value out of range')
  return new Int(INT64, parsed)
}

function asFloat(value: GoValue): GoValue {
  if (typeof value === 'number') return value
  if (value instanceof Int && isInteger(value.type)) return Number(value.value)
  if (typeof value !== 'string') throw unsupported('asFloat', value)
  const parsed = parseFloatText(value)
  if (typeof parsed === 'string') throw badNumber('ParseFloat', value, parsed)
  return parsed
}

function unsupported(name: string, value: GoValue): Panic {
  return new Panic(`${name}() not supported on ${typeName(value)} ${formatAny(value)}`)
}

function badNumber(parser: string, text: string, reason: string): Panic {
  return new Panic(`strconv.${parser}: parsing ${quote(text)}: ${reason}`)
}
