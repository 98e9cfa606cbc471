// What a policy that looks now and then can see: closed forms for checks that share no requests.
// Where windows overlap, what several of them count is one piece of luck: these are bounds then, and flights tell.
import { exp, log, log1p } from '../kernel/elementary.js'
import { logGamma } from '../kernel/gamma.js'

/** From which share of errors on a check fails. */
export interface Threshold {
  readonly ratio: number
  /** Whether that very share fails, too. */
  readonly isIncluded: boolean
}

/**
 * That one check fails, of so many requests on average as come by chance (a Poisson law) and fail by chance: an exact
 * sum, as the normal law is wrong for fewer than ten errors. Of no request there is no share: `failsWithout` says what
 * that counts as.
 */
export function chanceOfFailure(
  meanRequests: number,
  errorRatio: number,
  threshold: Threshold,
  failsWithout = false,
): number {
  // Errors and other answers are independent of each other then.
  const errors = countsAround(meanRequests * errorRatio)
  const others = countsAround(meanRequests * (1 - errorRatio))
  const atMost = sumsOf(others.chances)
  let chance = 0
  for (const [index, ofErrors] of errors.chances.entries()) {
    const most = mostOthers(errors.first + index, threshold) - others.first
    if (most >= 0) chance += ofErrors * atMost[Math.min(most, atMost.length - 1)]!
  }
  const ofNone = exp(-meanRequests)
  const isCounted = mostOthers(0, threshold) >= 0
  return within(chance + (failsWithout === isCounted ? 0 : failsWithout ? ofNone : -ofNone))
}

/** That more checks than the limit fail, of checks that fail with these chances: at once or one after the other. */
export function chanceOfMoreFailures(limit: number, checks: readonly number[]): number {
  if (limit < 0 || limit >= checks.length) return 0
  // By number of failures so far; the last is of all that are too many.
  const chances = new Float64Array(limit + 2)
  chances[0] = 1
  const last = chances.length - 1
  for (const fails of checks) {
    chances[last]! += chances[last - 1]! * fails
    for (let failures = last - 1; failures > 0; failures--) {
      chances[failures] = chances[failures]! * (1 - fails) + chances[failures - 1]! * fails
    }
    chances[0]! *= 1 - fails
  }
  return within(chances[last]!)
}

/** That so many in a row happen at some time, of what happens in each check with these chances. */
export function chanceInARow(length: number, checks: readonly number[]): number {
  if (length <= 0) return 1
  if (length > checks.length) return 0
  // By how many in a row there are just now; what is missing to 1 has come to the length.
  let chances = new Float64Array(length)
  chances[0] = 1
  for (const happens of checks) {
    const next = new Float64Array(length)
    for (const [row, chance] of chances.entries()) {
      next[0]! += chance * (1 - happens)
      if (row + 1 < length) next[row + 1] = chance * happens
    }
    chances = next
  }
  return within(1 - chances.reduce((sum, chance) => sum + chance, 0))
}

/** How many checks it takes on average until so many have failed: the mean of a negative binomial law. */
export function meanChecksUntil(failures: number, chance: number): number {
  return failures / chance
}

/** And until so many in a row have: W. Feller, An Introduction to Probability Theory (1968), XIII.7. */
export function meanChecksUntilInARow(length: number, chance: number): number {
  if (chance === 1) return length
  const all = exp(length * log(chance))
  return (1 - all) / ((1 - chance) * all)
}

/** How many requests it takes to see at least one error with this confidence: at 95 % some 3 / ratio, the rule of three. */
export function requestsToSee(errorRatio: number, confidence: number): number {
  if (errorRatio >= 1) return 1
  return Math.ceil(log1p(-confidence) / log1p(-errorRatio))
}

interface Counts {
  readonly first: number
  readonly chances: Float64Array
}

/** So many standard deviations from the mean there is less than 1e-30 left. */
const reach = 12

/** There are as many chances to add up as the root of this, some 24 times. */
const mostRequests = 1e10

/** The chances of a Poisson law, but for those that are nothing. */
function countsAround(mean: number): Counts {
  if (!(mean <= mostRequests)) throw new RangeError(`a check of ${mean} requests`)
  if (mean <= 0) return { first: 0, chances: Float64Array.of(1) }
  const far = reach * Math.sqrt(mean) + reach * 3
  const first = Math.max(0, Math.floor(mean - far))
  const chances = new Float64Array(Math.ceil(mean + far) - first + 1)
  const middle = Math.floor(mean)
  chances[middle - first] = exp(middle * log(mean) - mean - logGamma(middle + 1))
  for (let at = middle; at > first; at--) chances[at - 1 - first] = (chances[at - first]! * at) / mean
  for (let at = middle + 1; at < first + chances.length; at++) {
    chances[at - first] = (chances[at - 1 - first]! * mean) / at
  }
  return { first, chances }
}

function sumsOf(chances: Float64Array): Float64Array {
  let sum = 0
  return chances.map((chance) => {
    sum += chance
    return sum
  })
}

/** With how many other answers at most so many errors are too many; -1 where they never are. */
function mostOthers(errors: number, { ratio, isIncluded }: Threshold): number {
  if (ratio < 0 || (ratio === 0 && isIncluded)) return Number.POSITIVE_INFINITY
  if (errors === 0) return -1
  if (ratio === 0) return Number.POSITIVE_INFINITY
  const isTooMuch = (others: number) => {
    // As the query divides: what is a tie on paper may not be one in floating point.
    const share = errors / (errors + others)
    return share > ratio || (isIncluded && share === ratio)
  }
  let most = Math.ceil((errors * (1 - ratio)) / ratio) + 1
  while (most >= 0 && !isTooMuch(most)) most--
  return most
}

function within(chance: number): number {
  return Math.min(1, Math.max(0, chance))
}
