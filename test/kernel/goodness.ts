// Goodness of fit: whether what a sampler drew can have come from the distribution it claims. Every test here runs at
// a level of one in ten thousand (moments: 4 standard errors) with a fixed seed, so it either always passes or always
// fails. None of this uses the code under test.

import { expect } from 'vitest'

const LEVEL = 1e-4

/** A distribution on integers: probabilities[i] belongs to first + i. */
export interface Discrete {
  readonly first: number
  readonly probabilities: readonly number[]
}

/** Chi-square over cells of successive values that hold at least 5 and at least 1/400 of what is expected. */
export function expectDiscreteFit(label: string, draws: readonly number[], law: Discrete): void {
  const observed = new Float64Array(law.probabilities.length)
  for (const draw of draws) {
    const index = draw - law.first
    if (index < 0 || index >= observed.length || !Number.isInteger(draw)) throw new Error(`${label}: drew ${draw}`)
    observed[index]! += 1
  }
  expectCountsFit(label, observed, law.probabilities)
}

export function expectCountsFit(label: string, observed: ArrayLike<number>, probabilities: readonly number[]): void {
  let total = 0
  for (let i = 0; i < observed.length; i++) total += observed[i]!
  const cells: { seen: number; expected: number }[] = []
  let cell = { seen: 0, expected: 0 }
  for (let i = 0; i < probabilities.length; i++) {
    cell.seen += observed[i]!
    cell.expected += total * probabilities[i]!
    if (cell.expected >= Math.max(5, total / 400)) {
      cells.push(cell)
      cell = { seen: 0, expected: 0 }
    }
  }
  const last = cells[cells.length - 1]!
  last.seen += cell.seen
  last.expected += cell.expected
  let statistic = 0
  for (const { seen, expected } of cells) statistic += (seen - expected) ** 2 / expected
  const p = cells.length > 1 ? chiSquareTail(statistic, cells.length - 1) : 1
  expect(p, `${label}: chi-square ${statistic} over ${cells.length} cells, p = ${p}`).toBeGreaterThan(LEVEL)
}

/** Kolmogorov and Smirnov's test, with the limiting distribution of their statistic. */
export function expectContinuousFit(label: string, draws: readonly number[], cdf: (x: number) => number): void {
  const sorted = Float64Array.from(draws).sort()
  let gap = 0
  for (let i = 0; i < sorted.length; i++) {
    const below = cdf(sorted[i]!)
    gap = Math.max(gap, below - i / sorted.length, (i + 1) / sorted.length - below)
  }
  const scaled = gap * (Math.sqrt(sorted.length) + 0.12 + 0.11 / Math.sqrt(sorted.length))
  let p = 0
  for (let k = 1; k < 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * scaled * scaled)
  expect(p, `${label}: largest gap ${gap}, p = ${p}`).toBeGreaterThan(LEVEL)
}

/** Mean and variance within 4 standard errors; the fourth central moment defaults to the normal's. */
export function expectMoments(
  label: string,
  draws: readonly number[],
  law: { readonly mean: number; readonly variance: number; readonly fourth?: number },
): void {
  const { mean, variance, fourth = 3 * variance * variance } = law
  let sum = 0
  for (const draw of draws) sum += draw - mean
  let squares = 0
  for (const draw of draws) squares += (draw - mean) ** 2
  const n = draws.length
  const meanError = sum / n / Math.sqrt(variance / n)
  const varianceError = (squares / n - variance) / Math.sqrt((fourth - variance * variance) / n)
  expect(Math.abs(meanError), `${label}: mean off by ${meanError} standard errors`).toBeLessThan(4)
  expect(Math.abs(varianceError), `${label}: variance off by ${varianceError} standard errors`).toBeLessThan(4)
}

/** The distribution whose neighbouring probabilities have this ratio, worked out from the mode outwards. */
export function discreteFromRatio(
  first: number,
  last: number,
  mode: number,
  ratio: (k: number) => number,
): Discrete & { readonly probabilities: number[] } {
  const probabilities = new Array<number>(last - first + 1).fill(0)
  probabilities[mode - first] = 1
  for (let k = mode; k < last; k++) probabilities[k + 1 - first] = probabilities[k - first]! * ratio(k)
  for (let k = mode; k > first; k--) probabilities[k - 1 - first] = probabilities[k - first]! / ratio(k - 1)
  const total = probabilities.reduce((sum, probability) => sum + probability, 0)
  return { first, probabilities: probabilities.map((probability) => probability / total) }
}

export function drawn(count: number, draw: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => draw(index))
}

/** P(chi-square with these degrees of freedom > x), by the incomplete gamma function's series or continued fraction. */
export function chiSquareTail(x: number, degrees: number): number {
  const a = degrees / 2
  const z = x / 2
  if (z <= 0) return 1
  const front = Math.exp(a * Math.log(z) - z - logGamma(a))
  if (z < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= z / (a + n)
      sum += term
    }
    return 1 - front * sum
  }
  let fraction = 0
  for (let n = 2000; n > 0; n--) fraction = (n * (n - a)) / (z + 2 * n + 1 - a - fraction)
  return front / (z + 1 - a - fraction)
}

function logGamma(a: number): number {
  if (a < 20) return logGamma(a + 1) - Math.log(a)
  return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * a) - 1 / (360 * a ** 3)
}
