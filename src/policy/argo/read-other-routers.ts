// Routers beside Istio and NGINX: AWS load balancers, SMI, Ambassador, App Mesh, Traefik and APISIX.
import { type Fields, pathText } from '../fields.js'
import { readPlugins } from './read-plugins.js'
import type { AlbRouting, ApisixRouting, AppMeshRouting, PlacedName, Routing } from './routing-spec.js'

export function readOtherRouters(canary: Fields, routing: Fields): Omit<Routing, 'istio' | 'nginx' | 'managedRoutes'> {
  const fields = (key: keyof Routing) => routing.fields(key)
  const [alb, smi, ambassador] = [fields('alb'), fields('smi'), fields('ambassador')]
  const [appMesh, traefik, apisix] = [fields('appMesh'), fields('traefik'), fields('apisix')]
  const plugins = fields('plugins')
  return {
    alb: alb && readAlb(alb),
    smi: smi && readSmi(canary, smi),
    ambassador: ambassador && readAmbassador(ambassador),
    appMesh: appMesh && readAppMesh(appMesh),
    traefik: traefik && readTraefik(traefik),
    apisix: apisix && readApisix(apisix),
    plugins: plugins && readPlugins(plugins),
  }
}

/** What the load balancer accepts. */
const longestStickySeconds = 604_800

function readAlb(alb: Fields): AlbRouting {
  const single = alb.text('ingress')
  const several = alb.texts('ingresses')
  alb.irrelevant('annotationPrefix', 'servicePort')
  const stickyPlace = readStickiness(alb) ? alb.place('stickinessConfig') : undefined
  const rootService = alb.text('rootService') || undefined
  alb.end()
  const field = several.length > 0 ? 'ingresses' : 'ingress'
  const place = alb.place(field)
  const ingresses = (single ? [single] : several).map((name) => ({ name, place }))
  return { field, ingresses, rootService, stickyPlace }
}

function readStickiness(alb: Fields): boolean {
  const stickiness = alb.fields('stickinessConfig')
  if (!stickiness) return false
  for (const key of ['enabled', 'durationSeconds']) {
    if (!stickiness.has(key)) {
      stickiness.error(undefined, 'missing-field', `${pathText([...stickiness.path, key])}: Required value`)
    }
  }
  const isEnabled = stickiness.flag('enabled') ?? false
  const seconds = stickiness.integer('durationSeconds') ?? 1
  stickiness.end()
  if (isEnabled && (seconds < 1 || seconds > longestStickySeconds)) {
    const message = "TargetGroupStickinessConfig's duration must be between 1 and 604800 seconds (7 days)!"
    stickiness.error('durationSeconds', 'sticky-duration', message, failsEveryPass)
  }
  return isEnabled
}

const failsEveryPass = 'With it every pass of the controller fails, from the first deployment on.'

/** Nobody has to make the TrafficSplit: the controller does. */
function readSmi(canary: Fields, smi: Fields): NonNullable<Routing['smi']> {
  smi.irrelevant('rootService')
  const trafficSplit = smi.text('trafficSplitName') || canary.ownerName
  smi.end()
  return { trafficSplit }
}

function readAmbassador(ambassador: Fields): NonNullable<Routing['ambassador']> {
  const names = ambassador.texts('mappings')
  ambassador.end()
  const place = ambassador.place('mappings')
  return { mappings: names.map((name) => ({ name, place })) }
}

function readAppMesh(appMesh: Fields): AppMeshRouting {
  const virtualService = appMesh.fields('virtualService')
  const name = virtualService?.text('name') ?? ''
  const routes = virtualService?.texts('routes') ?? []
  virtualService?.end()
  const group = appMesh.fields('virtualNodeGroup')
  if (!group) {
    const hint = 'Without it the controller panics in every pass.'
    appMesh.error(
      undefined,
      'app-mesh-without-nodes',
      `${pathText([...appMesh.path, 'virtualNodeGroup'])} is missing`,
      hint,
    )
  }
  const canaryNode = group ? readNode(group, 'canaryVirtualNodeRef') : ''
  const stableNode = group ? readNode(group, 'stableVirtualNodeRef') : ''
  group?.end()
  appMesh.end()
  const place = (virtualService ?? appMesh).place(virtualService && 'name')
  return { virtualService: { name, place }, routes, canaryNode, stableNode }
}

function readNode(group: Fields, key: string): string {
  const node = group.fields(key)
  const name = node?.text('name')
  node?.end()
  if (name === undefined) {
    const path = pathText([...group.path, key, ...(node ? ['name'] : [])])
    group.error(undefined, 'missing-field', `${path}: Required value`)
  }
  return name ?? ''
}

function readTraefik(traefik: Fields): PlacedName {
  const name = traefik.text('weightedTraefikServiceName') ?? ''
  traefik.end()
  return { name, place: traefik.place('weightedTraefikServiceName') }
}

function readApisix(apisix: Fields): ApisixRouting {
  const route = apisix.fields('route')
  if (!route) {
    const hint = 'Without it the controller panics in every pass.'
    apisix.error(undefined, 'apisix-without-route', `${pathText([...apisix.path, 'route'])} is missing`, hint)
  } else if (!route.has('name')) {
    route.error(undefined, 'missing-field', `${pathText([...route.path, 'name'])}: Required value`)
  }
  const name = route?.text('name') ?? ''
  const rules = route?.has('rules') ? route.texts('rules') : [name]
  route?.end()
  apisix.end()
  return { name, rules, place: (route ?? apisix).place(route && 'name') }
}
