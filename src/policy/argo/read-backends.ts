// Routes whose rules name Services: Traefik's, APISIX's, Ambassador's and those of the Gateway API.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Rule } from '../../world/cluster/objects.js'
import { Fields } from '../fields.js'
import { tellInvalid } from './refusal.js'
import type { CanarySpec } from './rollout-spec.js'
import type { GatewayRoute } from './routing-spec.js'

const hint = 'Without it every pass of the controller fails, from the first deployment on.'

export function readTraefikRules(manifest: Manifest, canary: CanarySpec, problems: Problems): readonly Rule[] {
  const services = specOf(manifest, problems)?.fields('weighted')?.list('services') ?? []
  const rule = ruleOf('', services, 'name')
  for (const [role, wanted] of rolesOf(canary)) {
    if (leadsTo(rule, wanted)) continue
    const message = `traefik ${role} service was not found: ${wanted}`
    problems.error('unfit-router-object', placeOf(manifest, ['spec']), message, { hint })
  }
  return [rule]
}

export function readApisixRules(
  manifest: Manifest,
  names: readonly string[],
  canary: CanarySpec,
  problems: Problems,
): readonly Rule[] {
  const http = specOf(manifest, problems)?.list('http') ?? []
  return names.flatMap((name) => {
    const index = http.findIndex((rule) => rule.text('name') === name)
    if (index < 0) {
      const message = `Apisix http route rule ${name} not found`
      problems.error('unfit-router-object', placeOf(manifest, ['spec']), message, { hint })
      return []
    }
    const rule = ruleOf(`http[${index}]`, http[index]!.list('backends'), 'serviceName')
    for (const [, wanted] of rolesOf(canary)) {
      if (leadsTo(rule, wanted)) continue
      http[index]!.error('backends', 'unfit-router-object', `apisix route ${wanted} backend was not found`, hint)
    }
    return [rule]
  })
}

/** The canary's Mapping is a copy with another Service in place of stable's. */
export function readMappingRules(manifest: Manifest, canary: CanarySpec, problems: Problems): readonly Rule[] {
  const spec = specOf(manifest, problems)
  const weight = spec?.integer('weight')
  if (weight !== undefined && weight !== 0) {
    const detail = `Ambassador mapping ${JSON.stringify(manifest.name)} can not define weight`
    tellInvalid(spec!, 'weight', manifest.name, { detail })
  }
  const { stableService = '' } = canary
  const service = spec?.text('service') ?? ''
  if (!service.includes(stableService)) {
    const message = `mapping ${manifest.name} leads to ${service || 'no service'}, and so would its copy for the canary`
    spec?.error('service', 'invalid-spec', message, `Let it lead to ${stableService}.`)
  }
  return [{ path: '', destinations: [{ to: stableService, hash: undefined, weight: 100 }] }]
}

/** Rules that lead to the canary alone are taken for the plugin's own. */
export function readGatewayRules(
  manifest: Manifest,
  kind: GatewayRoute['kind'],
  canary: CanarySpec,
  problems: Problems,
): readonly Rule[] {
  const rules = (specOf(manifest, problems)?.list('rules') ?? []).map((rule, index) =>
    ruleOf(`rules[${index}]`, rule.list('backendRefs'), 'name'),
  )
  const { canaryService, stableService } = canary
  const weighted = rules.filter(({ destinations }) => {
    const isOwn = kind !== 'TCPRoute' && kind !== 'TLSRoute' && destinations.length === 1
    if (isOwn && destinations[0]!.to === canaryService) return false
    return destinations.some(({ to }) => to === canaryService || to === stableService)
  })
  for (const [, wanted] of rolesOf(canary)) {
    if (wanted !== undefined && weighted.some((rule) => leadsTo(rule, wanted))) continue
    const message = `backendRef was not found in ${kind.slice(0, -'Route'.length).toLowerCase()}Route: ${wanted ?? 'a Service without a name'}`
    problems.error('unfit-router-object', placeOf(manifest, ['spec']), message, { hint })
  }
  return weighted
}

function specOf(manifest: Manifest, problems: Problems): Fields | undefined {
  return Fields.of(manifest, problems).fields('spec')
}

/** Of these routers what has no weight counts as 1. */
function ruleOf(path: string, backends: readonly Fields[], nameKey: string): Rule {
  const destinations = backends.map((backend) => ({
    to: backend.text(nameKey) ?? '',
    hash: undefined,
    weight: backend.integer('weight') ?? 1,
  }))
  return { path, destinations }
}

function rolesOf({ canaryService, stableService }: CanarySpec) {
  return [
    ['canary', canaryService],
    ['stable', stableService],
  ] as const
}

/** Without a name there is nothing to look for: that is told elsewhere. */
function leadsTo({ destinations }: Rule, service: string | undefined): boolean {
  return service === undefined || destinations.some(({ to }) => to === service)
}
