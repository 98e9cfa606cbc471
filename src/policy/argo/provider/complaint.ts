// What a provider finds wrong with its own fields: each measurement ends as an Error with it.
import { cloudWatchComplaint } from './cloud-watch.js'
import { datadogComplaint } from './datadog.js'
import { graphiteComplaint } from './graphite.js'
import { kayentaComplaint } from './kayenta.js'
import { newRelicComplaint } from './new-relic.js'
import { prometheusComplaint } from './prometheus.js'
import type { ProviderTemplate } from './provider.js'
import { skyWalkingComplaint } from './sky-walking.js'

export function providerComplaint(provider: ProviderTemplate, interval: string): string | undefined {
  switch (provider.kind) {
    case 'prometheus':
      return prometheusComplaint(provider)
    case 'datadog':
      return datadogComplaint(provider)
    case 'cloudWatch':
      return cloudWatchComplaint(provider)
    case 'newRelic':
      return newRelicComplaint(provider)
    case 'graphite':
      return graphiteComplaint(provider)
    case 'skywalking':
      return skyWalkingComplaint(provider)
    case 'kayenta':
      return kayentaComplaint(provider, interval)
    default:
      return undefined
  }
}
