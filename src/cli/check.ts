// `coalmine check`: what is wrong with a policy, without a scenario.
import { checkFormats } from '../report/formats/check.js'
import type { Budget } from '../scenario/budget.js'
import { type CheckWishes, check as checkFiles, jobsOf, type PlannedJob } from '../study/check/check.js'
import { isBad, reportOf } from '../study/check/report.js'
import type { Severity } from '../study/check/rule.js'
import { rules } from '../study/check/rules/rules.js'
import type { Job, Result } from '../study/conduct.js'
import { conductHere } from './conduct-here.js'
import { tellDefect, typed } from './defect.js'
import { badInput, notMet } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { pageFor } from './page.js'
import { tell } from './tell.js'

export interface CheckOptions {
  readonly scenario?: string
  readonly rate?: number
  readonly seed: number
  readonly runs?: number
  readonly precision?: number
  readonly workers?: number
  readonly budget: readonly Budget[]
  readonly failOn: Severity
  readonly format: keyof typeof checkFormats
  readonly version: string
}

export async function check(paths: readonly string[], options: CheckOptions): Promise<void> {
  try {
    await checkAll(paths, options)
  } catch (error) {
    // Its faults are in no file.
    tellDefect(error, options.version, ({ seed }) => typed('--seed', String(seed), '--runs', '1'))
  }
}

async function checkAll(paths: readonly string[], options: CheckOptions): Promise<void> {
  const { scenario, rate, seed, runs, precision, workers, budget, failOn, format, version } = options
  const wishes: CheckWishes = { paths, scenario, ratePerSecond: rate, seed, runs, precision, budgets: budget }
  const checked = await checkFiles(wishes, rules, nodeFiles, nodeLogs)
  tell(checked.problems)
  if (checked.problems.some(({ severity }) => severity === 'error')) process.exitCode = badInput
  // Of several Rollouts the others are checked all the same.
  if (process.exitCode === badInput && checked.rollouts.every(({ flights }) => flights.length === 0)) return
  const jobs = jobsOf(checked, wishes)
  const progress = (job: Job, { runs: done }: Result) => {
    const { rollout, flight } = job as PlannedJob
    return `Rollout ${rollout.rollout.name}: ${flight.fault.title}, ${done} runs`
  }
  const results = await conductHere(jobs, { workers, progress })
  const report = reportOf(checked, jobs, results, { version, paths, wantedRatePerSecond: rate ?? null, seed })
  process.stdout.write(`${checkFormats[format](report, pageFor(process.stdout))}\n`)
  if (!process.exitCode && isBad(report, failOn)) process.exitCode = notMet
}
