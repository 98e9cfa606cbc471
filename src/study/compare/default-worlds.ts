// The worlds of two policies for which nobody wrote a scenario: one around both of them, with the default faults of `check`.
import { parseDocument } from 'yaml'
import { type ArgoPolicy, readPolicy } from '../../policy/argo/policy.js'
import { readWorld } from '../../run/explain/healthy-world.js'
import type { Logs } from '../../scenario/access-log/replay.js'
import type { Remembering } from '../../scenario/files.js'
import { readManifests } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import { formatDuration } from '../../scenario/units.js'
import { type Planned, planRollout } from '../check/planned.js'
import { type InferredWorld, inferWorld } from '../check/world.js'
import { rolloutsIn } from '../select-rollout.js'

/** Both in all the same worlds; undefined after everything that is wrong was told. */
export async function planInDefaultWorlds(
  paths: readonly (readonly string[])[],
  ratePerSecond: number | undefined,
  files: Remembering,
  logs: Logs,
  problems: Problems,
): Promise<readonly [Planned, Planned] | undefined> {
  const sides = paths.map((each) => readSide(each, files, problems))
  const [one, other] = sides
  if (!one || !other) return undefined
  const known = ratePerSecond === undefined ? {} : { ratePerSecond }
  const [first, second] = [one, other].map(({ policy, manifests }) => inferWorld(policy, manifests, known))
  const world = aroundBoth(first!, second!)
  const planned: Planned[] = []
  for (const { rollout, manifests } of [one, other]) {
    const wishes = { world, seed: 1, budgets: [] }
    planned.push(await planRollout(rollout, manifests, wishes, files, logs))
  }
  for (const each of planned) tell(each, problems)
  return problems.hasErrors ? undefined : (planned as [Planned, Planned])
}

interface Side {
  readonly manifests: readonly Manifest[]
  readonly rollout: Manifest
  readonly policy: ArgoPolicy
}

function readSide(paths: readonly string[], files: Remembering, problems: Problems): Side | undefined {
  const manifests = readManifests(paths, files, problems)
  const policy = readPolicy(manifests, problems)
  const [rollout] = rolloutsIn(manifests)
  return policy && rollout && !problems.hasErrors ? { manifests, rollout, policy } : undefined
}

function tell({ problems: found, unanswered, place }: Planned, problems: Problems): void {
  for (const problem of found) problems.add(problem)
  if (unanswered.length === 0) return
  const message = `nobody has said what these metrics answer: they stop nothing here: ${unanswered.join(', ')}`
  problems.warning('metric-unanswered', place, message, { hint: 'Say it in a scenario: --scenario FILE.' })
}

/** As long as the longer of the two needs, with whoever and whatever either waits for. */
function aroundBoth(first: InferredWorld, second: InferredWorld): InferredWorld {
  const [one, other] = [first, second].map(({ text }) => readWorld(text).scenario!) as [Scenario, Scenario]
  const document = parseDocument(first.text)
  const added = parseDocument(second.text)
  const releaseMs = Math.max(one.releaseAtMs, other.releaseAtMs)
  const flightMs = Math.max(one.durationMs - one.releaseAtMs, other.durationMs - other.releaseAtMs)
  document.setIn(['release', 'at'], formatDuration(releaseMs))
  document.set('duration', formatDuration(releaseMs + flightMs))
  // One person does for both: whoever waits longer doesn't come too early for either.
  if (patienceMs(other) > patienceMs(one)) document.set('people', added.get('people'))
  for (const path of [['plugins'], ['observability', 'signals']]) {
    const both = [...listAt(document, path), ...listAt(added, path)]
    const once = [...new Map(both.map((item) => [JSON.stringify(item), item])).values()]
    if (once.length > 0) document.setIn(path, document.createNode(once))
  }
  return { text: document.toString(), healthyMs: Math.max(first.healthyMs, second.healthyMs) }
}

function patienceMs({ people }: Scenario): number {
  return Math.max(
    Number.NEGATIVE_INFINITY,
    ...people.map(({ trigger }) => ('afterMs' in trigger ? trigger.afterMs : 0)),
  )
}

function listAt(document: ReturnType<typeof parseDocument>, path: readonly string[]): readonly unknown[] {
  const value: unknown = path.reduce<unknown>(
    (at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key],
    document.toJS(),
  )
  return Array.isArray(value) ? value : []
}
