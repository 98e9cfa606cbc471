// A scenario with what its runs came to: all that a report of tests is made from, and what shards hand on.
import type { Budget } from '../../scenario/budget.js'
import type { Fidelity } from '../../scenario/fidelity.js'
import type { Place } from '../../scenario/problem.js'
import type { Estimate } from '../study.js'
import type { Tally } from '../tally.js'
import type { Baseline } from './baseline.js'

export interface Tested {
  readonly name: string
  readonly file: string
  readonly teaches: string
  readonly seed: number
  readonly fidelity: Fidelity
  readonly budgets: readonly WrittenBudget[]
  /** What it is held against, if it has been stored. */
  readonly baseline?: Baseline | undefined
  readonly tally: Tally
  /** What swarms tell of misses, where these runs are too few to tell. */
  readonly rareMisses?: RareMisses | undefined
  /** False where somebody ended it before it had flown what it should. */
  readonly isWhole: boolean
}

export interface RareMisses extends Estimate {
  readonly swarms: number
}

export interface WrittenBudget {
  readonly budget: Budget
  readonly place: Place
}
