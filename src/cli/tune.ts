// `coalmine tune`: searches the numbers of a policy for better ones, and writes them into its manifests.
import { tuneFormats } from '../report/formats/tune.js'
import type { Budget } from '../scenario/budget.js'
import { Problems, wholeFile } from '../scenario/problem.js'
import { type Prepared, prepareTuning } from '../study/tune/prepare.js'
import { reportOf, type TuneReport } from '../study/tune/report.js'
import { scheduleFor, sizeFor, usualSize } from '../study/tune/schedule.js'
import type { HarmStatistic } from '../study/tune/score.js'
import { type Progress, search } from '../study/tune/search.js'
import type { Question } from '../study/tune/state.js'
import type { FaultSet } from '../study/tune/worlds.js'
import { tellDefect, typed } from './defect.js'
import { badInput, notMet, outputFailed } from './exit-codes.js'
import { nodeLogs } from './node-logs.js'
import { pageFor } from './page.js'
import { tell } from './tell.js'
import { TuneFlights } from './tune-flights.js'
import { Resume } from './tune-resume.js'
import { checkPoint, checkWritable, writePoint } from './tune-write.js'

export interface TuneOptions {
  readonly policy?: readonly string[]
  readonly knob?: readonly string[]
  readonly fix?: readonly string[]
  readonly budget: readonly Budget[]
  readonly budgets: boolean
  readonly faults?: FaultSet
  readonly harm: HarmStatistic
  readonly candidates?: number
  readonly runs?: number
  readonly budgetRuns?: number
  readonly seed?: number
  readonly workers?: number
  readonly resume?: string
  /** A point, or the knee if none is named. */
  readonly write?: string | true
  readonly json?: boolean
  readonly version: string
}

export async function tune(scenario: string, options: TuneOptions): Promise<void> {
  const problems = new Problems()
  const { policy, knob: knobs, fix: fixed, faults, harm, budget: budgets, budgets: keepsBudgets } = options
  const wanted = { scenario, policy, knobs, fixed, faults, harm, budgets, keepsBudgets }
  if (typeof options.write === 'string') checkPoint(options.write, scenario, problems)
  const resume = new Resume(options.resume, problems)
  const prepared = await prepareTuning(wanted, resume.files, nodeLogs, problems)
  if (prepared && options.write !== undefined) checkWritable(prepared.space, problems)
  const question = prepared && questionOf(prepared, options, scenario, problems)
  const begun = question && resume.beginning(question, problems)
  tell(problems.sorted())
  if (begun) resume.tell()
  if (problems.hasErrors || !prepared || !question || !begun) process.exitCode = badInput
  else await fly(prepared.name, question, begun, resume, options)
}

function questionOf(
  { seed: ownSeed, space, measure }: Prepared,
  { budgetRuns, candidates = usualSize.candidates, runs = usualSize.runs, seed = ownSeed, version }: TuneOptions,
  scenario: string,
  problems: Problems,
): Question | undefined {
  const size = budgetRuns === undefined ? { candidates, runs } : sizeFor(budgetRuns, measure.worlds.length, runs)
  const refuse = (message: string) => {
    problems.error('search-size', wholeFile(scenario), message)
    return undefined
  }
  if (size === undefined) return refuse(`${budgetRuns} flights are too few to tell policies apart`)
  if (!Number.isSafeInteger(seed + runs)) return refuse(`${runs} runs from seed ${seed} go beyond the last seed`)
  return { version, space, measure, seed, rungs: scheduleFor(size) }
}

async function fly(
  name: string,
  question: Question,
  begun: Progress,
  resume: Resume,
  options: TuneOptions,
): Promise<void> {
  const { space, measure, seed, rungs } = question
  const { version } = options
  const flights = new TuneFlights(rungs, measure.worlds.length, begun, options.workers)
  const climbed = (progress: Progress) => {
    flights.climbed(progress)
    resume.keep(question, progress)
  }
  try {
    const progress = await search({ space, measure, seed, rungs, fly: (jobs) => flights.fly(jobs), climbed }, begun)
    await flights.end(options.resume)
    const searched = { space, measure, progress, isWhole: progress.rung === rungs.length }
    const report = reportOf(searched, { version, scenario: name, seed })
    print(report, options)
    if (report.front.length === 0) process.exitCode ??= notMet
    // What somebody has interrupted may come to something else.
    else if (options.write !== undefined && searched.isWhole)
      writePoint(options.write, { question, searched, report, resume })
  } catch (error) {
    await flights.end(undefined)
    tellFailure(error, options)
  }
}

function print(report: TuneReport, { json }: TuneOptions): void {
  process.stdout.write(`${tuneFormats[json ? 'json' : 'text'](report, pageFor(process.stdout))}\n`)
}

/** The policy that failed is in no file: what replays it is the search. */
function tellFailure(error: unknown, { version }: TuneOptions): void {
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code === 'string' && code.startsWith('E')) {
    process.stderr.write(`error: ${message}\n`)
    process.exitCode = outputFailed
    return
  }
  tellDefect(error, version, (failed) => `${typed()}  # in the flight of seed ${failed.seed}`)
}
