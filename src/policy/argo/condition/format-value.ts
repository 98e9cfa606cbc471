// The `value` of a measurement as Argo prints it, which depends on the provider.

import { formatPrometheusValue } from './prometheus-result.js'
import { encodeJson } from './value/json-encode.js'
import type { GoValue } from './value/value.js'

/** Prometheus has NaN and no exponents; a web value is JSON. */
export function formatValue(result: GoValue, provider: 'prometheus' | 'web' = 'prometheus'): string {
  return provider === 'prometheus' ? formatPrometheusValue(result) : encodeJson(result)
}
