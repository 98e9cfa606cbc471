// A scenario for a policy that came without one: a healthy release, met by what the policy can't be flown without.
import { readPolicy } from '../../policy/argo/policy.js'
import { readScenario, type ScenarioFile } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import { Problems } from '../../scenario/problem.js'
import type { Plan } from '../plan.js'
import { unjudgedByOthers } from '../unjudged.js'
import { worldText } from './world-text.js'

/** The name of its file, which isn't there. */
export const assumedWorld = '(assumed world)'

/** What others than Prometheus answer only a scenario can say: in a world that is assumed, it fails nothing. */
export function withoutVerdictsOfOthers(plan: Plan): Plan {
  return { ...plan, policy: unjudgedByOthers(plan.policy) }
}

export function healthyWorldFor(manifests: readonly Manifest[]): ScenarioFile | undefined {
  // Whoever flies the policy tells of its problems.
  const policy = readPolicy(manifests, new Problems())
  return policy && readWorld(worldText(policy))
}

/** Read as a person's scenario is. */
export function readWorld(text: string): ScenarioFile {
  const problems = new Problems()
  const file = readScenario(assumedWorld, { read: () => ({ text }) }, problems)
  problems.throwIfAny()
  return file!
}
