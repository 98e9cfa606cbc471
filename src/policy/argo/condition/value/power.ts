// Go's math.Pow: whole exponents by repeated squaring, so that the last bit comes out as the controller's does.

/** A number as mantissa × 2^exponent, which cannot overflow on the way. */
interface Scaled {
  readonly mantissa: number
  readonly exponent: number
}

/**
 * JavaScript's ** may differ from Go in the last bit, and says NaN for 1 ** NaN and -1 ** Infinity. For exponents with
 * a fraction the last bit depends on the controller's processor and is not followed.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (x === -1 && Math.abs(y) >= 2 ** 63) return 1
  if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) >= 2 ** 63) return x ** y
  if (y === 0.5) return Math.sqrt(x)
  if (y === -0.5) return 1 / Math.sqrt(x)
  const whole = Math.trunc(Math.abs(y))
  const fraction = Math.abs(y) - whole
  if (fraction !== 0 && x < 0) return Number.NaN
  const rounded = fraction > 0.5 ? whole + 1 : whole
  const start = fraction === 0 ? 1 : Math.exp((fraction - (rounded - whole)) * Math.log(x))
  const { mantissa, exponent } = raise(x, BigInt(rounded), start)
  return y < 0 ? scale(1 / mantissa, -exponent) : scale(mantissa, exponent)
}

/** start × x^power, bit by bit of the power. */
function raise(x: number, power: bigint, start: number): Scaled {
  let result: Scaled = { mantissa: start, exponent: 0 }
  let square = split(x)
  for (let bits = power; bits !== 0n; bits >>= 1n) {
    // Beyond this it is 0 or infinite whatever the remaining bits are.
    if (Math.abs(square.exponent) > 4096) return { ...result, exponent: result.exponent + square.exponent }
    if ((bits & 1n) === 1n) {
      result = { mantissa: result.mantissa * square.mantissa, exponent: result.exponent + square.exponent }
    }
    const mantissa = square.mantissa * square.mantissa
    square =
      mantissa < 0.5
        ? { mantissa: mantissa * 2, exponent: square.exponent * 2 - 1 }
        : { mantissa, exponent: square.exponent * 2 }
  }
  return result
}

/** The mantissa's size is in [0.5, 1). */
function split(value: number): Scaled {
  let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(value))) + 1)
  let mantissa = scale(value, -exponent)
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2
    exponent--
  }
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2
    exponent++
  }
  return { mantissa, exponent }
}

/** In two steps, because 2^exponent alone may not be a number although the product is. */
function scale(mantissa: number, exponent: number): number {
  const bounded = Math.max(-2200, Math.min(2200, exponent))
  const half = Math.trunc(bounded / 2)
  const quarter = Math.trunc(half / 2)
  return mantissa * 2 ** quarter * 2 ** (half - quarter) * 2 ** (bounded - half)
}
