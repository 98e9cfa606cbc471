// JSON as Go's decoder holds it.
import { isJsonObject, type Json } from '../../../scenario/json.js'
import { type GoValue, list, StringMap } from '../condition/value/value.js'

export function goValueOf(json: Json): GoValue {
  if (isJsonObject(json))
    return new StringMap(new Map(Object.entries(json).map(([key, held]) => [key, goValueOf(held)])))
  return typeof json === 'object' && json !== null ? list(json.map(goValueOf)) : json
}
