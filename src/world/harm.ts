// The blast radius of one flight in numbers, and the laws these numbers obey in every world.
import { BrokenLaw } from './broken-law.js'

export interface Objective {
  /** Share of requests that shall be good, such as 0.999. */
  readonly ratio: number
  /** The period the objective is kept over. */
  readonly windowMs: number
  /** Successes that take longer count as bad. */
  readonly latencyMs?: number
}

/**
 * A *bad* answer is an error or, if the objective has a latency, slower than that. The yardstick is what stable would
 * have given at that instant with all its pods and all the traffic: stable's own errors, slowness and overload don't
 * count as harm of the release, but what a release breaks by taking pods from stable does.
 */
export interface Harm {
  /** All requests, and those among them that got an error code (500 or 503) or were slow successes, on any version. */
  readonly requests: number
  readonly failed: number
  readonly slow: number
  /** Requests sent to the canary. */
  readonly canaryRequests: number
  /** Since when it has been sent none; undefined while it is sent any. */
  readonly canarySilentSinceMs: number | undefined
  /** Requests that reached a version while its bad probability exceeded the yardstick's. */
  readonly exposedRequests: number
  /** Requests that went bad in excess of the yardstick: each with probability max(0, bad - yardstick's bad). */
  readonly excessRequests: number
  /** Means of these two given the course of the flight: the same expectation, less noise. */
  readonly meanExposedRequests: number
  readonly meanExcessRequests: number
  readonly users: number
  /** Different users with at least one exposed request, and with at least one excess request. */
  readonly exposedUsers: number
  readonly harmedUsers: number
  /**
   * The integral of users * share of requests exposed over time, in minutes: everybody is counted as present all the
   * time, so it measures how many were at risk for how long, not how many were active.
   */
  readonly userMinutes: number
  /**
   * excessRequests / (mean rate of the scenario * window * (1 - objective)) in percent. May pass 100. Undefined without
   * an objective.
   */
  readonly budgetSpentPercent: number | undefined
  /** The greatest share of requests that serving canary pods ever got, in percent. */
  readonly peakWeightPercent: number
  /** The first instant at which a request could be exposed, and the one at which the first was. */
  readonly exposurePossibleMs: number | undefined
  readonly firstExposedRequestMs: number | undefined
}

export function budgetSpentPercent(excessRequests: number, meanRate: number, objective: Objective): number {
  const allowed = ((meanRate * objective.windowMs) / 1000) * (1 - objective.ratio)
  return excessRequests === 0 ? 0 : (100 * excessRequests) / allowed
}

/** Throws if the numbers contradict each other: that is a defect of coalmine, whatever the scenario. */
export function checkLaws(harm: Harm, counted: number): void {
  const { requests, failed, slow, canaryRequests, exposedRequests, excessRequests } = harm
  const { users, exposedUsers, harmedUsers, meanExcessRequests, meanExposedRequests, peakWeightPercent } = harm
  if (requests !== counted) throw new BrokenLaw('every answer is counted once', { requests, counted })
  if (!(excessRequests <= failed + slow && failed + slow <= requests)) {
    throw new BrokenLaw('excess <= bad <= all requests', { excessRequests, failed, slow, requests })
  }
  if (!(excessRequests <= exposedRequests && exposedRequests <= requests)) {
    throw new BrokenLaw('excess <= exposed <= all requests', { excessRequests, exposedRequests, requests })
  }
  if (!(harmedUsers <= exposedUsers && exposedUsers <= users)) {
    throw new BrokenLaw('harmed <= exposed <= all users', { harmedUsers, exposedUsers, users })
  }
  if (!(exposedUsers <= exposedRequests && harmedUsers <= excessRequests)) {
    throw new BrokenLaw('no user without a request', { exposedUsers, exposedRequests, harmedUsers, excessRequests })
  }
  if (!(canaryRequests <= requests)) {
    throw new BrokenLaw("the canary's requests <= all requests", { canaryRequests, requests })
  }
  // Shares and means are sums of fractions.
  if (!(0 <= meanExcessRequests && meanExcessRequests <= meanExposedRequests * (1 + ROUNDING))) {
    throw new BrokenLaw('mean excess <= mean exposed', { meanExcessRequests, meanExposedRequests })
  }
  if (!(0 <= peakWeightPercent && peakWeightPercent <= 100 * (1 + ROUNDING))) {
    throw new BrokenLaw('a weight is part of the whole', { peakWeightPercent })
  }
}

const ROUNDING = 1e-9
