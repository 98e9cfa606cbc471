// When the runs of a scenario are looked at, to see whether its budgets are decided: each look may be wrong, so they share
// what all together may be wrong.
import { judgedConfidence } from '../judgement.js'

export interface Looks {
  /** Numbers of runs, ascending. */
  readonly at: readonly number[]
  /** Of each look. */
  readonly confidence: number
}

/** Twice as many runs at each look; one look at all runs if somebody says how many there shall be. Others look in another way. */
export function looksFrom(least: number, most: number, others = 0): Looks {
  const at: number[] = []
  for (let runs = Math.min(least, most); runs < most; runs *= 2) at.push(runs)
  at.push(most)
  // Of Bonferroni.
  return { at, confidence: 1 - (1 - judgedConfidence) / (at.length + others) }
}
