// The functions of Prometheus 3.15 and their types, from its documentation (querying/functions) and parser/functions.go.

import type { ValueType } from './ast.js'

export interface Signature {
  readonly args: readonly ValueType[]
  /** How often the last argument may be repeated or left out: 0 exactly once, n up to n times, -1 any number. */
  readonly variadic: number
  readonly returns: ValueType
  /** Prometheus refuses these unless started with --enable-feature=promql-experimental-functions. */
  readonly experimental: boolean
}

const entries: [string, Signature][] = []

function define(names: string, args: ValueType[], returns: ValueType, options: Partial<Signature> = {}): void {
  for (const name of names.trim().split(/\s+/)) {
    entries.push([name, Object.freeze({ args, returns, variadic: 0, experimental: false, ...options })])
  }
}

define('abs ceil exp floor ln log10 log2 sgn sqrt', ['vector'], 'vector')
define('acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh', ['vector'], 'vector')
define('absent sort sort_desc timestamp', ['vector'], 'vector')
define('clamp', ['vector', 'scalar', 'scalar'], 'vector')
define('clamp_max clamp_min', ['vector', 'scalar'], 'vector')
define('round', ['vector', 'scalar'], 'vector', { variadic: 1 })
define('scalar', ['vector'], 'scalar')
define('vector', ['scalar'], 'vector')
define('pi time', [], 'scalar')
define('days_in_month day_of_month day_of_week day_of_year', ['vector'], 'vector', { variadic: 1 })
define('hour minute month year', ['vector'], 'vector', { variadic: 1 })
define('rate irate increase delta idelta deriv changes resets', ['matrix'], 'vector')
define('predict_linear', ['matrix', 'scalar'], 'vector')
define('avg_over_time count_over_time max_over_time min_over_time sum_over_time', ['matrix'], 'vector')
define('first_over_time last_over_time present_over_time absent_over_time', ['matrix'], 'vector')
define('stddev_over_time stdvar_over_time', ['matrix'], 'vector')
define('quantile_over_time', ['scalar', 'matrix'], 'vector')
define('histogram_quantile', ['scalar', 'vector'], 'vector')
define('histogram_fraction', ['scalar', 'scalar', 'vector'], 'vector')
define('histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar', ['vector'], 'vector')
define('label_replace', ['vector', 'string', 'string', 'string', 'string'], 'vector')
define('label_join', ['vector', 'string', 'string', 'string'], 'vector', { variadic: -1 })

define('start end range step', [], 'scalar', { experimental: true })
define('max_of min_of', ['scalar', 'scalar'], 'scalar', { experimental: true })
define('mad_over_time', ['matrix'], 'vector', { experimental: true })
define('ts_of_first_over_time ts_of_last_over_time', ['matrix'], 'vector', { experimental: true })
define('ts_of_max_over_time ts_of_min_over_time', ['matrix'], 'vector', { experimental: true })
define('double_exponential_smoothing', ['matrix', 'scalar', 'scalar'], 'vector', { experimental: true })
define('histogram_quantiles', ['vector', 'string', 'scalar', 'scalar'], 'vector', { variadic: 9, experimental: true })
define('info', ['vector', 'vector'], 'vector', { variadic: 1, experimental: true })
define('sort_by_label sort_by_label_desc', ['vector', 'string'], 'vector', { variadic: -1, experimental: true })
define('start_timestamp', ['vector'], 'vector', { experimental: true })

export const SIGNATURES: ReadonlyMap<string, Signature> = new Map(entries)
