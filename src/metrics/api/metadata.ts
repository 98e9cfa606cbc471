// Type, help and unit of what is scraped.

import { ApiError } from './api-error.js'
import { plainJson } from './json.js'
import { integer, type Parameters } from './parameters.js'
import type { Data } from './reply.js'
import { onceByName, type Sources } from './sources.js'

export function metadata(parameters: Parameters, { families }: Sources): Data {
  const limit = countOf(parameters, 'limit')
  // All targets say the same of a family: one entry is what every limit above zero leaves.
  countOf(parameters, 'limit_per_metric')
  const metric = parameters.get('metric') ?? ''
  const wanted = onceByName(families)
    .filter(({ name }) => metric === '' || name === metric)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const kept = limit < 0 ? wanted : wanted.slice(0, limit)
  return { json: plainJson(Object.fromEntries(kept.map(({ name, type, help }) => [name, [{ type, unit: '', help }]]))) }
}

/** Below zero is no limit. */
function countOf(parameters: Parameters, name: string): number {
  const text = parameters.get(name) ?? ''
  if (text === '') return -1
  const count = integer(text)
  if (typeof count === 'string') throw new ApiError('bad_data', `${name} must be a number`)
  return count
}
