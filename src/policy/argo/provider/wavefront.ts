// Wavefront: a number for one series, a list of numbers for several.
import { formatFloat } from '../../../metrics/go/format-float.js'
import { floats } from '../condition/value/value.js'
import type { Said, Shape } from './shaped.js'

export function wavefrontShape(reading: Said): Shape {
  // Of a series without points the nearest point is the zero one.
  const values =
    reading.kind === 'numbers' ? reading.values.filter(Number.isFinite) : reading.kind === 'null' ? [0] : []
  const texts = values.map((value) => formatFloat(value, 'f', 2))
  if (values.length === 0) return { error: 'No TimeSeries found in response from Wavefront' }
  if (values.length === 1) return { result: values[0]!, value: texts[0]! }
  return { result: floats(values), value: `[${texts.join(',')}]` }
}
