// 64-bit integers that wrap as Go's do: a plain number while it is exact, a bigint only beyond 2^53.

export type Integer = number | bigint

const LOWEST = -(2n ** 63n)

/** One value has one form, so that `===` compares integers. */
export function canonical(value: bigint): Integer {
  const wrapped = BigInt.asIntN(64, value)
  const small = Number(wrapped)
  return Number.isSafeInteger(small) ? small : wrapped
}

export function add(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return canonical(BigInt(a) + BigInt(b))
}

export function subtract(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return canonical(BigInt(a) - BigInt(b))
}

export function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // Adding 0 turns the double's -0 into the only zero an integer has.
    if (Number.isSafeInteger(product)) return product + 0
  }
  return canonical(BigInt(a) * BigInt(b))
}

/** The caller has excluded a zero divisor. */
export function remainder(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
  return canonical(BigInt(a) % BigInt(b))
}

export function negate(a: Integer): Integer {
  return typeof a === 'number' ? 0 - a : canonical(-a)
}

export function bitwise(a: Integer, b: Integer, combine: (a: bigint, b: bigint) => bigint): Integer {
  return canonical(combine(BigInt(a), BigInt(b)))
}

/** Conversion as amd64 does it: NaN and whatever does not fit become the lowest integer. */
export function truncate(value: number): Integer {
  const whole = Math.trunc(value)
  if (Number.isSafeInteger(whole)) return whole + 0
  if (!(whole >= -(2 ** 63) && whole < 2 ** 63)) return LOWEST
  return canonical(BigInt(whole))
}

/** strconv.ParseInt in base 10: undefined for bad syntax, 'range' for what does not fit. */
export function parseInteger(text: string): Integer | 'range' | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, value) === value ? canonical(value) : 'range'
}
