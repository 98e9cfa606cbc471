// Tests scenarios: flies each as often as it takes to decide its budgets.

import { parseDocument } from 'yaml'
import type { Logs } from '../../scenario/access-log/replay.js'
import { type Files, scenarioName } from '../../scenario/files.js'
import { limits } from '../../scenario/limits.js'
import { type Problem, Problems, wholeFile } from '../../scenario/problem.js'
import { textOf } from '../../scenario/text-file.js'
import type { Result } from '../conduct.js'
import { type Recipe, readRecipe } from '../recipe.js'
import { type Baseline, baselinePath, readBaseline } from './baseline.js'
import type { RareMisses, Tested } from './tested.js'

/** A scenario that can be flown. */
export interface Testable extends Omit<Tested, 'tally' | 'isWhole'> {
  readonly recipe: Recipe
  /** The path of the log that it replays, which is no file of the recipe. */
  readonly log: string | undefined
}

/** A scenario that was read, whether or not it can be flown. */
export interface Candidate {
  readonly file: string
  /** All that it reads, there or not. */
  readonly reads: readonly string[]
  readonly problems: readonly Problem[]
  /** Undefined where it can't be flown, or has nothing to be tested by. */
  readonly testable: Testable | undefined
  readonly hasBudgets: boolean
}

/** A baseline is read if this version of the program is told. */
export async function readCandidate(path: string, files: Files, logs: Logs, version?: string): Promise<Candidate> {
  const problems = new Problems()
  const { recipe, plan, file } = await readRecipe({ scenario: path }, files, logs, problems)
  const log = file?.scenario?.traffic.replay?.file
  const baseline = version === undefined ? undefined : baselineOfScenario(path, files, version, problems)
  const reads = [...recipe.files.keys(), ...(log === undefined ? [] : [log]), baselinePath(path)]
  const read = { file: path, reads, problems: problems.sorted() }
  if (!plan || !file) return { ...read, testable: undefined, hasBudgets: true }
  const { budgets, teaches, seed } = plan.scenario
  if (budgets.length === 0) return { ...read, testable: undefined, hasBudgets: false }
  const { fidelity } = plan.fidelity
  const written = budgets.map((budget, index) => ({ budget, place: file.placeOf(['budgets', index]) }))
  const told = { name: scenarioName(path), file: path, teaches, seed, fidelity, budgets: written, baseline }
  return { ...read, testable: { ...told, recipe, log }, hasBudgets: true }
}

/** Its name and its sentence, by which people select it: of what can't be read the name alone. */
export function titleOf(path: string, files: Files): string {
  const content = files.read(path, limits.scenarioBytes)
  const teaches = 'text' in content ? parseDocument(content.text).get('teaches') : undefined
  return [scenarioName(path), ...(typeof teaches === 'string' ? [teaches] : [])].join(' ')
}

/** Most scenarios have none. */
function baselineOfScenario(scenario: string, files: Files, version: string, problems: Problems): Baseline | undefined {
  const path = baselinePath(scenario)
  const content = files.read(path, limits.baselineBytes)
  if ('missing' in content) return undefined
  const text = textOf(path, content, limits.baselineBytes, wholeFile(path), files, problems)
  return text === undefined ? undefined : readBaseline(path, text, version, problems)
}

export function testedFrom(testable: Testable, { arms: [tally], isWhole }: Result, rareMisses?: RareMisses): Tested {
  const { recipe: _, log: __, ...told } = testable
  return { ...told, tally: tally!, isWhole, rareMisses }
}
