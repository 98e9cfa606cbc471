// Student's t distribution: how far means of few values stray, as their own scatter is only estimated.
import { betaQuantile } from './incomplete-beta.js'

/** So many standard errors hold the mean of normal values with this confidence, on both sides together. */
export function studentReach(confidence: number, degrees: number): number {
  if (!(degrees > 0)) return Number.POSITIVE_INFINITY
  // degrees / (degrees + t²) is Beta(degrees / 2, 1 / 2).
  const x = betaQuantile(1 - confidence, degrees / 2, 0.5)
  return Math.sqrt(degrees * (1 / x - 1))
}
