// Where metrics come from: the providers of an AnalysisTemplate with those of their fields that decide something.
import type { Json } from '../../../scenario/json.js'
import type { MetricSource } from '../../view.js'

export type ProviderTemplate =
  | PrometheusTemplate
  | WebTemplate
  | JobTemplate
  | DatadogTemplate
  | CloudWatchTemplate
  | NewRelicTemplate
  | WavefrontTemplate
  | GraphiteTemplate
  | InfluxdbTemplate
  | SkyWalkingTemplate
  | KayentaTemplate
  | PluginTemplate

export interface PrometheusTemplate {
  readonly kind: 'prometheus'
  readonly address: string
  readonly query: string
  /** Undefined means the provider's 30. */
  readonly timeoutSeconds: number | undefined
  /** Asks for a stretch of time instead of now. */
  readonly range: PrometheusRange | undefined
}

/** Times are expressions, as conditions are. */
export interface PrometheusRange {
  readonly start: string
  readonly end: string
  readonly step: string
}

/** A question to any server that answers in JSON. */
export interface WebTemplate {
  readonly kind: 'web'
  readonly method: string
  readonly url: string
  readonly body: string
  readonly hasJsonBody: boolean
  readonly jsonPath: string
  /** Undefined means the provider's 10. */
  readonly timeoutSeconds: number | undefined
}

/** What a Job does is up to its image. */
export interface JobTemplate {
  readonly kind: 'job'
  readonly image: string
  readonly restartPolicy: string
  readonly backoffLimit: number
  readonly activeDeadlineSeconds: number | undefined
  /** How long after its end it is deleted; never if undefined. */
  readonly ttlSecondsAfterFinished: number | undefined
}

export interface DatadogTemplate {
  readonly kind: 'datadog'
  readonly apiVersion: 'v1' | 'v2'
  readonly query: string
  readonly queries: Readonly<Record<string, string>>
  readonly formula: string
  readonly aggregator: string
  /** How far back the query looks. */
  readonly interval: string
  readonly requestTimeout: string
  readonly secretName: string
  readonly isSecretNamespaced: boolean
}

export interface CloudWatchTemplate {
  readonly kind: 'cloudWatch'
  readonly interval: string
  readonly queries: readonly CloudWatchQuery[]
}

export interface CloudWatchQuery {
  readonly id: string
  readonly label: string
  /** The expression, or the name of the metric. */
  readonly text: string
  readonly returnsData: boolean
}

export interface NewRelicTemplate {
  readonly kind: 'newRelic'
  readonly query: string
  readonly timeoutSeconds: number | undefined
}

export interface WavefrontTemplate {
  readonly kind: 'wavefront'
  readonly query: string
}

export interface GraphiteTemplate {
  readonly kind: 'graphite'
  readonly address: string
  readonly query: string
}

export interface InfluxdbTemplate {
  readonly kind: 'influxdb'
  readonly query: string
}

export interface SkyWalkingTemplate {
  readonly kind: 'skywalking'
  readonly query: string
  readonly interval: string
}

export interface KayentaTemplate {
  readonly kind: 'kayenta'
  readonly canaryConfigName: string
  readonly pass: number
  readonly marginal: number
  readonly scopes: readonly KayentaScope[]
  /** Looks back to the start of the run, instead of over the interval of the metric. */
  readonly isLookingBack: boolean
}

export interface KayentaScope {
  readonly control: KayentaWindow
  readonly experiment: KayentaWindow
}

export interface KayentaWindow {
  readonly start: string
  readonly end: string
}

/** Code of somebody's own, which gets its configuration and decides everything. */
export interface PluginTemplate {
  readonly kind: 'plugin'
  readonly name: string
  readonly config: Json
}

/** What is asked of whom: the text is the query, the address, the image, or what else tells one metric from another. */
export function sourceOf(metric: string, template: string, provider: ProviderTemplate): MetricSource {
  return { metric, template, provider: provider.kind, text: textOf(provider) }
}

function textOf(provider: ProviderTemplate): string {
  switch (provider.kind) {
    case 'web':
      return provider.url
    case 'job':
      return provider.image
    case 'datadog':
      return [provider.query, ...Object.values(provider.queries), provider.formula].filter(Boolean).join(' ')
    case 'cloudWatch':
      return provider.queries.map(({ text }) => text).join(' ')
    case 'kayenta':
      return provider.canaryConfigName
    case 'plugin':
      return `${provider.name} ${JSON.stringify(provider.config)}`
    default:
      return provider.query
  }
}
