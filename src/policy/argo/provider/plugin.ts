// A plugin decides everything itself; here it does as Argo's own example does: a number, judged by the conditions.
import { formatGoFloat } from '../../../metrics/float.js'
import type { Said, Shape } from './shaped.js'

export function pluginShape(reading: Said): Shape {
  const number = reading.kind === 'numbers' ? reading.values[0] : undefined
  return number === undefined ? { result: null, value: '' } : { result: number, value: formatGoFloat(number) }
}
