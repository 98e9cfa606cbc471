// Reads what is going to be tuned: the scenario, the numbers of its policy, and what they are held to.
import type { Logs } from '../../scenario/access-log/replay.js'
import type { Budget } from '../../scenario/budget.js'
import { type Files, remembering, scenarioName } from '../../scenario/files.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { planRollout } from '../check/planned.js'
import { readRecipe } from '../recipe.js'
import type { HarmStatistic, Measure } from './score.js'
import { chosenKnobs } from './select-knobs.js'
import { type Space, spaceOf } from './space.js'
import { type FaultSet, worldsOf } from './worlds.js'

interface ToTune {
  readonly scenario: string
  readonly policy?: readonly string[] | undefined
  /** Which numbers are turned, by their names or kinds: all, if left out. */
  readonly knobs?: readonly string[] | undefined
  /** Which stay as they are. */
  readonly fixed?: readonly string[] | undefined
  /** Those of the scenario if it has some, and else the usual ones. */
  readonly faults?: FaultSet | undefined
  readonly harm: HarmStatistic
  /** Beside those of the scenario. */
  readonly budgets: readonly Budget[]
  /** Whether those of the scenario count. */
  readonly keepsBudgets: boolean
}

export interface Prepared {
  readonly name: string
  readonly seed: number
  readonly space: Space
  readonly measure: Measure
}

/** Undefined where there is nothing to tune; why is among the problems. */
export async function prepareTuning(
  wanted: ToTune,
  files: Files,
  logs: Logs,
  problems: Problems,
): Promise<Prepared | undefined> {
  const { scenario: path, policy, harm } = wanted
  const once = remembering(files)
  const { recipe, plan, manifests } = await readRecipe({ scenario: path, policy }, once, logs, problems)
  if (!plan) return undefined
  const { scenario } = plan
  const texts = new Map<string, string>()
  for (const { file } of manifests) {
    const content = recipe.files.get(file)
    if (content && 'text' in content) texts.set(file, content.text)
  }
  const space = spaceOf(manifests, texts, {
    longestSeconds: Math.floor((scenario.durationMs - scenario.releaseAtMs) / 1000),
    scrapeSeconds: Math.ceil(scenario.observability.scrape.intervalMs / 1000),
    maxWeight: plan.policy.rollout.canary.maxWeight,
  })
  const chosen = space && chosenKnobs(space, wanted, path, problems)
  if (!chosen) return undefined
  if (chosen.knobs.every(({ values }) => values.length === 1)) {
    const left = space.unturnable.map(({ name, why }) => `${name}: ${why}`)
    const hint = left.length === 0 ? 'It has no steps with weights or pauses, and no analysis.' : left.join('; ')
    problems.error('nothing-to-tune', wholeFile(path), 'there is no number in this policy to turn', { hint })
    return undefined
  }
  const isHealthy = ({ metric }: Budget) => metric === 'duration' || metric === 'false_abort'
  const own = wanted.keepsBudgets ? scenario.budgets : []
  const budgets = [...own, ...wanted.budgets.filter((budget) => !isHealthy(budget))]
  const wishes = { scenario: path, seed: scenario.seed, budgets: [] }
  const defaults = async () => (await planRollout(space.rollout, manifests, wishes, once, logs)).flights
  const measure: Measure = {
    worlds: await worldsOf(recipe, { wanted: wanted.faults, hasBudgets: budgets.length > 0 }, defaults),
    harm,
    budgets,
    healthyBudgets: wanted.budgets.filter(isHealthy),
    releaseAtMs: scenario.releaseAtMs,
  }
  return { name: scenarioName(path), seed: scenario.seed, space: chosen, measure }
}
