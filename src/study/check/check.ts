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

/** A third of it more without a miss tells that fewer than 5 % are missed. */
const usualRuns = 100
/** Where budgets are closer to what the policy does. */
const mostRuns = 2000
/** Longer flights than this are dear. */
const usualFlightMs = 3_600_000

export interface PlannedJob extends Job {
  readonly rollout: Planned
  readonly flight: PlannedFlight
}

export function jobsOf({ rollouts }: Checked, { seed, runs, precision }: CheckWishes): readonly PlannedJob[] {
  return rollouts.flatMap((rollout) =>
    rollout.flights.map((flight) => {
      const task = { arms: [flight.recipe] }
      const least = leastRuns(rollout)
      const isEnough = ({ runs: done, arms: [tally] }: Result) =>
        precision === undefined
          ? done >= least && judge(flight.budgets, tally!).every(({ answer }) => answer !== 'undecided')
          : isPrecise(tally!, precision)
      const whole = { rollout, flight, task, seed }
      if (runs !== undefined) return { ...whole, runs }
      return { ...whole, runs: precision === undefined ? mostRuns : mostPreciseRuns, isEnough }
    }),
  )
}

const mostPreciseRuns = 100_000

function leastRuns({ release }: Planned): number {
  const { longestMs } = release!
  return longestMs <= usualFlightMs ? usualRuns : Math.max(50, Math.round((usualRuns * usualFlightMs) / longestMs))
}
