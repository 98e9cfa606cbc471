// `coalmine check`: what is wrong with a policy, without a scenario.
import { existsSync, readFileSync } from 'node:fs'
import { checkText, type Replay } from '../report/check.js'
import { quoted } from '../report/words.js'
import type { Budget } from '../scenario/budget.js'
import { formatRate } from '../scenario/units.js'
import { type CheckWishes, check as checkFiles, jobsOf, type PlannedJob } from '../study/check/check.js'
import { type CheckReport, isBad, reportOf } from '../study/check/report.js'
import type { Severity } from '../study/check/rule.js'
import { rules } from '../study/check/rules/rules.js'
import type { Job, Result } from '../study/conduct.js'
import { FailedFlight } from '../study/pilot.js'
import { conductHere } from './conduct-here.js'
import { defectText } from './defect.js'
import { badInput, notMet, ourDefect } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { paintFor, tell } from './tell.js'

type CheckFormat = 'text' | 'json' | 'sarif' | 'github'

export interface CheckOptions {
  readonly scenario?: string
  readonly rate?: number
  readonly seed: number
  readonly runs?: number
  readonly precision?: number
  readonly workers?: number
  readonly budget: readonly Budget[]
  readonly failOn: Severity
  readonly format: CheckFormat
  readonly version: string
}

export async function check(paths: readonly string[], options: CheckOptions): Promise<void> {
  try {
    await checkAll(paths, options)
  } catch (error) {
    const failed = error instanceof FailedFlight ? error : undefined
    const again = failed ? ['--seed', String(failed.seed), '--runs', '1'] : []
    const command = ['coalmine', ...process.argv.slice(2), ...again].map(quoted).join(' ')
    process.stderr.write(defectText(failed?.cause ?? error, command, options.version))
    process.exitCode = ourDefect
  }
}

async function checkAll(paths: readonly string[], options: CheckOptions): Promise<void> {
  const { scenario, rate, seed, runs, precision, workers, budget, failOn } = options
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
  const report = reportOf(checked, jobs, results, seed)
  process.stdout.write(`${await textOf(report, paths, options)}\n`)
  if (!process.exitCode && isBad(report, failOn)) process.exitCode = notMet
}

async function textOf(report: CheckReport, paths: readonly string[], options: CheckOptions): Promise<string> {
  const { format, version } = options
  if (format === 'json') return JSON.stringify(report)
  if (format === 'github') return (await import('../report/check-github.js')).checkGithub(report)
  if (format === 'sarif') {
    const { checkSarif } = await import('../report/check-sarif.js')
    return JSON.stringify(checkSarif(report, rules, version, pageOf))
  }
  const replay = replayFor(report, paths, options)
  return checkText(report, paintFor(process.stdout), columnsOf(process.stdout), replay)
}

/** By a scenario of its own; where one was given, or the manifests have no name, there is no such line. */
function replayFor(
  { rollouts }: CheckReport,
  paths: readonly string[],
  { scenario, rate, seed }: CheckOptions,
): Replay {
  return ({ rollout, flight, budget }) => {
    if (scenario !== undefined || paths.includes('-')) return undefined
    const file = `${flight.fault}.yaml`
    const which = rollouts.length > 1 ? ['--rollout', rollout.name] : []
    const rated = rate === undefined ? [] : ['--rate', formatRate(rate)]
    const words = ['coalmine', 'init', ...paths, ...which, ...rated, '--fault', flight.fault, '-o', file]
    return `${words.map(quoted).join(' ')} && coalmine run ${file} --seed ${budget.worst[0]?.seed ?? seed}`
  }
}

/** Pages come with the program. */
function pageOf(id: string): string | undefined {
  const page = new URL(`../../../docs/rules/${id}.md`, import.meta.url)
  return existsSync(page) ? readFileSync(page, 'utf8') : undefined
}

/** Only a terminal has any. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? Math.max(40, columns) : Number.POSITIVE_INFINITY
}
