// Pairs of fields in the singular and the plural, of which the controller wants exactly one.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { pathText } from '../fields.js'

const routers = [
  { router: 'nginx', single: 'stableIngress', several: 'stableIngresses' },
  { router: 'alb', single: 'ingress', several: 'ingresses' },
  { router: 'istio', single: 'virtualService', several: 'virtualServices' },
] as const

/** Of one of the routers of a Rollout, if it has that one. */
export function requireOne(router: (typeof routers)[number]['router'], rollout: Manifest, problems: Problems): void {
  const { single, several } = routers.find((candidate) => candidate.router === router)!
  const path = ['spec', 'strategy', 'canary', 'trafficRouting', router]
  const fields = path.reduce<Json | undefined>(
    (value, key) => (isJsonObject(value) ? value[key] : undefined),
    rollout.value,
  )
  if (!isJsonObject(fields)) return
  const configured = howMany(fields, single, several)
  if (configured === 1) return
  const complaint =
    router === 'istio'
      ? 'either VirtualService or VirtualServices must be configured'
      : `Either ${capital(single)} or ${capital(several)} must be configured. ${configured === 0 ? 'Neither' : 'Both'} are configured.`
  const message = `${pathText(path)}: ${complaint}`
  const verbatim = `${pathText(path)}: Internal error: ${complaint}`
  problems.error('one-of-two-fields', placeOf(rollout, path), message, { verbatim })
}

/** What is empty counts as absent. */
function howMany(fields: JsonObject, single: string, several: string): number {
  const list = fields[several]
  return Number((fields[single] ?? '') !== '') + Number(Array.isArray(list) && list.length > 0)
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}
