// `coalmine run`: one scenario, flown once or many times.
import { runFormats } from '../report/formats/run.js'
import { studyFormats } from '../report/formats/study.js'
import { verdictText } from '../report/verdict.js'
import { flyRecorded } from '../run/fly.js'
import type { Audience, Plan } from '../run/plan.js'
import { type RunRecord, storedRun } from '../run/record.js'
import type { Fidelity } from '../scenario/fidelity.js'
import { Problems } from '../scenario/problem.js'
import type { Job, Result } from '../study/conduct.js'
import { FailedFlight } from '../study/failed-flight.js'
import { isPrecise } from '../study/precision.js'
import { type Recipe, readRecipe } from '../study/recipe.js'
import { studyOf } from '../study/study.js'
import { conductHere } from './conduct-here.js'
import { tellDefect } from './defect.js'
import { badInput } from './exit-codes.js'
import { standardOutput } from './log-file.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { pageFor } from './page.js'
import { tell } from './tell.js'
import { nodeTerminal, watch } from './watch.js'

export interface RunOptions {
  readonly seed?: number
  readonly runs?: number
  readonly precision?: number
  readonly rareMisses?: boolean
  readonly workers?: number
  readonly policy?: readonly string[]
  readonly json?: boolean
  readonly watch?: boolean
  readonly speed: number
  readonly serve?: boolean
  readonly port?: number
  readonly wallClock?: boolean
  readonly fidelity?: Fidelity
  readonly sample?: string
  readonly sampleEvery: number
  readonly version: string
}

export async function run(path: string, options: RunOptions): Promise<void> {
  const read = await planOf(path, options)
  if (read && seedsExist(options.seed ?? read.plan.scenario.seed, options.runs)) await fly(read, options)
  else process.exitCode = badInput
}

async function fly({ plan, recipe }: Flyable, options: RunOptions): Promise<void> {
  const seed = options.seed ?? plan.scenario.seed
  const { rareMisses, runs, precision } = options
  if (options.serve) await flyServed(plan, seed, options)
  else if (rareMisses) await (await import('./rare-misses.js')).rareMisses(recipe, plan, seed, options)
  else if (runs === undefined && precision === undefined) {
    const fail = (error: unknown) => {
      throw new FailedFlight(recipe, seed, error)
    }
    await flyOnce(plan, seed, options).catch(fail)
  } else await flyMany(recipe, plan, seed, runs ?? mostRuns, options)
}

/** Where only a precision is asked for. */
const mostRuns = 100_000

/** Consecutive seeds are told apart only as far as whole numbers are exact. */
function seedsExist(seed: number, runs = 1): boolean {
  if (Number.isSafeInteger(seed + runs - 1)) return true
  process.stderr.write(`error: ${runs} runs from seed ${seed} go beyond the last seed, ${Number.MAX_SAFE_INTEGER}\n`)
  return false
}

interface Flyable {
  readonly plan: Plan
  readonly recipe: Recipe
}

/** Undefined after everything that is wrong has been told. */
async function planOf(scenario: string, options: RunOptions): Promise<Flyable | undefined> {
  const problems = new Problems()
  const toRead = { scenario, policy: options.policy, audience: audienceOf(options) }
  const { plan, recipe } = await readRecipe(toRead, nodeFiles, nodeLogs, problems)
  tell(problems.sorted())
  if (!plan) return undefined
  tellFidelity(plan)
  return { plan, recipe }
}

/** Nobody has said so: it costs time, and whoever wonders shall know what for. */
function tellFidelity({ fidelity: { because } }: Plan): void {
  if (because.length > 0) process.stderr.write(`note: requests are flown one by one: ${because.join('; ')}\n`)
}

/** Series of a flight by the wall clock have its times: the whole second that is. */
function audienceOf({ serve, wallClock, fidelity, sample }: RunOptions): Audience {
  const wishes = { fidelity, isSampled: sample !== undefined }
  if (!serve) return wishes
  const served = { ...wishes, isServed: true }
  return wallClock ? { ...served, startsAtMs: Math.floor(Date.now() / 1000) * 1000 } : served
}

async function flyOnce(plan: Plan, seed: number, options: RunOptions): Promise<void> {
  const record = await recordOf(plan, seed, options)
  if (record === undefined) return
  // Without a terminal there is nothing to draw on: the timeline says the same.
  if (!options.watch || !process.stdout.isTTY) return print(record, plan, options)
  const { paint } = pageFor(process.stdout)
  watch(plan, record, options.speed, paint, nodeTerminal)
  process.stdout.write(`${verdictText(record, plan.scenario.teaches, paint)}\n`)
}

async function recordOf(plan: Plan, seed: number, options: RunOptions): Promise<RunRecord | undefined> {
  if (options.sample === undefined) return flyRecorded(plan, seed)
  const { flySampled } = await import('./fly-sampled.js')
  return flySampled(plan, seed, options.sample, options.sampleEvery)
}

async function flyServed(plan: Plan, seed: number, options: RunOptions): Promise<void> {
  const { serve } = await import('./serve.js')
  process.exitCode = await serve(plan, seed, options, {
    landed: (record) => print(record, plan, options),
    defect: (error) => tellDefect(error, options.version),
  })
}

function print(record: RunRecord, { scenario }: Plan, { json, sample, version }: RunOptions): void {
  const out = sample === standardOutput ? process.stderr : process.stdout
  const run = storedRun(record, version, scenario.teaches)
  out.write(`${runFormats[json ? 'json' : 'text'](run, pageFor(out))}\n`)
}

async function flyMany(recipe: Recipe, plan: Plan, seed: number, runs: number, options: RunOptions): Promise<void> {
  const { precision, workers, json, version } = options
  const job: Job = {
    task: { arms: [recipe] },
    seed,
    runs,
    ...(precision === undefined ? {} : { isEnough: ({ arms: [tally] }: Result) => isPrecise(tally!, precision) }),
  }
  const [result] = await conductHere([job], { workers, progress: (_, { runs: done }) => `${done} of ${runs} runs` })
  if (precision !== undefined && !process.exitCode) tellPrecision(result!, precision)
  const { name, scenario, fidelity } = plan
  const head = { version, name, teaches: scenario.teaches, seed, fidelity: fidelity.fidelity }
  const study = studyOf(head, result!.arms[0]!)
  process.stdout.write(`${studyFormats[json ? 'json' : 'text'](study, pageFor(process.stdout))}\n`)
}

function tellPrecision({ runs, arms: [tally] }: Result, precision: number): void {
  const text = `${Number((100 * precision).toPrecision(3))} %`
  const isReached = isPrecise(tally!, precision)
  const told = isReached
    ? `±${text} after ${runs} runs`
    : `less precise than ±${text} after ${runs} runs: ask for more by --runs`
  process.stderr.write(`${isReached ? 'note' : 'warning'}: ${told}\n`)
}
