// What a scenario's runs came to at some time, kept beside it, so that later runs can be held against it.

import { z } from 'zod'
import { type BudgetMetric, type Verdict, verdicts } from '../../scenario/budget.js'
import { type Fidelity, fidelities } from '../../scenario/fidelity.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { byName } from '../by-name.js'
import { judgedConfidence, recorded } from '../judgement.js'
import { quantileEstimate } from '../study.js'
import type { Tally } from '../tally.js'

export const baselineSchema = 'coalmine.baseline/v1'

/** Those that people decide by. */
export const baselineFigures = [
  'detect',
  'safe',
  'duration',
  'requests.excess',
  'users.harmed',
  'budget.spent',
] as const satisfies readonly (BudgetMetric & keyof typeof recorded)[]
export type BaselineFigure = (typeof baselineFigures)[number]

/** Of all runs. `never`: those without such a time. */
export const baselineShares = [
  ...verdicts,
  'missed',
  'false_abort',
  'detect.never',
  'safe.never',
  'duration.never',
] as const
export type BaselineShare = (typeof baselineShares)[number]

/** Of each comparison, so that all of a scenario together are as sure as its budgets: of Bonferroni. */
export const comparedConfidence = 1 - (1 - judgedConfidence) / (3 * baselineFigures.length + baselineShares.length)

const count = z.int().min(0)
const bound = z.number().nullable()
const quantile = z.strictObject({ value: z.number(), low: bound, high: bound })
const distribution = z.strictObject({
  runs: z.int().min(1),
  mean: z.number(),
  /** Of the mean; null for a single run. */
  standardError: z.number().min(0).nullable(),
  p50: quantile,
  p90: quantile,
})
export type BaselineDistribution = z.infer<typeof distribution>

export const storedBaseline = z.strictObject({
  schema: z.literal(baselineSchema),
  version: z.string(),
  seed: count,
  runs: z.int().min(1),
  fidelity: z.enum(fidelities),
  /** In milliseconds, numbers and shares; null where no run has such a figure. */
  figures: z.strictObject(byName(baselineFigures, () => distribution.nullable())),
  /** How many runs. */
  counts: z.strictObject(byName(baselineShares, () => count)),
})
export type Baseline = Readonly<z.infer<typeof storedBaseline>>

interface Flown {
  readonly seed: number
  readonly fidelity: Fidelity
  readonly tally: Tally
}

export function baselineOf({ seed, fidelity, tally }: Flown, version: string): Baseline {
  return {
    schema: baselineSchema,
    version,
    seed,
    runs: tally.runs,
    fidelity,
    figures: byName(baselineFigures, (figure) => distributionOf(figure, tally)),
    counts: byName(baselineShares, (share) => countOf(share, tally)),
  }
}

/** Of a scenario's file. */
export function baselinePath(scenario: string): string {
  return `${scenario.replace(/\.ya?ml$/, '')}.baseline.json`
}

/** Undefined for what is none, or of another version; why is among the problems. */
export function readBaseline(file: string, text: string, version: string, problems: Problems): Baseline | undefined {
  const refuse = (message: string) => {
    const hint = '`coalmine test -u` writes it anew, from what the runs come to now.'
    problems.error('not-a-baseline', wholeFile(file), message, { hint })
    return undefined
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse('this is no JSON, and so no baseline')
  }
  const { success, data, error } = storedBaseline.safeParse(json)
  if (!success) {
    const [{ path, message }] = error.issues as [z.core.$ZodIssue]
    return refuse(`this is no baseline of schema ${baselineSchema}: ${[...path, message].join(': ')}`)
  }
  if (data.version !== version) {
    return refuse(
      `this baseline was written by coalmine ${data.version}, and this is ${version}, which may fly another way`,
    )
  }
  return data
}

function distributionOf(metric: BaselineFigure, tally: Tally): BaselineDistribution | null {
  const [figure, factor] = recorded[metric]
  const spread = tally.spread(figure)
  if (spread.size === 0) return null
  const own = factor === 1 ? spread : spread.scaled(1 / factor)
  const standardError = Number.isNaN(own.standardError) ? null : own.standardError
  // Two intervals are compared, and either may be wrong.
  const quantile = (p: number) => quantileEstimate(own, p, (1 + comparedConfidence) / 2)
  return { runs: own.size, mean: own.mean, standardError, p50: quantile(0.5), p90: quantile(0.9) }
}

function countOf(share: BaselineShare, tally: Tally): number {
  if (share === 'missed') return tally.missed
  if (share === 'false_abort') return tally.falseAborts
  if (!share.endsWith('.never')) return tally.verdicts[share as Verdict]
  const [figure] = recorded[share.slice(0, -'.never'.length) as BaselineFigure]
  return tally.runs - tally.spread(figure).size
}
