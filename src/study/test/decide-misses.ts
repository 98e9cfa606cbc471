// Budgets of misses that are too rare for so many runs by chance: what swarms of luckier canaries tell of them.
import type { LuckyCrew } from '../crew.js'
import { judge } from '../judgement.js'
import { isWithin, studyMisses, type Wanted } from '../rare/misses.js'
import type { Estimate } from '../study.js'
import type { Testable } from './test.js'
import type { RareMisses, Tested } from './tested.js'

/** Whether there is anything for them to decide. */
export function areMissesUndecided({ recipe, budgets }: Testable, tested: Tested, confidence: number): boolean {
  const { tally, isWhole, fidelity } = tested
  // Luck is given to requests that come by chance, as a flow; and what was seen often isn't rare.
  if (!isWhole || fidelity === 'request' || recipe.counts || tally.missed > mostSeen) return false
  return !isDecided(budgets, tested, confidence)
}

const mostSeen = 10

/** Undefined where they tell nothing, or somebody has interrupted them. */
export async function decideMisses(
  { recipe, name, teaches, budgets }: Testable,
  tested: Tested,
  about: Pick<Wanted, 'version' | 'confidence' | 'signal' | 'told'>,
  crew: LuckyCrew,
): Promise<RareMisses | undefined> {
  const isPrecise = isWithin(closely)
  const isEnough = (missed: Estimate) => isPrecise(missed) || isDecided(budgets, tested, about.confidence, missed)
  // Of other seeds than those that have left it undecided.
  const seed = tested.seed + tested.tally.runs
  const { by, missed, swarms } = await studyMisses({ ...about, recipe, name, teaches, seed, isEnough }, crew)
  return by === 'swarms' ? { ...missed, swarms } : undefined
}

/** What isn't decided by then is at its limit. */
const closely = 0.1

function isDecided(written: Tested['budgets'], { tally }: Tested, confidence: number, missed?: Estimate): boolean {
  const budgets = written.flatMap(({ budget }) => (budget.metric === 'missed' ? [budget] : []))
  return judge(budgets, tally, confidence, missed).every(({ answer }) => answer !== 'undecided')
}
