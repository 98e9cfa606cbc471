// What the server says of itself: as much of it as is true of a simulated one.
import { METRIC_NAME } from '../labels.js'
import { matcher } from '../matcher.js'
import { PromqlError } from '../promql/error.js'
import { parse } from '../promql/parse.js'
import { LOOKBACK_MS } from '../promql/selection.js'
import { ApiError } from './api-error.js'
import { dateTimeText, labelsJson, plainJson } from './json.js'
import type { Parameters } from './parameters.js'
import { LONGEST_MS, MOST_POINTS } from './queries.js'
import type { Data } from './reply.js'
import type { Sources } from './sources.js'

/** The Prometheus whose behaviour is simulated: clients decide by it what they may ask. */
const PROMETHEUS = '3.15.0'

export function buildInfo(_: Parameters, { version }: Sources): Data {
  const coalmine = `coalmine ${version}`
  const json = { version: PROMETHEUS, revision: coalmine, branch: '', buildUser: '', buildDate: '', goVersion: '' }
  return { json: plainJson(json) }
}

export function flags(): Data {
  const json = {
    'query.lookback-delta': `${LOOKBACK_MS / 60_000}m`,
    'query.max-samples': String(MOST_POINTS),
    'query.timeout': `${LONGEST_MS / 60_000}m`,
  }
  return { json: plainJson(json) }
}

/** Nothing that is simulated exposes exemplars. */
export function exemplars(parameters: Parameters): Data {
  const text = parameters.get('query') ?? ''
  try {
    parse(text)
    return { json: '[]' }
  } catch (error) {
    if (error instanceof PromqlError) throw new ApiError('bad_data', error.inQuery(text))
    throw error
  }
}

/** Known by their series `up`; of what service discovery found there is nothing left. */
export function targets(parameters: Parameters, { store, nowMs, scrapeIntervalMs }: Sources): Data {
  const pool = parameters.get('scrapePool') ?? ''
  const showsActive = ['', 'any', 'active'].includes((parameters.get('state') ?? '').toLowerCase())
  const interval = `${scrapeIntervalMs / 1000}s`
  const active = store.select([matcher(METRIC_NAME, '=', 'up')]).flatMap((series) => {
    const latest = series.latestAt(nowMs)
    const scrapePool = series.labels.get('job')
    if (latest < series.from || series.stale[latest] === 1 || (pool !== '' && pool !== scrapePool)) return []
    const isUp = series.values[latest] === 1
    const about = {
      scrapePool,
      scrapeUrl: `http://${series.labels.get('instance')}/metrics`,
      globalUrl: `http://${series.labels.get('instance')}/metrics`,
      lastError: isUp ? '' : 'the target did not answer',
      lastScrape: dateTimeText(series.times[latest]!),
      lastScrapeDuration: 0,
      health: isUp ? 'up' : 'down',
      scrapeInterval: interval,
      scrapeTimeout: interval,
    }
    return [`{"discoveredLabels":{},"labels":${labelsJson(series.labels.withoutName)},${plainJson(about).slice(1)}`]
  })
  const shown = showsActive ? active.join() : ''
  return { json: `{"activeTargets":[${shown}],"droppedTargets":[],"droppedTargetCounts":{}}` }
}
