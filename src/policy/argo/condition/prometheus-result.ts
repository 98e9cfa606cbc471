// What a Prometheus answer gives: the value that conditions are asked about and the text that is stored.

import { formatFloat } from '../../../metrics/float.js'
import type { QueryResult } from '../../view.js'
import { floats, type GoValue, Slice } from './value/value.js'

export type PrometheusResult = { readonly result: GoValue } | { readonly error: string }

/** A range query's series run into one another. */
export function prometheusResult(answer: QueryResult): PrometheusResult {
  switch (answer.resultType) {
    case 'scalar':
      return { result: answer.value }
    case 'vector':
      return { result: floats(answer.values) }
    case 'matrix':
      return { result: floats(answer.series.flat()) }
    case 'string':
      return { error: stringError(answer.unixSeconds, answer.value) }
  }
}

/** The measurement's value: "[0.95,NaN]" for a vector, plain digits without exponents. */
export function formatPrometheusValue(result: GoValue): string {
  if (typeof result === 'number') return formatFloat(result)
  return result instanceof Slice ? `[${(result.items as readonly number[]).map(formatFloat).join(',')}]` : ''
}

/** The message for an answer that is an error; the client drops the body of all but 400, 422 and 200. */
export function prometheusFailure(status: number, errorType: string, error: string): string {
  if (status === 200 || status === 400 || status === 422) return `${errorType}: ${error}`
  const side = status >= 400 && status < 500 ? 'client' : 'server'
  return `${side}_error: ${side} error: ${status}`
}

/** The client's JSON decoder knows no strings, and shows the end of what it read. */
function stringError(unixSeconds: number, value: string): string {
  const data = `{"resultType":"string","result":[${unixSeconds},${JSON.stringify(value)}]}`
  const where = `error found in #10 byte of ...|${data.slice(-10)}|..., bigger context ...|${data.slice(-50)}|...`
  return `unmarshalerDecoder: unexpected value type "string", ${where}`
}
