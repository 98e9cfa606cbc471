// `coalmine run --rare-misses`: how often a release is missed where that is too rare to be seen.
import { missesFormats } from '../report/formats/misses.js'
import { grouped } from '../report/words.js'
import type { Plan } from '../run/plan.js'
import { isWithin, studyMisses } from '../study/rare/misses.js'
import type { Recipe } from '../study/recipe.js'
import { confidence } from '../study/study.js'
import { luckyCrew, whileFlying } from './conduct-here.js'
import { afterInterrupt, badInput } from './exit-codes.js'
import { pageFor } from './page.js'

export interface RareMissesOptions {
  readonly precision?: number
  readonly workers?: number
  readonly json?: boolean
  readonly version: string
}

export async function rareMisses(recipe: Recipe, plan: Plan, seed: number, options: RareMissesOptions): Promise<void> {
  const { precision = usualPrecision, workers, json, version } = options
  const obstacle = obstacleIn(plan)
  if (obstacle) {
    process.stderr.write(`error: --rare-misses ${obstacle}\n`)
    process.exitCode = badInput
    return
  }
  const misses = await whileFlying(luckyCrew(workers), async (hired, { signal, tell, isInterrupted }) => {
    const told = (flights: number, does: string) => tell(`${grouped(flights)} flights, ${does}`)
    const { name, scenario } = plan
    const about = { version, recipe, name, teaches: scenario.teaches, seed, confidence }
    const found = await studyMisses({ ...about, isEnough: isWithin(precision), signal, told }, hired)
    if (isInterrupted()) process.exitCode = afterInterrupt
    return found
  })
  process.stdout.write(`${missesFormats[json ? 'json' : 'text'](misses, pageFor(process.stdout))}\n`)
}

/** An interval that reaches so far tells an order of magnitude well. */
const usualPrecision = 0.25

function obstacleIn({ fidelity, scenario, troubles }: Plan): string | undefined {
  const isWell = scenario.faults.length === 0 && troubles.length === 0
  if (isWell) return "is of a bad release: nothing is wrong with this one, so it can't be missed"
  const needs = 'needs requests that come by chance, as a flow'
  if (scenario.traffic.replay) return `${needs}: here they are replayed from a log`
  return fidelity.fidelity === 'request' ? `${needs}: here they are flown one by one` : undefined
}
