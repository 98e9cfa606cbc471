// The part of a pass that points the canary and the stable Service at the right version.
import type { Pass, Seen } from './pass.js'
import { isFullyPromoted } from './rollout.js'
import type { CanarySpec } from './rollout-spec.js'
import type { Status } from './status.js'

interface ServiceNames {
  readonly stable: string | undefined
  readonly canary: string | undefined
}

export function pointServices(pass: Pass): void {
  const { canaryService, stableService, routing, pingPong } = pass.spec.canary
  if (pingPong && !isFullyPromoted(pass.last)) pointService(pass, serviceNames(pass).canary, pass.canary, false)
  pointService(pass, stableService, pass.stable, true)
  if (isReturning(pass)) return
  const canaryTarget = pass.isAborted && !routing ? pass.stable : pass.canary
  pointService(pass, canaryService, canaryTarget, true)
}

/** The Services that routers send requests through, by what they stand for now. */
export function serviceNames({ spec, last }: Pass): ServiceNames {
  return serviceNamesOf(spec.canary, last.stableIs)
}

/** Of a pair that takes turns the first version gets ping. */
export function serviceNamesOf(
  { stableService, canaryService, pingPong }: CanarySpec,
  stableIs: Status['stableIs'] = 'pong',
): ServiceNames {
  if (!pingPong) return { stable: stableService, canary: canaryService }
  const { ping, pong } = pingPong
  return stableIs === 'ping' ? { stable: ping, canary: pong } : { stable: pong, canary: ping }
}

/**
 * Whether an update was called off, back to a stable version that had given up pods (dynamicStableScale): what pointed
 * at the other version stays there until stable has them again.
 */
export function isReturning({ last, spec, canary }: Pass): boolean {
  const { routing, dynamicStableScale } = spec.canary
  if (!routing || !dynamicStableScale || !isFullyPromoted(last) || !last.weights) return false
  return last.weights.canaryHash !== canary.hash && canary.available < spec.replicas
}

/** Switches a Service once the version can serve: fully when it is adopted, with one pod later on. Whether it did. */
export function pointService(
  pass: Pass,
  name: string | undefined,
  target: Seen | undefined,
  checkAvailability: boolean,
): boolean {
  if (name === undefined || !target) return false
  const { cluster, journal } = pass.view
  const service = cluster.service(name)
  if (!service || service.hash === target.hash) return false
  if (checkAvailability) {
    const isFullyAvailable = target.spec > 0 && target.available === target.spec
    if (!service.managed && !isFullyAvailable) return false
    if (target.available === 0) return false
  }
  const before = service.hash ?? ''
  cluster.select(service, target.hash)
  journal.event?.(
    `Rollout/${pass.spec.name}`,
    'Normal',
    'SwitchService',
    `Switched selector for service '${name}' from '${before}' to '${target.hash}'`,
  )
  return true
}
