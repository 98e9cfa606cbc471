// All faults of a flight: those that the scenario tells of, and those that documents of Chaos Mesh come to.
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { type ChaosFault, chaosFaults, isChaos } from '../scenario/chaos/chaos.js'
import { type ChaosSurroundings, withRelease } from '../scenario/chaos/surroundings.js'
import type { ScenarioFault } from '../scenario/faults.js'
import type { ScenarioFile } from '../scenario/load.js'
import { type Manifest, placeOf } from '../scenario/manifest.js'
import type { Place, Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Path } from '../scenario/yaml-value.js'
import { faultWords } from './fault-words.js'
import { canary, type Stack, stable } from './stacks.js'
import type { Workload } from './workload.js'

export interface PlacedFault {
  readonly fault: ScenarioFault
  /** A part of it, or all of the document that it comes from. */
  placeOf(inside?: Path): Place
}

/** Documents among the policy's own are applied together with the release. */
export function allFaults(
  file: ScenarioFile,
  scenario: Scenario,
  policy: ArgoPolicy,
  stacks: readonly Stack[],
  workload: Omit<Workload, 'codes'>,
  manifests: readonly Manifest[],
  problems: Problems,
): readonly PlacedFault[] {
  const world = surroundingsOf(scenario, policy, stacks, workload)
  const given = manifests.filter(isChaos).flatMap((manifest) => chaosFaults(manifest, withRelease, world, problems))
  const referred = file.chaos.flatMap(({ manifests, times, place }) => {
    tellOthers(manifests, place, problems)
    return manifests.filter(isChaos).flatMap((manifest) => chaosFaults(manifest, times, world, problems))
  })
  const chaos: readonly ChaosFault[] = [...given, ...referred]
  return [
    ...scenario.faults.map((fault, index) => ({
      fault,
      placeOf: (inside: Path = []) => file.placeOfFault(index, inside),
    })),
    ...chaos.map(({ place, ...told }) => ({ fault: explained(told), placeOf: () => place })),
  ]
}

/** A document can come to several faults: its name alone would not tell them apart. */
function explained({ fault: { name, ...fault }, words = faultWords(fault) }: Omit<ChaosFault, 'place'>): ScenarioFault {
  return { ...fault, name: `${name}: ${words}` }
}

function tellOthers(manifests: readonly Manifest[], place: ReturnType<typeof placeOf>, problems: Problems): void {
  for (const manifest of manifests.filter((each) => !isChaos(each))) {
    const hint = 'Other manifests belong to the policy.'
    problems.error('no-chaos', placeOf(manifest, ['kind']), `${manifest.kind} is no document of Chaos Mesh`, { hint })
  }
  if (manifests.length === 0) problems.error('no-chaos', place, 'there is no document of Chaos Mesh in it')
}

function surroundingsOf(
  { startsAtMs, releaseAtMs, durationMs, dependencies, cluster }: Scenario,
  { rollout }: ArgoPolicy,
  stacks: readonly Stack[],
  { container, resources }: Omit<Workload, 'codes'>,
): ChaosSurroundings {
  const labelsOf = (version: number) => stacks.filter((stack) => stack.version === version).map(({ labels }) => labels)
  const limitOf = (name: string) =>
    resources.find(({ bound, resource }) => bound === 'limits' && resource === name)?.value
  const [cpu, memory] = [limitOf('cpu'), limitOf('memory')]
  return {
    namespace: rollout.namespace,
    labels: { stable: labelsOf(stable), canary: labelsOf(canary) },
    container,
    ...(cpu === undefined ? {} : { cpuLimitCores: cpu }),
    ...(memory === undefined ? {} : { memoryLimitBytes: memory }),
    nodes: cluster?.nodes ?? [],
    dependencies: dependencies.map(({ name }) => name),
    releasedAtMs: startsAtMs + releaseAtMs,
    horizonMs: durationMs - releaseAtMs,
  }
}
