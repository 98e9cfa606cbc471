// InfluxDB: the values of all records, in a list of anything.
import { formatAny } from '../condition/value/format.js'
import { list } from '../condition/value/value.js'
import type { Said, Shape } from './shaped.js'

export function influxdbShape(reading: Said): Shape {
  if (reading.kind === 'empty') return { error: 'no results returned from flux query' }
  const result = list(reading.kind === 'numbers' ? reading.values : [null])
  return { result, value: formatAny(result) }
}
