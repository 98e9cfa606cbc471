// Prints numbers as Go does, because label values, Argo's measurements and the HTTP API carry Go's text.

/** Go's strconv.FormatFloat(v, 'f', -1, 64): shortest digits, never an exponent. Argo's `[0.95,1]`, count_values. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent] = String(value).split('e')
  if (exponent === undefined) return mantissa
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  const plain = point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0')
  return negative ? `-${plain}` : plain
}

/** As the HTTP API prints sample values: like formatFloat, but with an exponent below 1e-6 and from 1e21. */
export function formatJsonFloat(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-6 && size < 1e21)) return formatFloat(value)
  return exponential(value)
}

/** As Prometheus 3 writes the bounds in `le` and `quantile` labels: 1 is 1.0, 1800000 is 1.8e+06. */
export function formatOpenMetricsFloat(value: number): string {
  const text = formatGoFloat(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** Go's fmt.Sprint: shortest digits, with an exponent below 1e-4 and from 1e6. */
export function formatGoFloat(value: number): string {
  const size = Math.abs(value)
  return Number.isFinite(value) && size !== 0 && (size < 1e-4 || size >= 1e6) ? exponential(value) : formatFloat(value)
}

/** Go's strconv.FormatFloat(v, 'e', -1, 64): the value of an alert. */
export function formatExponentialFloat(value: number): string {
  return Number.isFinite(value) ? exponential(value) : formatSpecial(value)
}

/** Go writes at least two digits of exponent. */
function exponential(value: number): string {
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

function formatSpecial(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
