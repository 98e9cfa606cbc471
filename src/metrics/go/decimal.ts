// The digits of a float64: the shortest that read back, or all of them, rounded as Go rounds.

/** value = 0.DIGITS × 10^point. Without digits it is zero. */
export interface Decimal {
  readonly digits: string
  readonly point: number
}

export function shortest(size: number): Decimal {
  if (size === 0) return { digits: '', point: 0 }
  const [mantissa = '', exponent] = size.toExponential().split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

/** JavaScript's toFixed rounds halves up; Go rounds them to the even digit, so all digits are needed. */
export function exact(size: number): Decimal {
  if (size === 0) return { digits: '', point: 0 }
  const { mantissa, exponent } = parts(size)
  const isWhole = exponent >= 0
  const digits = String(isWhole ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent))
  return trimmed(digits, isWhole ? digits.length : digits.length + exponent)
}

/** To so many digits; to less than none there is nothing left. */
export function rounded({ digits, point }: Decimal, count: number): Decimal {
  if (count < 0) return { digits: '', point }
  if (count >= digits.length) return { digits, point }
  const kept = digits.slice(0, count)
  const rest = digits.slice(count)
  const isHalf = rest === '5'
  const isUp = isHalf ? count > 0 && Number(kept.at(-1)) % 2 === 1 : rest[0]! >= '5'
  if (!isUp) return trimmed(kept, point)
  const up = String(BigInt(kept || '0') + 1n).padStart(count, '0')
  return trimmed(up, point + up.length - count)
}

/** size = mantissa × 2^exponent, the mantissa a whole number of 53 bits (fewer for the smallest numbers). */
export function parts(size: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, size)
  const bits = view.getBigUint64(0)
  const fraction = bits & ((1n << 52n) - 1n)
  const biased = Number((bits >> 52n) & 0x7ffn)
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function trimmed(digits: string, point: number): Decimal {
  return { digits: digits.replace(/0+$/, ''), point }
}
