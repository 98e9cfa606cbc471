// What labels of metrics say of a policy's pods, and of the way on which requests reach them.

import type { ContainerResource, RouteIdentity } from '../metrics/dialects/dialect.js'
import { parseQuantity } from '../policy/api/quantity.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import type { Routing } from '../policy/argo/routing-spec.js'
import type { ManifestTemplate } from '../policy/pod-template.js'
import { isJsonObject, type Json } from '../scenario/json.js'
import type { Manifest } from '../scenario/manifest.js'
import type { Scenario } from '../scenario/scenario.js'
import { type Stack, stable } from './stacks.js'
import type { Workload } from './workload.js'

export function readWorkload(
  policy: ArgoPolicy,
  stacks: readonly Stack[],
  release: ManifestTemplate,
  manifests: readonly Manifest[],
  scenario: Scenario,
): Omit<Workload, 'codes'> {
  const { rollout, services } = policy
  const { service } = scenario
  const { template } = rollout
  return {
    kind: 'Rollout',
    name: rollout.name,
    namespace: rollout.namespace,
    container: template.container,
    resources: resourcesOf(template.value),
    pods: stacks.map(({ version, labels }) => {
      const { cpuPerRequestMs = Number.NaN, memory } = version === stable ? service.stable : service.canary
      const { image } = version === stable ? template : release
      const kind = version === stable ? 'stable' : 'canary'
      return { kind, labels, image, cpuMsPerRequest: cpuPerRequestMs, memoryBytes: memory?.baseBytes ?? Number.NaN }
    }),
    entryService: entryServiceOf(policy),
    servicePorts: new Map(services.flatMap(({ name, port }) => (port === undefined ? [] : [[name, port]]))),
    route: routeOf(policy, manifests),
  }
}

/**
 * The Service people call. With a router it is the stable one; without, one that the controller doesn't point at a
 * version, so that it selects them all.
 */
function entryServiceOf({ rollout, services }: ArgoPolicy): string {
  if (rollout.blueGreen) return rollout.blueGreen.activeService
  const { canaryService, stableService, routing, pingPong } = rollout.canary
  if (pingPong) return pingPong.ping
  const ofAll = services.find(({ name }) => name !== canaryService && name !== stableService)?.name
  return (routing ? stableService : (ofAll ?? stableService)) ?? ofAll ?? rollout.name
}

/** Of the first container, which is the one that requests reach. */
function resourcesOf(template: Json): readonly ContainerResource[] {
  const container = valueAt(template, ['spec', 'containers', 0])
  return (['requests', 'limits'] as const).flatMap((bound) =>
    (['cpu', 'memory'] as const).flatMap((resource) => {
      const value = parseQuantity(valueAt(container, ['resources', bound, resource]))
      return value === undefined ? [] : [{ bound, resource, value }]
    }),
  )
}

/** Of several objects the first: the router knows the workload's requests by any of them. */
function routeOf({ rollout }: ArgoPolicy, manifests: readonly Manifest[]): RouteIdentity {
  const name = routeNameOf(rollout.canary.routing) ?? rollout.name
  const manifest = manifests.find(({ kind, name: own }) => own === name && kind in hostPaths)
  const at = (paths: Readonly<Record<string, readonly Key[]>>) =>
    manifest && textOf(valueAt(manifest.value, paths[manifest.kind] ?? ['none']))
  const rule = rollout.canary.routing?.apisix?.rules[0] ?? at(rulePaths) ?? ''
  return { name, rule, host: at(hostPaths) ?? '', path: at(pathPaths) ?? '/' }
}

function routeNameOf(routing: Routing | undefined): string | undefined {
  if (!routing) return undefined
  const { nginx, alb, traefik, apisix, plugins, istio, ambassador, appMesh, smi } = routing
  return (
    nginx?.stableIngresses[0]?.name ??
    alb?.ingresses[0]?.name ??
    traefik?.name ??
    apisix?.name ??
    plugins?.flatMap(({ gateway }) => gateway?.routes ?? [])[0]?.name ??
    istio?.virtualServices[0]?.name ??
    ambassador?.mappings[0]?.name ??
    appMesh?.virtualService.name ??
    smi?.trafficSplit
  )
}

type Key = string | number

const hostPaths: Readonly<Record<string, readonly Key[]>> = {
  Ingress: ['spec', 'rules', 0, 'host'],
  HTTPRoute: ['spec', 'hostnames', 0],
  GRPCRoute: ['spec', 'hostnames', 0],
  ApisixRoute: ['spec', 'http', 0, 'match', 'hosts', 0],
  VirtualService: ['spec', 'hosts', 0],
  Mapping: ['spec', 'hostname'],
}

const pathPaths: Readonly<Record<string, readonly Key[]>> = {
  Ingress: ['spec', 'rules', 0, 'http', 'paths', 0, 'path'],
  HTTPRoute: ['spec', 'rules', 0, 'matches', 0, 'path', 'value'],
  ApisixRoute: ['spec', 'http', 0, 'match', 'paths', 0],
  Mapping: ['spec', 'prefix'],
}

const rulePaths: Readonly<Record<string, readonly Key[]>> = {
  ApisixRoute: ['spec', 'http', 0, 'name'],
}

function textOf(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function valueAt(value: Json, path: readonly Key[]): Json {
  return path.reduce<Json>((at, key) => {
    if (typeof key === 'number') return (Array.isArray(at) ? (at as readonly Json[])[key] : null) ?? null
    return (isJsonObject(at) ? at[key] : null) ?? null
  }, value)
}
