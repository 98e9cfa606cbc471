// `coalmine check`: what is wrong with a policy, without a scenario.
import { existsSync, readFileSync } from 'node:fs'
import { checkText } from '../report/check.js'
import type { Budget } from '../scenario/budget.js'
import { type CheckWishes, check as checkFiles, jobsOf, type PlannedJob } from '../study/check/check.js'
import { type CheckReport, isBad, reportOf } from '../study/check/report.js'
import type { Severity } from '../study/check/rule.js'
import { rules } from '../study/check/rules/rules.js'
import { conductHere } from './conduct-here.js'
import { defectText, quoted } from './defect.js'
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
    const command = ['coalmine', 'check', ...process.argv.slice(3)].map(quoted).join(' ')
    process.stderr.write(defectText(error, command, options.version))
    process.exitCode = ourDefect
  }
}

async function checkAll(paths: readonly string[], options: CheckOptions): Promise<void> {
  const { scenario, rate, seed, runs, precision, workers, budget, failOn, format } = options
  const wishes: CheckWishes = { paths, scenario, ratePerSecond: rate, seed, runs, precision, budgets: budget }
  const checked = await checkFiles(wishes, rules, nodeFiles, nodeLogs)
  tell(checked.problems)
  if (checked.problems.some(({ severity }) => severity === 'error')) {
    process.exitCode = badInput
    return
  }
  const jobs = jobsOf(checked, wishes)
  const results = await conductHere(jobs, workers, (job, { runs: done }) => {
    const { rollout, flight } = job as PlannedJob
    return `Rollout ${rollout.rollout.name}: ${flight.fault.title}, ${done} runs`
  })
  const report = reportOf(checked, jobs, results, seed)
  process.stdout.write(`${await textOf(report, format, options.version)}\n`)
  if (!process.exitCode && isBad(report, failOn)) process.exitCode = notMet
}

async function textOf(report: CheckReport, format: CheckFormat, version: string): Promise<string> {
  if (format === 'json') return JSON.stringify(report)
  if (format === 'sarif')
    return JSON.stringify((await import('../report/check-sarif.js')).checkSarif(report, rules, version, pageOf))
  if (format === 'github') return (await import('../report/check-github.js')).checkGithub(report)
  return checkText(report, paintFor(process.stdout), columnsOf(process.stdout))
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
