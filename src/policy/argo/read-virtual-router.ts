// App Mesh: which VirtualRouter a VirtualService sends its requests to, and the weighted targets of its routes.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Rule } from '../../world/cluster/objects.js'
import { Fields, pathText } from '../fields.js'
import { invalidValue, tellInvalid } from './refusal.js'
import type { AppMeshRouting } from './routing-spec.js'

interface RouterReference {
  readonly name: string
  readonly namespace: string | undefined
}

/** Undefined where it has none; that is told. */
export function routerReferenceOf(manifest: Manifest, problems: Problems): RouterReference | undefined {
  const provider = Fields.of(manifest, problems).fields('spec')?.fields('provider')
  const reference = provider?.fields('virtualRouter')?.fields('virtualRouterRef')
  const name = reference?.text('name')
  if (name !== undefined) return { name, namespace: reference!.text('namespace') || undefined }
  const place = placeOf(manifest, ['spec'])
  problems.error('invalid-spec', place, `VirtualService ${manifest.name} is not configured with a virtual-router`)
  return undefined
}

export function readVirtualRouter(manifest: Manifest, mesh: AppMeshRouting, problems: Problems): readonly Rule[] {
  const spec = Fields.of(manifest, problems).fields('spec')
  const routes = spec?.list('routes') ?? []
  if (routes.length === 0) {
    const place = placeOf(manifest, ['spec'])
    const message = `No routes defined for AppMesh virtual-router ${manifest.name}`
    const verbatim = invalidValue('spec.routes', manifest.name, message)
    problems.error('invalid-spec', place, message, { verbatim })
  }
  return routes.flatMap((route, index) => {
    const rule = readRoute(route, index, manifest.name)
    return rule && isManaged(route.text('name') ?? '', mesh) ? [rule] : []
  })
}

const routeTypes = ['httpRoute', 'tcpRoute', 'http2Route', 'grpcRoute']

function readRoute(route: Fields, index: number, router: string): Rule | undefined {
  const where = `AppMesh virtual-router ${router} and route ${route.text('name') ?? ''}`
  const type = routeTypes.find((key) => route.has(key))
  if (!type) {
    const message = `Error getting route details for ${where}. Error: Route has unsupported route type`
    tellInvalid(route, undefined, router, { detail: message })
    return undefined
  }
  const action = route.fields(type)?.fields('action')
  if (!action?.has('weightedTargets')) {
    const path = `${pathText(route.path)}.${type}.action.weightedTargets`
    tellInvalid(route, type, router, { path, detail: `Invalid route action found for ${where}` })
    return undefined
  }
  const targets = action.list('weightedTargets')
  if (targets.length !== 2) {
    const message = `Invalid number of weightedTargets (${targets.length}) for ${where}, expected 2`
    tellInvalid(action, 'weightedTargets', router, { detail: message })
  }
  const destinations = targets.map((target) => ({
    to: target.fields('virtualNodeRef')?.text('name') ?? '',
    hash: undefined,
    weight: target.integer('weight') ?? 0,
  }))
  return { path: `routes[${index}]`, destinations }
}

function isManaged(name: string, { routes }: AppMeshRouting): boolean {
  return routes.length === 0 || routes.includes(name)
}
