// Routers that split by weight and nothing else: AWS load balancers, SMI's TrafficSplit and Traefik.
import type { Fields } from '../fields.js'
import type { AlbRouting, PlacedName, Routing } from './rollout-spec.js'

export function readOtherRouters(canary: Fields, routing: Fields): Pick<Routing, 'alb' | 'smi' | 'traefik'> {
  const alb = routing.fields('alb')
  const smi = routing.fields('smi')
  const traefik = routing.fields('traefik')
  return { alb: alb && readAlb(alb), smi: smi && readSmi(canary, smi), traefik: traefik && readTraefik(traefik) }
}

function readAlb(alb: Fields): AlbRouting {
  const single = alb.text('ingress')
  const several = alb.texts('ingresses')
  alb.irrelevant('annotationPrefix', 'servicePort')
  const stickiness = alb.fields('stickinessConfig')
  // What sticks to a version doesn't follow the weight.
  if (stickiness?.flag('enabled')) alb.refuse('stickinessConfig')
  const rootService = alb.text('rootService') || undefined
  alb.end()
  const field = several.length > 0 ? 'ingresses' : 'ingress'
  const place = alb.place(field)
  return { field, ingresses: (single ? [single] : several).map((name) => ({ name, place })), rootService }
}

/** Nobody has to make the TrafficSplit: the controller does. */
function readSmi(canary: Fields, smi: Fields): NonNullable<Routing['smi']> {
  smi.irrelevant('rootService')
  const trafficSplit = smi.text('trafficSplitName') || canary.ownerName
  smi.end()
  return { trafficSplit }
}

function readTraefik(traefik: Fields): PlacedName {
  const name = traefik.text('weightedTraefikServiceName') ?? ''
  traefik.end()
  return { name, place: traefik.place('weightedTraefikServiceName') }
}
