// `check`: what manifests say that they shouldn't, and what the policy in them makes of the default faults.
import type { Logs } from '../../scenario/access-log/replay.js'
import { type Files, type Remembering, remembering } from '../../scenario/files.js'
import { isScenario, readManifests, readScenario } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import { type Problem, Problems, wholeFile } from '../../scenario/problem.js'
import type { Job, Result } from '../conduct.js'
import { judge } from '../judgement.js'
import { isPrecise } from '../precision.js'
import { rolloutsIn } from '../select-rollout.js'
import { looksFrom } from '../test/looks.js'
import { type Finding, findIn, inOrder, sortProblems } from './finding.js'
import { heedComments, type Ignored } from './ignored.js'
import type { Planned, PlannedFlight, Wishes } from './planned.js'
import { planRollout } from './planned.js'
import type { Rule } from './rule.js'

export interface CheckWishes extends Wishes {
  readonly paths: readonly string[]
  readonly runs?: number | undefined
  readonly precision?: number | undefined
}

/** All that is known before the flights. */
export interface Checked {
  readonly rollouts: readonly Planned[]
  readonly findings: readonly Finding[]
  readonly ignored: readonly Ignored[]
  /** What is no rule's business; errors among them keep it from being flown. */
  readonly problems: readonly Problem[]
}

export async function check(wishes: CheckWishes, rules: readonly Rule[], files: Files, logs: Logs): Promise<Checked> {
  const once = remembering(files)
  const problems = new Problems()
  const manifests = manifestsOf(wishes, once, problems)
  const rollouts: Planned[] = []
  for (const rollout of rolloutsIn(manifests)) rollouts.push(await planRollout(rollout, manifests, wishes, once, logs))
  if (rollouts.length === 0 && !problems.hasErrors) {
    const hint = 'A policy is a Rollout of argoproj.io/v1alpha1, with its AnalysisTemplates, Services and routes.'
    problems.error(
      'no-rollout',
      wholeFile(manifests[0]?.file ?? wishes.paths[0] ?? ''),
      'no Rollout among the manifests',
      { hint },
    )
  }
  const told = onceEach([...problems.sorted(), ...rollouts.flatMap((each) => each.problems)])
  const { findings, problems: others } = sortProblems(told, rules)
  const found = rollouts.flatMap(({ subject }) => findIn(subject, rules))
  const heeded = heedComments(inOrder([...findings, ...found]), textsOf(manifests, once), rules)
  return { rollouts, ...heeded, findings: inOrder(heeded.findings), problems: others }
}

/** The files that were named, or else those of the scenario. */
function manifestsOf({ paths, scenario }: CheckWishes, files: Files, problems: Problems): readonly Manifest[] {
  const [path] = paths
  if (path !== undefined) {
    if (paths.length === 1 && isScenario(path, files)) {
      const hint = `Write coalmine check --scenario ${path}`
      problems.error('manifest-is-scenario', wholeFile(path), 'this is a scenario, not a manifest', { hint })
      return []
    }
    return readManifests(paths, files, problems)
  }
  const file = readScenario(scenario!, files, problems)
  return readManifests(file?.policy ?? [], files, problems, (index) => file!.placeOf(['policy', index]))
}

function textsOf(manifests: readonly Manifest[], { known }: Remembering): ReadonlyMap<string, string> {
  const files = [...new Set(manifests.map(({ file }) => file))]
  return new Map(
    files.flatMap((file) => {
      const content = known.get(file)
      return content && 'text' in content ? [[file, content.text]] : []
    }),
  )
}

function onceEach(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(
    problems.map((each) => [`${each.file}:${each.line}:${each.column} ${each.code} ${each.message}`, each]),
  )
  return [...once.values()]
}

/** So many without a single miss tell that fewer than 5 % are missed; there are more looks where it is close. */
const looksUsually = looksFrom(150, 2400)
/** Where nothing is to be decided. */
const runsUnjudged = 50
/** Longer flights than this are dear, and fewer have to do. */
const usualFlightMs = 3_600_000
/** Where a precision is asked for. */
const mostRuns = 100_000

export interface PlannedJob extends Job {
  readonly rollout: Planned
  readonly flight: PlannedFlight
  /** Of each look at the budgets. */
  readonly confidence: number
}

export function jobsOf({ rollouts }: Checked, wishes: CheckWishes): readonly PlannedJob[] {
  return rollouts.flatMap((rollout) => rollout.flights.map((flight) => jobFor(rollout, flight, wishes)))
}

function jobFor(rollout: Planned, flight: PlannedFlight, { seed, runs, precision }: CheckWishes): PlannedJob {
  const { at, confidence } = runs === undefined ? looksUsually : looksFrom(runs, runs)
  const job = { rollout, flight, task: { arms: [flight.recipe] }, seed, confidence }
  if (runs !== undefined) return { ...job, runs }
  if (precision !== undefined)
    return { ...job, runs: mostRuns, isEnough: ({ arms: [tally] }) => isPrecise(tally!, precision) }
  if (flight.budgets.length === 0 || rollout.release!.longestMs > usualFlightMs) return { ...job, runs: runsUnjudged }
  const isDecided = ({ arms: [tally] }: Result) =>
    judge(flight.budgets, tally!, confidence).every(({ answer }) => answer !== 'undecided')
  return {
    ...job,
    runs: at.at(-1)!,
    likelyRuns: at[0]!,
    isEnough: (result) => at.includes(result.runs) && isDecided(result),
  }
}
