// PodChaos: pods deleted, pods that fail for a while, containers killed.
import type { Part } from './part.js'
import { checkContainer, type Struck } from './struck.js'
import type { ChaosSurroundings } from './surroundings.js'

export function podChaos(spec: Part, { container }: ChaosSurroundings): readonly Struck[] {
  const action = spec.text('action')
  if (spec.has('gracePeriod') && action !== 'pod-kill') spec.warn('gracePeriod', `${action} has no grace period`)
  if (action === 'pod-failure') return failure
  if (spec.has('duration')) spec.warn('duration', `${action} is over as soon as it has happened: it has no duration`)
  if (action === 'pod-kill') {
    return [{ effect: { kind: 'kill', what: 'pod', graceMs: 1000 * (spec.number('gracePeriod') ?? 0) } }]
  }
  if (spec.texts('containerNames').length === 0) {
    const where = spec.has('containerNames') ? 'containerNames' : undefined
    spec.invalid(where, 'the name of container is required on container-kill action', {
      hint: `Write containerNames: [${container}].`,
    })
  }
  checkContainer(spec, container)
  return [{ effect: { kind: 'kill', what: 'container', graceMs: 0 } }]
}

/**
 * All containers run a pause image for as long as it lasts: probes fail, and a request that still comes finds nobody who
 * listens, which a proxy answers with 503.
 */
const failure: readonly Struck[] = [
  { effect: { kind: 'not-ready' } },
  { effect: { kind: 'errors', ratio: 1, status: 503 } },
]
