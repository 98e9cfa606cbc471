// Tests scenarios: flies each as often as it takes to decide its budgets.

import type { Logs } from '../../scenario/access-log/replay.js'
import { type Files, scenarioName } from '../../scenario/files.js'
import { limits } from '../../scenario/limits.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { textOf } from '../../scenario/text-file.js'
import type { Job, Result } from '../conduct.js'
import { judge } from '../judgement.js'
import { type Recipe, readRecipe } from '../recipe.js'
import { blocksOf, type Shard } from '../shard.js'
import { type Baseline, baselinePath, readBaseline } from './baseline.js'
import type { Looks } from './looks.js'
import type { Tested } from './tested.js'

/** A scenario that can be flown. */
export interface Testable extends Omit<Tested, 'tally' | 'isWhole'> {
  readonly recipe: Recipe
  /** The path of the log that it replays, which is no file of the recipe. */
  readonly log: string | undefined
}

/**
 * Those without a budget have nothing to be tested by; what is wrong with others is among the problems. Baselines are read
 * if this version of the program is told.
 */
export async function readTestables(
  paths: readonly string[],
  files: Files,
  logs: Logs,
  problems: Problems,
  version?: string,
): Promise<{ readonly testables: readonly Testable[]; readonly unjudged: readonly string[] }> {
  const testables: Testable[] = []
  const unjudged: string[] = []
  for (const path of paths) {
    const { recipe, plan, file } = await readRecipe({ scenario: path }, files, logs, problems)
    if (!plan || !file) continue
    const { budgets, teaches, seed, traffic } = plan.scenario
    if (budgets.length === 0) unjudged.push(path)
    else {
      const { fidelity } = plan.fidelity
      const written = budgets.map((budget, index) => ({ budget, place: file.placeOf(['budgets', index]) }))
      const log = traffic.replay?.file
      const baseline = version === undefined ? undefined : baselineOfScenario(path, files, version, problems)
      const told = { name: scenarioName(path), file: path, teaches, seed, fidelity, budgets: written, baseline }
      testables.push({ ...told, recipe, log })
    }
  }
  return { testables, unjudged }
}

/** Most scenarios have none. */
function baselineOfScenario(scenario: string, files: Files, version: string, problems: Problems): Baseline | undefined {
  const path = baselinePath(scenario)
  const content = files.read(path, limits.baselineBytes)
  if ('missing' in content) return undefined
  const text = textOf(path, content, limits.baselineBytes, wholeFile(path), files, problems)
  return text === undefined ? undefined : readBaseline(path, text, version, problems)
}

export function jobFor(
  { recipe, seed, budgets }: Testable,
  { at, confidence }: Looks,
  offset: number,
  shard?: Shard,
): Job {
  const judged = budgets.map(({ budget }) => budget)
  const isDecided = ({ arms: [tally] }: Result) =>
    judge(judged, tally!, confidence).every(({ answer }) => answer !== 'undecided')
  return {
    task: { arms: [recipe] },
    seed,
    runs: at.at(-1)!,
    isEnough: (result) => at.includes(result.runs) && isDecided(result),
    ...(shard ? { flies: blocksOf(shard, offset) } : {}),
  }
}

export function testedFrom(testable: Testable, { arms: [tally], isWhole }: Result): Tested {
  const { recipe: _, log: __, ...told } = testable
  return { ...told, tally: tally!, isWhole }
}
