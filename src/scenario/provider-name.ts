// Where the metrics of an analysis come from, as a manifest names it.

export const providerNames = [
  'prometheus',
  'web',
  'job',
  'datadog',
  'cloudWatch',
  'newRelic',
  'wavefront',
  'graphite',
  'influxdb',
  'skywalking',
  'kayenta',
  'plugin',
] as const

export type ProviderName = (typeof providerNames)[number]
