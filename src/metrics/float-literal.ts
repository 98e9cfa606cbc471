// Go's strconv.ParseFloat: bounds of buckets, times in requests, and what templates and conditions take for a number.

type FloatReading = number | 'invalid syntax' | 'value out of range'

const DECIMAL = /^[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?$/
const HEXADECIMAL = /^([+-]?)0[xX](_?[0-9a-fA-F][0-9a-fA-F_]*)?(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9_]+)$/
const INFINITY = /^([+-]?)inf(?:inity)?$/i

export function parseFloatText(text: string): FloatReading {
  const infinity = INFINITY.exec(text)
  if (infinity !== null) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  // An underscore may only stand between digits, or after 0x.
  if (/__|_$|_[.eEpP+-]|[.eEpP+-]_/.test(text)) return 'invalid syntax'
  const hexadecimal = HEXADECIMAL.exec(text)
  if (hexadecimal !== null) return parseHexadecimal(hexadecimal)
  if (!DECIMAL.test(text)) return 'invalid syntax'
  const value = Number(text.replaceAll('_', ''))
  return Number.isFinite(value) ? value : 'value out of range'
}

function parseHexadecimal([, sign, whole = '', fraction = '', power]: RegExpExecArray): FloatReading {
  const decimals = fraction.replaceAll('_', '')
  const digits = whole.replaceAll('_', '') + decimals
  if (digits === '') return 'invalid syntax'
  const exponent = Number(power!.replaceAll('_', '')) - decimals.length * 4
  const value = Number(BigInt(`0x${digits}`)) * 2 ** exponent
  if (!Number.isFinite(value)) return 'value out of range'
  return sign === '-' ? -value : value
}
