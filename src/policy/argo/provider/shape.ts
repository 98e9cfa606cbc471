// What a metric's conditions are asked about, by provider: the answer of a monitoring system in the shape of its client
// library, and the text that is stored of it.
import { cloudWatchShape } from './cloud-watch.js'
import { datadogShape } from './datadog.js'
import { graphiteShape } from './graphite.js'
import { influxdbShape } from './influxdb.js'
import { newRelicShape } from './new-relic.js'
import { pluginShape } from './plugin.js'
import type { ProviderTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'
import { skyWalkingShape } from './sky-walking.js'
import { wavefrontShape } from './wavefront.js'

/** Those that answer at once, each in a shape of its own. */
export type ShapedProvider = Exclude<ProviderTemplate, { readonly kind: 'prometheus' | 'web' | 'job' | 'kayenta' }>

export function shapeOf(provider: ShapedProvider, reading: Said): Shape {
  switch (provider.kind) {
    case 'datadog':
      return datadogShape(provider, reading)
    case 'cloudWatch':
      return cloudWatchShape(provider, reading)
    case 'newRelic':
      return newRelicShape(reading)
    case 'wavefront':
      return wavefrontShape(reading)
    case 'graphite':
      return graphiteShape(reading)
    case 'influxdb':
      return influxdbShape(reading)
    case 'skywalking':
      return skyWalkingShape(reading)
    case 'plugin':
      return pluginShape(reading)
  }
}
