// What the controller refuses of a canary strategy as a whole: bounds, Services, and what only a router makes sense of.
import type { Fields } from '../fields.js'
import { quote } from './condition/value/quote.js'
import { tellInvalid } from './refusal.js'
import { resolveBounds } from './replica-counts.js'
import type { CanarySpec, PingPong } from './rollout-spec.js'
import type { Routing } from './routing-spec.js'
import type { Behaviours } from './version.js'

export function checkBounds(
  canary: Fields,
  { maxSurge, maxUnavailable }: Pick<CanarySpec, 'maxSurge' | 'maxUnavailable'>,
  replicas: number,
  does: Behaviours,
): void {
  if (maxSurge !== undefined && maxUnavailable !== undefined && isNothing(maxSurge) && isNothing(maxUnavailable)) {
    const detail = 'MaxSurge and MaxUnavailable both can not be zero'
    const hint = 'A word that is no percentage counts as zero.'
    tellInvalid(canary, 'maxSurge', maxSurge, { detail, hint, shown: does.printAsJson ? undefined : inGo(maxSurge) })
    return
  }
  // With a router other things decide about sizes.
  if (canary.has('trafficRouting')) return
  for (const [key, bound] of Object.entries({ maxSurge, maxUnavailable })) {
    if (typeof bound !== 'number' || bound >= 0) continue
    const hint = 'The controller takes it, and a release stops where it has fewer pods than it waits for.'
    canary.warning(key, 'negative-number', `${key} must be greater than or equal to 0, not ${bound}`, hint)
  }
  const bounds = resolveBounds(replicas, maxSurge, maxUnavailable)
  if (replicas > 0 && bounds.surge <= 0 && bounds.unavailable <= 0) {
    const message = 'with these maxSurge and maxUnavailable an update never makes a pod'
    canary.warning(canary.has('maxSurge') ? 'maxSurge' : 'maxUnavailable', 'no-pod-can-be-made', message)
  }
}

function inGo(bound: number | string): string {
  const [type, number, text] = typeof bound === 'number' ? [0, bound, ''] : [1, 0, bound]
  return `intstr.IntOrString{Type:${type}, IntVal:${number}, StrVal:${quote(text)}}`
}

/** A percentage, or a number in whichever form; any other word is none. */
function isNothing(bound: number | string): boolean {
  if (typeof bound === 'number') return bound === 0
  return !/^(\d+%|[+-]?\d+)$/.test(bound) || Number.parseInt(bound, 10) === 0
}

type ServiceNames = Pick<CanarySpec, 'canaryService' | 'stableService'>

export function checkServicesDiffer(canary: Fields, { canaryService, stableService }: ServiceNames): void {
  if (canaryService === undefined || canaryService !== stableService) return
  const detail =
    'This rollout uses the same service for the stable and canary services, but two different services are required.'
  tellInvalid(canary, 'stableService', stableService, { detail })
}

/** Most routers send requests through Services; a pair that takes turns will do for some of them. */
export function checkServicesGiven(
  canary: Fields,
  services: ServiceNames,
  pingPong: PingPong | undefined,
  routing: Routing | undefined,
): void {
  const { nginx, istio, alb, smi, ambassador, appMesh, traefik, apisix } = routing ?? {}
  const isPairEnough = alb !== undefined || (istio !== undefined && istio.destinationRule === undefined)
  const byServices = [nginx, smi, ambassador, appMesh, traefik, apisix].some((router) => router !== undefined)
  if (!byServices && (!isPairEnough || pingPong)) return
  for (const key of ['stableService', 'canaryService'] as const) {
    if (services[key] !== undefined) continue
    const detail = 'Canary service and Stable service must to be set to use Traffic Routing'
    tellInvalid(canary, key, '', { detail })
  }
}

export function checkWhatNeedsRouting(canary: Fields, dynamicStableScale: boolean, routing: Routing | undefined): void {
  const delay = canary.raw('scaleDownDelaySeconds')
  const tell = (key: string, value: number | boolean, rule: string) =>
    tellInvalid(canary, key, value, { detail: `Canary ${key} ${rule}` })
  if (!routing) {
    const rule = 'can only be used with traffic routing'
    if (typeof delay === 'number') tell('scaleDownDelaySeconds', delay, rule)
    if (dynamicStableScale) tell('dynamicStableScale', true, rule)
  } else if (dynamicStableScale && delay !== undefined) {
    tell('dynamicStableScale', true, 'cannot be used with scaleDownDelaySeconds')
  }
}
