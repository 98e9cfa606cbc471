// CloudWatch: a list of results, one for each query that returns data, each with its values, newest first.

import { goDurationError } from '../../../scenario/go-duration.js'
import { formatAny } from '../condition/value/format.js'
import { METRIC_DATA_RESULT, METRIC_DATA_RESULT_SLICE } from '../condition/value/go-type.js'
import { floats, type GoValue, Slice, Struct } from '../condition/value/value.js'
import type { CloudWatchTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'

export function cloudWatchShape({ queries }: CloudWatchTemplate, reading: Said): Shape {
  const returned = queries.filter(({ returnsData }) => returnsData)
  const numbers = reading.kind === 'numbers' ? reading.values : []
  // One query has all the values; of several each has one.
  const valuesOf = (index: number) => (returned.length === 1 ? numbers : numbers.slice(index, index + 1))
  const results = reading.kind === 'null' ? [] : returned
  const values = results.map((_, index) => floats(valuesOf(index).filter(Number.isFinite)))
  const structs = results.map(({ id, label }, index) => {
    const fields: [string, GoValue][] = [
      ['Id', id],
      ['Label', label],
      ['StatusCode', 'Complete'],
      ['Values', values[index]!],
    ]
    return new Struct(METRIC_DATA_RESULT, new Map(fields))
  })
  const value = `[${values.map(formatAny).join(' ')}]`
  return { result: new Slice(METRIC_DATA_RESULT_SLICE, structs), value, isKept: true }
}

export function cloudWatchComplaint({ interval }: CloudWatchTemplate): string | undefined {
  return interval === '' ? undefined : goDurationError(interval)
}
