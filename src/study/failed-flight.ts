// A flight that ended in an error of ours: which one it was, so that it can be flown again.
import type { Recipe } from './recipe.js'

/** A defect of the program, to be reported with the line that replays it. */
export class FailedFlight extends Error {
  constructor(
    readonly recipe: Pick<Recipe, 'scenario' | 'policy'>,
    readonly seed: number,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause))
  }
}
