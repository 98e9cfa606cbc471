// Whether a router keeps users with the version that they got, by what its objects say.

import { isJsonObject, type Json } from '../../scenario/json.js'
import { placeOf } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { Objects } from './objects.js'
import type { RolloutSpec } from './rollout-spec.js'

/**
 * With a cookie for the version: target groups of AWS, a weighted service of Traefik, and NGINX's affinity. What Istio
 * calls consistent hashing is among the pods of one version.
 */
export function keepsUsers({ canary, namespace }: RolloutSpec, objects: Objects, problems: Problems): boolean {
  const { alb, nginx, traefik } = canary.routing ?? {}
  const sticky: Place[] = alb?.stickyPlace ? [alb.stickyPlace] : []
  for (const { name } of nginx?.stableIngresses ?? []) {
    const ingress = objects.find('Ingress', namespace, name)
    if (ingress && hasAffinity(valueAt(ingress.value, 'metadata', 'annotations'))) {
      sticky.push(placeOf(ingress, ['metadata', 'annotations']))
    }
  }
  const service = traefik && objects.find('TraefikService', namespace, traefik.name)
  if (service && valueAt(service.value, 'spec', 'weighted', 'sticky', 'cookie') !== undefined) {
    sticky.push(placeOf(service, ['spec', 'weighted', 'sticky']))
  }
  for (const place of sticky) {
    const message = 'users stay with the version that they got only as far as the weight allows: a cookie outlasts it'
    problems.warning('sticky-cookie', place, message, {
      hint: 'On a cluster a growing weight reaches new users first.',
    })
  }
  return sticky.length > 0
}

const prefix = 'nginx.ingress.kubernetes.io'

/** The behaviour `legacy` draws anew for the canary. */
function hasAffinity(annotations: Json | undefined): boolean {
  if (!isJsonObject(annotations)) return false
  return (
    annotations[`${prefix}/affinity`] === 'cookie' && annotations[`${prefix}/affinity-canary-behavior`] !== 'legacy'
  )
}

function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce((inner: Json | undefined, key) => (isJsonObject(inner) ? inner[key] : undefined), value)
}
