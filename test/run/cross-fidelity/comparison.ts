// Whether two samples of flights can have come from the same distribution, as far as their means tell.

/** In standard errors of the difference; 0 where both are the same constant, infinite where they are two. */
export function apart(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [momentsOf(one), momentsOf(other)]
  const difference = a.mean - b.mean
  if (a.square + b.square === 0) return difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY
  const t = difference / Math.sqrt(a.square + b.square)
  const freedom = (a.square + b.square) ** 2 / (a.square ** 2 / (one.length - 1) + b.square ** 2 / (other.length - 1))
  return asNormal(t, freedom)
}

/**
 * As far out on a normal distribution as t is on Student's: D. L. Wallace, Bounds on Normal Approximations to Student's
 * and the Chi-Square Distributions, Annals of Mathematical Statistics 30 (1959).
 */
function asNormal(t: number, freedom: number): number {
  const size = Math.sqrt(freedom * Math.log1p(t ** 2 / freedom))
  return (Math.sign(t) * size * (8 * freedom + 1)) / (8 * freedom + 3)
}

/** Mean, and the square of its standard error. */
function momentsOf(values: readonly number[]): { mean: number; square: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  // Of equal values the mean may be another by rounding.
  if (values.every((value) => value === values[0])) return { mean: values[0]!, square: 0 }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, square: variance / values.length }
}

/** The same of how far values are from the middle of their sample, as M. B. Brown and A. B. Forsythe compare variances. */
export function apartInSpread(one: readonly number[], other: readonly number[]): number {
  return apart(distances(one), distances(other))
}

function distances(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  return values.map((value) => Math.abs(value - middle))
}
