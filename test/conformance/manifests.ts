// The manifests of a case, with the names that it leaves open filled in.
import { readManifests } from '../../src/scenario/load.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { metricsAddress } from './answers.js'
import type { Case } from './case.js'
import { NotPlayable } from './not-playable.js'

export function manifestsOf(name: string, { manifests: text }: Case): readonly Manifest[] {
  const problems = new Problems()
  const filled = text.replaceAll('$METRICS', metricsAddress).replaceAll('$NAMESPACE', name)
  const manifests = readManifests(['case.yaml'], { read: () => ({ text: filled }) }, problems)
  refuse(problems)
  return manifests
}

export function refuse(problems: Problems): void {
  const errors = problems.sorted().filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new NotPlayable(errors.map(formatProblem).join('; '))
}
