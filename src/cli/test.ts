// `coalmine test`: scenarios with budgets, like a test runner.

import { grouped } from '../report/words.js'
import { formatProblem, type Problem, Problems } from '../scenario/problem.js'
import type { Job, Result } from '../study/conduct.js'
import { blockRuns } from '../study/conduct.js'
import type { Shard } from '../study/shard.js'
import { blobOf } from '../study/test/blob.js'
import { areMissesUndecided, decideMisses } from '../study/test/decide-misses.js'
import { findScenarios } from '../study/test/find-scenarios.js'
import { looksFrom } from '../study/test/looks.js'
import { Reckoning } from '../study/test/reckoning.js'
import { type Candidate, readCandidate, type Testable, testedFrom, titleOf } from '../study/test/test.js'
import type { RareMisses } from '../study/test/tested.js'
import { changedSince, NoChanges } from './changed-files.js'
import { conductHere, luckyCrew, whileFlying } from './conduct-here.js'
import { afterInterrupt, badInput, notMet } from './exit-codes.js'
import type { OnKubernetes } from './kubernetes-options.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { tell } from './tell.js'
import { type ChosenReporter, whyNoReports, writeReports } from './test-reporters.js'
import { writeBaselines } from './write-baselines.js'
import { writeShrunk } from './write-shrunk.js'

export interface TestOptions {
  readonly runs?: number
  readonly maxRuns: number
  readonly workers?: number
  readonly testNamePattern?: RegExp
  /** The commit that files must differ from. */
  readonly changed?: string
  readonly bail?: number
  readonly shard?: Shard
  /** The cluster on which it flies, instead of here. */
  readonly on?: OnKubernetes | undefined
  /** Stores what runs come to, instead of holding them against what is stored. */
  readonly update?: boolean
  /** A folder, or true for standard error. */
  readonly shrink?: string | true
  readonly reporter: readonly ChosenReporter[]
  readonly version: string
}

/** Twice as many at each look. */
const leastRuns = 100
/** Swarms are asked of rare misses once, after all that. */
const swarmsLook = 1

export async function test(paths: readonly string[], options: TestOptions): Promise<void> {
  const why = whyNoReports(options.reporter)
  if (why !== undefined) {
    process.stderr.write(`error: --reporter: ${why}\n`)
    process.exitCode = badInput
    return
  }
  const problems = new Problems()
  const found = findScenarios(paths, nodeFiles, problems)
  const meant = found.filter((path) => options.testNamePattern?.test(titleOf(path, nodeFiles)) ?? true)
  const compared = options.update ? undefined : options.version
  const read: Candidate[] = []
  for (const path of meant) read.push(await readCandidate(path, nodeFiles, nodeLogs, compared))
  const candidates = options.changed === undefined ? read : thoseChanged(options.changed, read)
  if (candidates === undefined) return
  const conductor = await conductorFor(options, problems)
  // Of what nobody has selected nothing is said, and it keeps nobody from anything.
  const told = onceEach([...problems.sorted(), ...candidates.flatMap((each) => each.problems)])
  tell(told)
  for (const { file, hasBudgets } of candidates) {
    if (!hasBudgets) process.stderr.write(`note: ${file} has no budgets: nothing to test\n`)
  }
  if (told.some(({ severity }) => severity === 'error')) process.exitCode = badInput
  else if (read.every(({ testable }) => testable === undefined)) refuseNothing(paths, found.length, read.length)
  else
    await fly(
      candidates.flatMap(({ testable }) => testable ?? []),
      conductor,
      options,
    )
}

/** What scenarios share is wrong with each of them. */
function onceEach(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()]
}

/** Flies jobs, here or elsewhere; undefined where nothing could be flown. */
type Conductor = (jobs: readonly Job[], bail: Bail) => Promise<readonly Result[] | undefined>

async function conductorFor({ on, workers, version }: TestOptions, problems: Problems): Promise<Conductor> {
  if (on) {
    const { accessFor, flyOnKubernetes } = await import('./fly-on-kubernetes.js')
    const access = accessFor(on, problems)
    return async (jobs) => access && flyOnKubernetes(jobs, access, on, version)
  }
  return (jobs, bail) =>
    conductHere(jobs, {
      workers,
      progress: (job, result) => `${jobs.indexOf(job) + 1} of ${jobs.length} scenarios, ${result.runs} runs`,
      isOver: (job, result) => bail.isOver(job, result),
    })
}

/** That nothing has changed is what CI hopes for; that nobody knows is a mistake. */
function thoseChanged(reference: string, read: readonly Candidate[]): readonly Candidate[] | undefined {
  try {
    const changed = changedSince(reference, read)
    if (changed.length === 0 && read.length > 0) {
      process.stderr.write(
        `note: nothing that ${read.length} scenarios read differs from ${reference}: nothing to test\n`,
      )
    }
    return changed
  } catch (error) {
    if (!(error instanceof NoChanges)) throw error
    const hint =
      'Paths come before it, or after --changed=REF; a shallow clone lacks commits; without it all are tested.'
    process.stderr.write(`error: --changed: ${error.message}\n  ${hint}\n`)
    process.exitCode = badInput
    return undefined
  }
}

function refuseNothing(paths: readonly string[], found: number, selected: number): void {
  const where = paths.map((path) => `\`${path}\``).join(', ')
  const why =
    found === 0
      ? `no scenarios under ${where}`
      : selected === 0
        ? `none of ${found} scenarios under ${where} is selected`
        : `none of the scenarios under ${where} ${selected < found ? 'that are selected ' : ''}has budgets`
  process.stderr.write(`error: ${why}: nothing was tested\n`)
  process.exitCode = badInput
}

async function fly(testables: readonly Testable[], conductor: Conductor, options: TestOptions): Promise<void> {
  const { runs, maxRuns, shard, version } = options
  const looks = runs === undefined ? looksFrom(leastRuns, maxRuns, swarmsLook) : looksFrom(runs, runs)
  const reckoning = new Reckoning(looks, version)
  const blocks = Math.ceil(looks.at.at(-1)! / blockRuns)
  const jobs = testables.map((testable, index) => reckoning.jobFor(testable, index * blocks, shard))
  const bail = new Bail(testables, jobs, reckoning, options.bail)
  const results = await conductor(jobs, bail)
  if (results === undefined) return
  const flown = testables.slice(0, bail.last + 1)
  const rareMisses = await askSwarms(flown, results, looks.confidence, options)
  const tested = flown.map((testable, index) => testedFrom(testable, results[index]!, rareMisses.get(testable)))
  const report = reckoning.report(flown, results, rareMisses)
  const blob = () =>
    blobOf(tested, { version, confidence: looks.confidence, runs: looks.at.at(-1)!, shard: shard ?? whole })
  writeReports(options.reporter, { report, blob })
  if (options.update) writeBaselines(tested, version)
  if (options.shrink !== undefined) writeShrunk(report, testables, options.shrink)
  if (shard === undefined && report.scenarios.some(({ status }) => status !== 'passed')) process.exitCode ??= notMet
}

/** What swarms tell of misses that the runs are too few for: not where somebody says how many, or where, and no others. */
async function askSwarms(
  flown: readonly Testable[],
  results: readonly Result[],
  confidence: number,
  { runs, on, workers, version }: TestOptions,
): Promise<ReadonlyMap<Testable, RareMisses>> {
  const found = new Map<Testable, RareMisses>()
  const open = flown.flatMap((testable, index) => {
    const tested = testedFrom(testable, results[index]!)
    return areMissesUndecided(testable, tested, confidence) ? [{ testable, tested }] : []
  })
  if (runs !== undefined || on || process.exitCode || open.length === 0) return found
  return whileFlying(luckyCrew(workers), async (crew, { signal, tell: show, isInterrupted }) => {
    for (const { testable, tested } of open) {
      const told = (flights: number, does: string) =>
        show(`${tested.name}: rare misses, ${grouped(flights)} flights, ${does}`)
      const rareMisses = await decideMisses(testable, tested, { version, confidence, signal, told }, crew)
      if (rareMisses) found.set(testable, rareMisses)
    }
    if (isInterrupted()) process.exitCode = afterInterrupt
    return found
  })
}

const whole: Shard = { index: 1, of: 1 }

/** Ends after so many scenarios that failed, those in front of them flown to their end. */
class Bail {
  /** Whether they have failed. */
  private readonly finished = new Map<Job, boolean>()
  /** The last scenario that counts. */
  last: number

  constructor(
    private readonly testables: readonly Testable[],
    private readonly jobs: readonly Job[],
    private readonly reckoning: Reckoning,
    /** Undefined for never. */
    private readonly mostFailed: number | undefined,
  ) {
    this.last = jobs.length - 1
  }

  isOver(job: Job, result: Result): boolean {
    if (this.mostFailed === undefined || !result.isWhole) return false
    const testable = this.testables[this.jobs.indexOf(job)]!
    this.finished.set(job, this.reckoning.scenario(testable, result).status !== 'passed')
    let failed = 0
    for (const [index, each] of this.jobs.entries()) {
      const hasFailed = this.finished.get(each)
      if (hasFailed === undefined) return false
      if (hasFailed) failed++
      if (failed < this.mostFailed) continue
      this.last = index
      return true
    }
    return false
  }
}
