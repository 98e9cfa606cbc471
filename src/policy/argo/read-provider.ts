// From the `provider` of a metric to what is asked of whom.
import type { Json } from '../../scenario/json.js'
import type { Place } from '../../scenario/problem.js'
import { type ProviderName, providerNames } from '../../scenario/provider-name.js'
import type { Fields } from '../fields.js'
import type {
  CloudWatchTemplate,
  DatadogTemplate,
  KayentaTemplate,
  PluginTemplate,
  ProviderTemplate,
  WebTemplate,
} from './provider/provider.js'
import { readJob } from './read-job.js'

export interface ReadProvider {
  /** Undefined where there is none, or several. */
  readonly template: ProviderTemplate | undefined
  readonly count: number
  readonly written: Json
  /** Of the query, the address, the image: of what tells this metric from others. */
  readonly place: Place
  /** Where a character of the query stands. */
  readonly placeInQuery: (index: number) => Place
}

export function readProvider(metric: Fields): ReadProvider {
  const provider = metric.fields('provider') ?? metric.empty('provider')
  const written = metric.raw('provider') ?? null
  let place = provider.place(undefined)
  let placeInQuery = (_: number) => place
  const templates = providerNames.flatMap((kind): readonly ProviderTemplate[] => {
    if (kind === 'plugin') return readPlugins(provider)
    const fields = provider.fields(kind)
    if (!fields) return []
    const read = readers[kind](fields)
    place = fields.place(kind === 'web' ? 'url' : 'query')
    placeInQuery = (index) => fields.placeIn('query', index)
    fields.end()
    return [read]
  })
  provider.end()
  return {
    template: templates.length === 1 ? templates[0] : undefined,
    count: templates.length,
    written,
    place,
    placeInQuery,
  }
}

const readers: Readonly<Record<Exclude<ProviderName, 'plugin'>, (fields: Fields) => ProviderTemplate>> = {
  prometheus: (fields) => {
    fields.irrelevant('authentication', 'headers', 'insecure')
    const range = fields.fields('rangeQuery')
    const text = (key: string) => range?.text(key) ?? ''
    const times = range && { start: text('start'), end: text('end'), step: text('step') }
    range?.end()
    const address = fields.text('address') ?? ''
    const timeoutSeconds = fields.integer('timeout')
    return { kind: 'prometheus', address, query: queryOf(fields), timeoutSeconds, range: times }
  },
  web: readWeb,
  job: readJob,
  datadog: readDatadog,
  cloudWatch: readCloudWatch,
  newRelic: (fields) => {
    fields.irrelevant('profile')
    return { kind: 'newRelic', query: queryOf(fields), timeoutSeconds: fields.integer('timeout') }
  },
  wavefront: (fields) => {
    fields.irrelevant('address')
    return { kind: 'wavefront', query: queryOf(fields) }
  },
  graphite: (fields) => ({ kind: 'graphite', address: fields.text('address') ?? '', query: queryOf(fields) }),
  influxdb: (fields) => {
    fields.irrelevant('profile')
    return { kind: 'influxdb', query: queryOf(fields) }
  },
  skywalking: (fields) => {
    fields.irrelevant('address')
    return { kind: 'skywalking', query: queryOf(fields), interval: fields.text('interval') ?? '' }
  },
  kayenta: readKayenta,
}

const queryOf = (fields: Fields) => fields.text('query') ?? ''

function readWeb(web: Fields): WebTemplate {
  web.irrelevant('insecure', 'authentication', 'headers')
  return {
    kind: 'web',
    method: web.text('method') || 'GET',
    url: web.text('url') ?? '',
    body: web.text('body') ?? '',
    hasJsonBody: web.has('jsonBody'),
    jsonPath: web.text('jsonPath') ?? '',
    timeoutSeconds: web.integer('timeoutSeconds'),
  }
}

/** What is left out, the API server writes. */
function readDatadog(datadog: Fields): DatadogTemplate {
  const secret = datadog.fields('secretRef')
  const secretName = secret?.text('name') ?? ''
  const isSecretNamespaced = secret?.flag('namespaced') ?? false
  secret?.end()
  const queries = datadog.fields('queries')
  return {
    kind: 'datadog',
    apiVersion: datadog.text('apiVersion') === 'v2' ? 'v2' : 'v1',
    query: queryOf(datadog),
    queries: Object.fromEntries((queries?.keys() ?? []).map((key) => [key, queries!.text(key) ?? ''])),
    formula: datadog.text('formula') ?? '',
    aggregator: datadog.text('aggregator') ?? '',
    interval: datadog.text('interval') ?? '5m',
    requestTimeout: datadog.text('requestTimeout') ?? '10s',
    secretName,
    isSecretNamespaced,
  }
}

function readCloudWatch(cloudWatch: Fields): CloudWatchTemplate {
  const queries = cloudWatch.list('metricDataQueries').map((query) => {
    const stat = query.fields('metricStat')
    const metric = stat?.fields('metric')
    const name = metric?.text('metricName') ?? ''
    const text = query.text('expression') ?? name
    const label = query.text('label') ?? name
    const read = { id: query.text('id') ?? '', label, text, returnsData: query.flag('returnData') ?? true }
    metric?.irrelevant('dimensions', 'namespace')
    metric?.end()
    stat?.irrelevant('period', 'stat', 'unit')
    stat?.end()
    query.irrelevant('period')
    query.end()
    return read
  })
  return { kind: 'cloudWatch', interval: cloudWatch.text('interval') ?? '', queries }
}

function readKayenta(kayenta: Fields): KayentaTemplate {
  const accounts = ['metricsAccountName', 'configurationAccountName', 'storageAccountName']
  kayenta.irrelevant('address', 'application', ...accounts)
  const threshold = kayenta.fields('threshold') ?? kayenta.empty('threshold')
  const pass = threshold.integer('pass') ?? 0
  const marginal = threshold.integer('marginal') ?? 0
  threshold.end()
  const scopes = kayenta.list('scopes').map((scope) => {
    const [control, experiment] = ['controlScope', 'experimentScope'].map((key) => {
      const detail = scope.fields(key) ?? scope.empty(key)
      const window = { start: detail.text('start') ?? '', end: detail.text('end') ?? '' }
      detail.irrelevant('scope', 'region', 'step')
      detail.end()
      return window
    })
    scope.irrelevant('name')
    scope.end()
    return { control: control!, experiment: experiment! }
  })
  return {
    kind: 'kayenta',
    canaryConfigName: kayenta.text('canaryConfigName') ?? '',
    pass,
    marginal,
    scopes,
    isLookingBack: kayenta.flag('lookback') ?? false,
  }
}

/** Each has its own fields, which nobody else knows. */
function readPlugins(provider: Fields): readonly PluginTemplate[] {
  const plugin = provider.fields('plugin')
  return (plugin?.keys() ?? []).map((name) => ({ kind: 'plugin', name, config: plugin!.raw(name) ?? null }))
}
