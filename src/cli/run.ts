// `coalmine run`: one scenario, flown once or many times.
import { setImmediate as immediate } from 'node:timers/promises'
import { studyText } from '../report/study.js'
import { timelineText } from '../report/timeline.js'
import { verdictText } from '../report/verdict.js'
import { flyRecorded } from '../run/fly.js'
import { type Audience, type Plan, prepare } from '../run/plan.js'
import type { RunRecord } from '../run/record.js'
import { withLog } from '../scenario/access-log/replay.js'
import type { Fidelity } from '../scenario/fidelity.js'
import { baseName } from '../scenario/files.js'
import { readManifests, readScenario } from '../scenario/load.js'
import { type Place, Problems } from '../scenario/problem.js'
import { Seeds } from '../study/study.js'
import { defectText, type Replay, replayLine } from './defect.js'
import { afterInterrupt, badInput, ourDefect } from './exit-codes.js'
import { standardOutput } from './log-file.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { paintFor, tell } from './tell.js'
import { nodeTerminal, watch } from './watch.js'

export interface RunOptions {
  readonly seed?: number
  readonly runs?: number
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
  const replay: Replay = { scenario: path, seed: options.seed, policy: options.policy }
  try {
    const plan = await planOf(path, options)
    if (plan && seedsExist(options.seed ?? plan.scenario.seed, options.runs)) await fly(plan, options, replay)
    else process.exitCode = badInput
  } catch (error) {
    process.stderr.write(defectText(error, replayLine(replay), options.version))
    process.exitCode = ourDefect
  }
}

async function fly(plan: Plan, options: RunOptions, replay: Replay): Promise<void> {
  const seed = options.seed ?? plan.scenario.seed
  replay.seed = seed
  if (options.serve) return flyServed(plan, seed, options, replay)
  if (options.runs === undefined) return flyOnce(plan, seed, options)
  const seeds = new Seeds(plan, seed)
  try {
    await flyMany(seeds, options.runs, plan, options)
  } catch (error) {
    replay.seed = seed + seeds.done
    throw error
  }
}

/** Consecutive seeds are told apart only as far as whole numbers are exact. */
function seedsExist(seed: number, runs = 1): boolean {
  if (Number.isSafeInteger(seed + runs - 1)) return true
  process.stderr.write(`error: ${runs} runs from seed ${seed} go beyond the last seed, ${Number.MAX_SAFE_INTEGER}\n`)
  return false
}

/** Undefined after everything that is wrong has been told. */
async function planOf(path: string, options: RunOptions): Promise<Plan | undefined> {
  const problems = new Problems()
  const read = readScenario(path, nodeFiles, problems)
  const file = read && (await withLog(read, nodeLogs, problems))
  const written = (index: number): Place => file!.placeOf(['policy', index])
  const manifests = options.policy
    ? readManifests(options.policy, nodeFiles, problems)
    : readManifests(file?.policy ?? [], nodeFiles, problems, written)
  const plan = prepare(nameOf(path), file, manifests, problems, audienceOf(options))
  tell(problems.sorted())
  if (problems.hasErrors) return undefined
  if (plan) tellFidelity(plan)
  return plan
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

function nameOf(path: string): string {
  return baseName(path).replace(/\.ya?ml$/, '')
}

async function flyOnce(plan: Plan, seed: number, options: RunOptions): Promise<void> {
  const record = await recordOf(plan, seed, options)
  if (record === undefined) return
  // Without a terminal there is nothing to draw on: the timeline says the same.
  if (!options.watch || !process.stdout.isTTY) return print(record, plan, options)
  const paint = paintFor(process.stdout)
  watch(plan, record, options.speed, paint, nodeTerminal)
  process.stdout.write(`${verdictText(record, plan.scenario.teaches, paint)}\n`)
}

async function recordOf(plan: Plan, seed: number, options: RunOptions): Promise<RunRecord | undefined> {
  if (options.sample === undefined) return flyRecorded(plan, seed)
  const { flySampled } = await import('./fly-sampled.js')
  return flySampled(plan, seed, options.sample, options.sampleEvery)
}

async function flyServed(plan: Plan, seed: number, options: RunOptions, replay: Replay): Promise<void> {
  const { serve } = await import('./serve.js')
  process.exitCode = await serve(plan, seed, options, {
    landed: (record) => print(record, plan, options),
    defect: (error) => process.stderr.write(defectText(error, replayLine(replay), options.version)),
  })
}

function print(record: RunRecord, { scenario }: Plan, { json, sample }: RunOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(record)}\n`)
    return
  }
  const out = sample === standardOutput ? process.stderr : process.stdout
  const paint = paintFor(out)
  out.write(`${timelineText(record.timeline, record.times.releasedMs, paint)}\n\n`)
  out.write(`${verdictText(record, scenario.teaches, paint)}\n`)
}

/** So many flights between two looks at what else has happened, such as Ctrl-C. */
const flightsAtOnce = 50

async function flyMany(seeds: Seeds, runs: number, plan: Plan, options: RunOptions): Promise<void> {
  const told = process.stderr.isTTY && process.env['CI'] === undefined
  let interrupted = false
  const interrupt = () => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  while (seeds.done < runs && !interrupted) {
    seeds.fly(Math.min(flightsAtOnce, runs - seeds.done))
    if (told) process.stderr.write(`\r${seeds.done} of ${runs} runs`)
    await immediate()
  }
  process.off('SIGINT', interrupt)
  if (told) process.stderr.write('\r\u001b[K')
  if (interrupted) {
    process.stderr.write(`Interrupted: ${seeds.done} of ${runs} runs were finished.\n`)
    process.exitCode = afterInterrupt
  }
  const study = seeds.study()
  const text = options.json ? JSON.stringify(study) : studyText(study, plan.scenario.teaches, paintFor(process.stdout))
  process.stdout.write(`${text}\n`)
}
