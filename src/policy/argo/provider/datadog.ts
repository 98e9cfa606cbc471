// Datadog: one number, and nil where there is none, so that `default(result, 0)` works.
import { formatFloat } from '../../../metrics/float.js'
import { goDurationError, parseGoDuration } from '../../../scenario/go-duration.js'
import type { DatadogTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'

export function datadogShape({ apiVersion }: DatadogTemplate, reading: Said): Shape {
  const number = reading.kind === 'numbers' ? reading.values.at(apiVersion === 'v1' ? -1 : 0) : undefined
  if (number !== undefined && Number.isFinite(number)) return { result: number, value: formatFloat(number) }
  // JSON has no NaN: what isn't a number is sent as null, which the decoder of v1 takes for 0.
  if (number !== undefined) return apiVersion === 'v1' ? { result: 0, value: '0' } : { result: null, value: '[null]' }
  const isEmpty = reading.kind === 'empty'
  if (apiVersion === 'v2') return { result: null, value: isEmpty ? '[]' : '[null]' }
  return { result: null, value: isEmpty ? '[]' : '[{"pointlist":[]}]' }
}

/** In the controller's words; each measurement ends as an Error with them. */
export function datadogComplaint(datadog: DatadogTemplate): string | undefined {
  const { apiVersion, query, formula, aggregator, interval, requestTimeout } = datadog
  const queries = Object.keys(datadog.queries).length
  if (datadog.isSecretNamespaced && datadog.secretName === '') {
    return 'secret name is required for namespaced credentials'
  }
  if (query === '' && queries === 0) {
    return review('Must have either a query or queries.')
  }
  if (query !== '' && queries > 0) return review('Cannot have both a query and queries.')
  if (apiVersion === 'v1' && query === '') {
    return 'Query is empty. API Version v1 only supports using the query parameter in your Analysis Template.'
  }
  if (formula !== '' && queries === 0) return review('Formula are only valid when queries are set.')
  if (formula === '' && queries > 1) return 'When multiple queries are provided you must include a formula.'
  if (apiVersion === 'v1' && aggregator !== '') return review('Aggregator is not supported in v1.')
  if (requestTimeout !== '') {
    const timeout = parseGoDuration(requestTimeout)
    if (typeof timeout === 'object') return review(`Could not parse the request timeout: ${timeout.error}.`)
    if (timeout <= 0) return review('Request timeout must be a positive duration (e.g. 30s).')
  }
  return goDurationError(interval)
}

const review = (complaint: string) => `${complaint} Please review the Analysis Template.`
