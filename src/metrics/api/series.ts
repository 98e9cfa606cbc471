// Which series there are, and which names and values their labels have.
import { compareLabels } from '../labels.js'
import type { Matcher } from '../matcher.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import { ApiError, invalidParameter } from './api-error.js'
import { labelsJson, plainJson } from './json.js'
import { unescapedName } from './label-name.js'
import { limitParameter, type Parameters, type Span, selectorsOf, spanOf } from './parameters.js'
import type { Data } from './reply.js'
import type { Sources } from './sources.js'

export function series(parameters: Parameters, { store }: Sources): Data {
  if (parameters.getAll('match[]').length === 0) throw new ApiError('bad_data', 'no match[] parameter provided')
  const limit = limitParameter(parameters)
  const span = spanOf(parameters)
  const selectors = named('match[]', () => selectorsOf(parameters))
  const found = seriesIn(store, selectors, span)
  // One selector answers in the order of the storage, several are merged in the order of labels.
  const ordered = selectors.length > 1 ? found.sort((a, b) => compareLabels(a.labels, b.labels)) : found
  return limited(ordered, limit, (all) => `[${all.map(({ labels }) => labelsJson(labels)).join()}]`)
}

export function labelNames(parameters: Parameters, { store }: Sources): Data {
  const limit = limitParameter(parameters)
  const span = spanOf(parameters)
  const found = seriesIn(store, selectorsOf(parameters), span)
  return limited(sortedSet(found.flatMap(({ labels }) => labels.names)), limit, plainJson)
}

export function labelValues(encodedName: string, parameters: Parameters, { store }: Sources): Data {
  const name = labelNameOf(encodedName)
  const limit = limitParameter(parameters)
  const span = spanOf(parameters)
  const found = seriesIn(store, selectorsOf(parameters), span)
  const values = found.map(({ labels }) => labels.get(name)).filter((value) => value !== '')
  return limited(sortedSet(values), limit, plainJson)
}

/** Those with a sample in the time asked for, each once; without selectors all of them. */
function seriesIn(store: Store, selectors: readonly (readonly Matcher[])[], { startMs, endMs }: Span): Series[] {
  const all = new Set((selectors.length === 0 ? [[]] : selectors).flatMap((matchers) => store.select(matchers)))
  return [...all].filter((each) => {
    const latest = each.latestAt(endMs)
    return latest >= each.from && each.times[latest]! >= startMs
  })
}

function limited<Item>(all: readonly Item[], limit: number, json: (items: readonly Item[]) => string): Data {
  if (all.length <= limit) return { json: json(all) }
  return { json: json(all.slice(0, limit)), warnings: ['results truncated due to limit'] }
}

function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function labelNameOf(encoded: string): string {
  try {
    return unescapedName(decodeURIComponent(encoded))
  } catch (error) {
    if (error instanceof URIError)
      throw new ApiError('bad_data', `invalid label name: ${JSON.stringify(encoded)} is not UTF-8`)
    throw error
  }
}

function named<Result>(parameter: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof ApiError) throw invalidParameter(parameter, error.message)
    throw error
  }
}
