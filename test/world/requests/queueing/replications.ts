// Means over independent replications, and how sure they are: Student's t at a level of one in ten thousand.
import { expect } from 'vitest'

export const REPLICATIONS = 20
/** The two-sided quantile of Student's t with 19 degrees of freedom at 99.99 %. */
const T_19 = 4.8973

/**
 * The expected value lies in the confidence interval, and the interval is narrow enough to mean something: its half
 * width is at most this part of what is expected.
 */
export function expectMean(label: string, values: readonly number[], expected: number, precision: number): void {
  if (values.length !== REPLICATIONS) throw new Error(`${values.length} replications`)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const halfWidth = T_19 * Math.sqrt(variance / values.length)
  const said = `${label}: ${mean} ± ${halfWidth}, expected ${expected}`
  expect(Math.abs(mean - expected), said).toBeLessThanOrEqual(halfWidth)
  expect(halfWidth, said).toBeLessThanOrEqual(precision * expected)
}
