// How Go writes a float64: %v, and the plain decimals that a Prometheus sample value prints as.

/** %v: the shortest digits that read back, with an exponent below 1e-4 and from 1e+06 on. */
export function formatFloat(value: number): string {
  const special = formatSpecial(value)
  if (special !== undefined) return special
  const { sign, digits, exponent } = decompose(value)
  if (exponent >= -4 && exponent < 6) return sign + plain(digits, exponent)
  const size = String(Math.abs(exponent)).padStart(2, '0')
  const mantissa = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`
}

/** A Prometheus sample value never has an exponent: 1e21 is twenty-two digits. */
export function formatSample(value: number): string {
  const special = formatSpecial(value)
  if (special !== undefined) return special
  const { sign, digits, exponent } = decompose(value)
  return sign + plain(digits, exponent)
}

/** %.2f and the like: halves go to the even digit, as the number is in full. */
export function formatFixed(value: number, places: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)!
  const text = value.toFixed(places)
  const exact = value.toFixed(Math.min(100, places + 50))
  const isHalf = /^50*$/.test(exact.slice(exact.indexOf('.') + 1 + places))
  // Cut off there is the neighbour towards zero.
  const below = exact.slice(0, exact.indexOf('.') + (places > 0 ? 1 + places : 0))
  return isHalf && '02468'.includes(below.at(-1)!) ? below : text
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  return undefined
}

/** value = d.ddd × 10^exponent, with the shortest digits that read back as the same number. */
function decompose(value: number): { sign: string; digits: string; exponent: number } {
  const text = Math.abs(value).toExponential()
  const at = text.indexOf('e')
  return {
    sign: value < 0 ? '-' : '',
    digits: text.slice(0, at).replace('.', ''),
    exponent: Number(text.slice(at + 1)),
  }
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return digits + '0'.repeat(exponent + 1 - digits.length)
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}
