// New Relic: a row is a map by the names that the query gives; several rows are a list of maps.
import { STRING_MAP_SLICE } from '../condition/value/go-type.js'
import { encodeJson } from '../condition/value/json-encode.js'
import { Slice, StringMap } from '../condition/value/value.js'
import { goValueOf } from './go-value.js'
import type { NewRelicTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'

const nothing = { error: 'no results returned from NRQL query' }

export function newRelicShape(reading: Said): Shape {
  const given = reading.kind === 'json' ? goValueOf(reading.value) : null
  const rows = given instanceof Slice ? given.items : given === null ? [] : [given]
  const [first] = rows
  if (first === undefined || (first instanceof StringMap && rows.length === 1 && first.entries.size === 0))
    return nothing
  const result = rows.length === 1 ? first : new Slice(STRING_MAP_SLICE, rows)
  return { result, value: encodeJson(result) }
}

export function newRelicComplaint({ timeoutSeconds = 0 }: NewRelicTemplate): string | undefined {
  return timeoutSeconds < 0 ? 'timeout value needs to be a positive value' : undefined
}
