// The manifests of a case, with the names that it leaves open filled in.
import { isRefusal } from '../../src/policy/argo/refusal.js'
import { readManifests } from '../../src/scenario/load.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { metricsAddress } from './answers.js'
import type { Case } from './case.js'
import { NotPlayable } from './not-playable.js'

export function manifestsOf(name: string, { manifests }: Pick<Case, 'manifests'>): readonly Manifest[] {
  return read(name, manifests)
}

/** The one object of an action. */
export function manifestOf(name: string, text: string): Manifest {
  const [manifest] = read(name, text)
  if (!manifest) throw new NotPlayable('an empty manifest')
  return manifest
}

/** Every case has a namespace of its own. */
function read(name: string, text: string): readonly Manifest[] {
  const problems = new Problems()
  const filled = text.replaceAll('$METRICS', metricsAddress).replaceAll('$NAMESPACE', name)
  const manifests = readManifests(['case.yaml'], { read: () => ({ text: filled }) }, problems)
  refuse(problems)
  return manifests.map((manifest) => ({ ...manifest, namespace: manifest.namespace ?? name }))
}

/** What isn't simulated ends the case; what the controller refuses is part of it. */
export function refuse(problems: Problems): void {
  const errors = problems.sorted().filter((problem) => problem.severity === 'error' && !isRefusal(problem))
  if (errors.length > 0) throw new NotPlayable(errors.map(formatProblem).join('; '))
}

/** What the API server refuses never gets to the controller. */
export function isRefusedByApi(problems: Problems): boolean {
  return problems.inOrder.some(({ code }) =>
    ['wrong-type', 'missing-field', 'duplicate-value', 'out-of-range'].includes(code),
  )
}
