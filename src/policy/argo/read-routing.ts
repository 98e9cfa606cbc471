// From `trafficRouting` of a Rollout to the routers that it drives.
import { type Fields, pathText } from '../fields.js'
import type { IstioRouting, NginxRouting, Routing } from './rollout-spec.js'

export function readRouting(canary: Fields): Routing | undefined {
  const routing = canary.fields('trafficRouting')
  if (!routing) return undefined
  const istio = routing.fields('istio')
  const nginx = routing.fields('nginx')
  const read: Routing = { istio: istio && readIstio(istio), nginx: nginx && readNginx(nginx) }
  routing.refuse(
    'alb',
    'smi',
    'ambassador',
    'appMesh',
    'traefik',
    'apisix',
    'plugins',
    'managedRoutes',
    'maxTrafficWeight',
  )
  routing.end()
  return read
}

function readIstio(istio: Fields): IstioRouting {
  const single = istio.fields('virtualService')
  const several = istio.list('virtualServices')
  requireOne(istio, 'virtualService', 'virtualServices')
  const virtualServices = [...(single ? [single] : []), ...several].map((virtualService) => {
    virtualService.refuse('tlsRoutes', 'tcpRoutes')
    const read = { name: virtualService.text('name') ?? '', routes: virtualService.texts('routes') }
    virtualService.end()
    return read
  })
  const rule = istio.fields('destinationRule')
  const destinationRule = rule && {
    name: rule.text('name') ?? '',
    canarySubset: rule.text('canarySubsetName') ?? '',
    stableSubset: rule.text('stableSubsetName') ?? '',
  }
  rule?.refuse('additionalSubsetNames')
  rule?.end()
  istio.end()
  return { virtualServices, destinationRule }
}

function readNginx(nginx: Fields): NginxRouting {
  const single = nginx.text('stableIngress')
  const several = nginx.texts('stableIngresses')
  requireOne(nginx, 'stableIngress', 'stableIngresses')
  nginx.irrelevant('annotationPrefix')
  nginx.refuse('additionalIngressAnnotations', 'canaryIngressAnnotations')
  nginx.end()
  return { stableIngresses: single === undefined ? several : [single] }
}

function requireOne(fields: Fields, single: string, several: string): void {
  if (fields.has(single) !== fields.has(several)) return
  const message = `${pathText(fields.path)} needs either ${single} or ${several}`
  fields.error(undefined, 'invalid-spec', message)
}
