// Graphite: the points of the first series, those that are null left out.
import { formatFloat } from '../../../metrics/go/format-float.js'
import { floats } from '../condition/value/value.js'
import type { GraphiteTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'

export function graphiteShape(reading: Said): Shape {
  if (reading.kind === 'empty') return { error: 'no values found' }
  // JSON has no NaN: what isn't a number is sent as null.
  const values = reading.kind === 'numbers' ? reading.values.filter(Number.isFinite) : []
  return {
    result: floats(values),
    value: `[${values.map((value) => formatFloat(value, 'f', 6)).join(',')}]`,
    isKept: true,
  }
}

export function graphiteComplaint({ address }: GraphiteTemplate): string | undefined {
  return address === '' ? 'Graphite address  is not a valid URL' : undefined
}
