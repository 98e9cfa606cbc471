// `init`: a scenario for manifests that have none, to be read, changed and flown.
import type { Logs } from '../../scenario/access-log/replay.js'
import { type Files, remembering } from '../../scenario/files.js'
import { readManifests } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import { type Problem, Problems, wholeFile } from '../../scenario/problem.js'
import { manifestsOf, rolloutName, rolloutsIn } from '../select-rollout.js'
import { type Planned, type PlannedFlight, planRollout } from './planned.js'

export interface InitWishes {
  readonly paths: readonly string[]
  /** Of several. */
  readonly rollout?: string | undefined
  readonly ratePerSecond?: number | undefined
  /** The id of a default fault of `check`. */
  readonly fault: string
  /** A path as the scenario has to name it. */
  readonly pathFromScenario: (path: string) => string
}

export interface Initial {
  /** Undefined where there is nothing to write it for; why is among the problems. */
  readonly text: string | undefined
  readonly problems: readonly Problem[]
}

export async function init(wishes: InitWishes, files: Files, logs: Logs): Promise<Initial> {
  const { paths, ratePerSecond, pathFromScenario } = wishes
  const problems = new Problems()
  const once = remembering(files)
  const all = paths.includes('-') ? refuseStandardInput(problems) : readManifests(paths, once, problems)
  const written = problems.hasErrors ? undefined : chosenFrom(all, wishes, problems)
  if (!written) return { text: undefined, problems: problems.sorted() }
  const own = manifestsOf(rolloutName(written), all)
  const named = rolloutsIn(all).length === 1 ? paths : [...new Set(own.map(({ file }) => file))]
  const planned = await planRollout(
    written,
    all,
    { seed: 1, budgets: [], ratePerSecond, policy: named.map(pathFromScenario) },
    once,
    logs,
  )
  for (const problem of planned.problems) problems.add(problem)
  const flight = problems.hasErrors ? undefined : flightOf(planned, wishes.fault, problems)
  return {
    text: flight && `${head}${flight.text}${flight.fault.faults.length === 0 ? tail : ''}`,
    problems: problems.sorted(),
  }
}

const head = `# A world for these manifests, as \`coalmine init\` has inferred it: change what you know better. Fields are in
# docs/scenario.md, and in the schema that \`coalmine schema\` prints; what can go wrong is in docs/faults.md.
`

const tail = `# Let something go wrong, such as:
# faults: [{on: canary, errors: 10%}]
`

function refuseStandardInput(problems: Problems): readonly Manifest[] {
  const message = 'a scenario names the files of its policy, and standard input has no name'
  problems.error('file-missing', wholeFile('-'), message, { hint: 'Write the manifests to a file first.' })
  return []
}

function chosenFrom(
  all: readonly Manifest[],
  { paths, rollout }: InitWishes,
  problems: Problems,
): Manifest | undefined {
  const rollouts = rolloutsIn(all)
  const place = wholeFile(all[0]?.file ?? paths[0]!)
  const names = rollouts.map(({ name }) => name)
  if (rollouts.length === 0) {
    const hint = 'A policy is a Rollout of argoproj.io/v1alpha1, with its AnalysisTemplates, Services and routes.'
    problems.error('no-rollout', place, 'no Rollout among the manifests', { hint })
    return undefined
  }
  if (rollout === undefined && rollouts.length > 1) {
    const hint = `Say which by --rollout: ${names.join(', ')}.`
    problems.error('several-rollouts', place, `${rollouts.length} Rollouts: a scenario is about one`, { hint })
    return undefined
  }
  const chosen = rollouts.find(({ name }) => rollout === undefined || name === rollout)
  if (chosen) return chosen
  const near = nearName(rollout!, names)
  const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`
  problems.error('no-rollout', place, `no Rollout ${rollout} among the manifests`, { hint })
  return undefined
}

function flightOf({ flights, place }: Planned, id: string, problems: Problems): PlannedFlight | undefined {
  const found = flights.find(({ fault }) => fault.id === id)
  if (found) return found
  const ids = flights.map(({ fault }) => fault.id)
  const near = nearName(id, ids)
  const hint = near === undefined ? `There are ${ids.join(', ')}.` : `Did you mean ${near}?`
  problems.error('unknown-fault', place, `no default fault is called ${id}`, { hint })
  return undefined
}
