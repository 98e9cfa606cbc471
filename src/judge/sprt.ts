// Wald's sequential test of one share against another, and how soon any test as sure as it can decide.
import { log } from '../kernel/elementary.js'

/** Two shares that are told apart. */
export interface Shares {
  /** Of failures where nothing is wrong. */
  readonly healthy: number
  readonly faulty: number
}

/** How often it may be wrong. */
export interface Errors {
  /** Stops what is healthy. */
  readonly falseAborts: number
  /** Lets pass what is faulty. */
  readonly missed: number
}

/**
 * How many requests it takes on average to find that something is faulty that is: no test, sequential or not, that errs
 * as seldom needs fewer (A. Wald, Sequential tests of statistical hypotheses, 1945; W. Hoeffding, 1953). Wald's own test
 * needs a few more, because its last request carries it beyond its bound.
 */
export function expectedSize({ healthy, faulty }: Shares, { falseAborts, missed }: Errors): number {
  const upper = log((1 - missed) / falseAborts)
  const lower = log(missed / (1 - falseAborts))
  const gain = term(faulty, healthy) + term(1 - faulty, 1 - healthy)
  return gain === 0 ? Number.POSITIVE_INFINITY : ((1 - missed) * upper + missed * lower) / gain
}

/** Of the information that a request brings (Kullback and Leibler). */
function term(is: number, assumed: number): number {
  if (is === 0) return 0
  return assumed === 0 ? Number.POSITIVE_INFINITY : is * log(is / assumed)
}
