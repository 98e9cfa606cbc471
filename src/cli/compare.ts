// `coalmine compare`: two policies, flown on the same tapes.
import { compareFormats } from '../report/formats/compare.js'
import { Problems } from '../scenario/problem.js'
import { type Comparison, compare as comparisonOf } from '../study/compare/comparison.js'
import { type Contest, readContest } from '../study/compare/contest.js'
import { areDifferencesPrecise } from '../study/compare/is-precise.js'
import type { Margin } from '../study/compare/margin.js'
import type { Job, Result } from '../study/conduct.js'
import { conductHere } from './conduct-here.js'
import { badInput, notMet } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { pageFor } from './page.js'
import { tell } from './tell.js'

export interface CompareOptions {
  readonly scenario?: readonly string[]
  readonly rate?: number
  readonly seed?: number
  readonly runs?: number
  readonly precision?: number
  readonly workers?: number
  readonly format: keyof typeof compareFormats
  readonly marker: string
  readonly failIfWorse?: readonly Margin[]
  readonly version: string
}

export async function compare(first: string, second: string, options: CompareOptions): Promise<void> {
  const { scenario: scenarios = [], rate } = options
  const problems = new Problems()
  const contest = await readContest({ first, second, scenarios, ratePerSecond: rate }, nodeFiles, nodeLogs, problems)
  tell(problems.sorted())
  if (contest) await fly(contest, { first, second }, options)
  else process.exitCode = badInput
}

async function fly(
  contest: Contest,
  sides: Pick<Comparison, 'first' | 'second'>,
  options: CompareOptions,
): Promise<void> {
  const { isIdentical, worlds } = contest
  const { precision, workers, failIfWorse = [] } = options
  const runs = options.runs ?? (precision === undefined ? usualRuns : mostRuns)
  const seed = options.seed ?? contest.seed
  if (!Number.isSafeInteger(seed + runs * worlds.length - 1)) {
    process.stderr.write(
      `error: ${runs} runs for each from seed ${seed} go beyond the last seed, ${Number.MAX_SAFE_INTEGER}\n`,
    )
    process.exitCode = badInput
    return
  }
  const jobs = worlds.map(({ task }, index): Job => {
    const isEnough = (result: Result) => areDifferencesPrecise(result, precision!)
    // No seed is flown in two worlds, so that what chance does in one says nothing of another.
    return { task, seed: seed + index * runs, runs, ...(precision === undefined ? {} : { isEnough }) }
  })
  const progress = (job: Job, { runs: done }: Result) => {
    const { scenario, faults } = worlds[jobs.indexOf(job)]!
    return `${scenario}${faults.map((fault) => `, ${fault}`).join('')}: ${done} of ${runs} runs of each`
  }
  const results = await conductHere(jobs, { workers, progress })
  if (precision !== undefined && !process.exitCode) tellPrecision(results, precision)
  const flown = worlds.map(({ task: _, ...world }, index) => ({ ...world, seed: jobs[index]!.seed }))
  const comparison = comparisonOf({ version: options.version, ...sides, isIdentical }, flown, results, failIfWorse)
  const page = { ...pageFor(process.stdout), marker: options.marker }
  process.stdout.write(`${compareFormats[options.format](comparison, page)}\n`)
  if (comparison.gate?.answer === 'worse' && !process.exitCode) process.exitCode = notMet
}

function tellPrecision(results: readonly Result[], precision: number): void {
  const vague = results.filter((result) => !areDifferencesPrecise(result, precision)).length
  if (vague === 0) return
  const where = results.length === 1 ? '' : ` in ${vague} of ${results.length} worlds`
  const text = `${Number((100 * precision).toPrecision(3))} %`
  process.stderr.write(`warning: differences are less precise than ±${text}${where}: ask for more by --runs\n`)
}

const usualRuns = 500
/** Where only a precision is asked for. */
const mostRuns = 100_000
