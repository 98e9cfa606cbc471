// From `trafficRouting` of a Rollout to the routers that it drives.
import type { Fields } from '../fields.js'
import { readManagedRoutes } from './read-managed-routes.js'
import { readOtherRouters } from './read-other-routers.js'
import { gatewayPlugin } from './read-plugins.js'
import { tellInvalid } from './refusal.js'
import type { PingPong } from './rollout-spec.js'
import type { IstioRouting, NginxRouting, Routing, TlsRoute, VirtualServiceReference } from './routing-spec.js'
import type { Behaviours } from './version.js'

export function readRouting(canary: Fields, does: Behaviours): Routing | undefined {
  const routing = canary.fields('trafficRouting')
  if (!routing) return undefined
  const istio = routing.fields('istio')
  const nginx = routing.fields('nginx')
  const read: Routing = {
    istio: istio && readIstio(istio, does),
    nginx: nginx && readNginx(nginx),
    ...readOtherRouters(canary, routing),
    managedRoutes: readManagedRoutes(routing),
  }
  routing.irrelevant('maxTrafficWeight')
  routing.end()
  return read
}

/** What counts as all of the traffic. */
export function readMaxWeight(canary: Fields, routing: Routing | undefined): number {
  const fields = canary.fields('trafficRouting')
  const weight = fields?.integer('maxTrafficWeight')
  if (weight === undefined) return 100
  if (!routing?.nginx && !routing?.plugins) {
    const detail = 'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins'
    tellInvalid(fields!, 'maxTrafficWeight', weight, { detail })
  } else if (weight !== 100 && routing.plugins?.some(({ gateway }) => gateway)) {
    const message = `with maxTrafficWeight ${weight} the plugin ${gatewayPlugin} sets stable to 100 less the canary's weight`
    fields!.error('maxTrafficWeight', 'unsupported-field', `${message}, which is not simulated`)
  } else if (weight <= 0) {
    const message = `maxTrafficWeight ${weight} is not simulated: the first deployment would never end`
    fields!.error('maxTrafficWeight', 'max-weight-zero', message)
  }
  return weight
}

/** Two Services that take turns in being the stable one. */
export function readPingPong(canary: Fields, routing: Routing | undefined, does: Behaviours): PingPong | undefined {
  const fields = canary.fields('pingPong')
  if (!fields) return undefined
  const ping = fields.text('pingService') ?? ''
  const pong = fields.text('pongService') ?? ''
  fields.end()
  if (routing && !routing.istio && !routing.alb && !routing.plugins) {
    const which = does.nameRoutingPlugins ? 'ALB, Istio, and plugin-based' : 'ALB and Istio'
    const path = 'spec.strategy.trafficRouting.alb'
    const detail = `Ping-pong feature works with the ${which} traffic routers only`
    tellInvalid(canary, 'pingPong', null, { path, detail })
  }
  for (const key of ['pingService', 'pongService']) {
    if (fields.raw(key) !== '') continue
    tellInvalid(fields, key, '', { detail: 'Ping service and Pong service must to be set to use Ping-Pong feature' })
  }
  if (ping === pong) {
    const detail =
      'This rollout uses the same service for the ping and pong services, but two different services are required.'
    tellInvalid(fields, 'pingService', ping, { detail })
  }
  if (routing?.alb && routing.alb.rootService === undefined) {
    const path = 'spec.strategy.trafficRouting.alb.rootService'
    const detail = 'Root service field is required for the configuration with ALB and ping-pong feature enabled'
    tellInvalid(canary, 'pingPong', '', { path, detail })
  }
  if (routing?.plugins?.some(({ gateway }) => gateway)) {
    const message = `the plugin ${gatewayPlugin} writes to canaryService and stableService only: pingPong fails every pass`
    canary.error('pingPong', 'invalid-spec', message)
  }
  for (const key of ['canaryService', 'stableService']) {
    if (!canary.has(key)) continue
    canary.error(key, 'unsupported-field', `pingPong together with ${key} is not simulated`, `Remove the ${key}.`)
  }
  return { ping, pong }
}

function readIstio(istio: Fields, does: Behaviours): IstioRouting {
  const single = istio.fields('virtualService')
  const several = istio.list('virtualServices')
  const virtualServices = [...(single ? [single] : []), ...several].map((reference) => readReference(reference, does))
  const rule = istio.fields('destinationRule')
  const destinationRule = rule && {
    name: rule.text('name') ?? '',
    canarySubset: rule.text('canarySubsetName') ?? '',
    stableSubset: rule.text('stableSubsetName') ?? '',
    additionalSubsets: rule.texts('additionalSubsetNames'),
  }
  if (destinationRule && destinationRule.canarySubset === destinationRule.stableSubset) {
    const message = `canary and stable are one subset, ${destinationRule.stableSubset}: every request is the canary's`
    rule!.error('stableSubsetName', 'one-subset-for-both', message, 'Give either version a subset of its own.')
  }
  rule?.end()
  istio.end()
  return { field: several.length > 0 ? 'virtualServices' : 'virtualService', virtualServices, destinationRule }
}

function readReference(reference: Fields, does: Behaviours): VirtualServiceReference {
  const { name, namespace } = splitName(reference.text('name') ?? '', does)
  const routes = reference.texts('routes')
  const tlsRoutes = reference.list('tlsRoutes').map(readTlsRoute)
  const tcpRoutes = reference.list('tcpRoutes').map(readTlsRoute)
  reference.end()
  return { name, namespace, routes, tlsRoutes, tcpRoutes, place: reference.place('name') }
}

function readTlsRoute(route: Fields): TlsRoute {
  const port = route.integer('port') ?? 0
  const sniHosts = route.texts('sniHosts')
  route.end()
  return { port, sniHosts }
}

/** Written `name` or `name.namespace`: what follows the last dot is the namespace. */
function splitName(
  written: string,
  does: Behaviours,
): { readonly name: string; readonly namespace: string | undefined } {
  if (!does.splitNameAtLastDot) {
    const [name = '', namespace] = written.split('.')
    return { name, namespace }
  }
  const plain = written.replace(/\.cluster\.local$/, '')
  const dot = plain.lastIndexOf('.')
  return dot < 0
    ? { name: plain, namespace: undefined }
    : { name: plain.slice(0, dot), namespace: plain.slice(dot + 1) }
}

function readNginx(nginx: Fields): NginxRouting {
  const single = nginx.text('stableIngress')
  const several = nginx.texts('stableIngresses')
  nginx.irrelevant('annotationPrefix')
  // Annotations for headers and cookies take requests that no scenario has; others have no say in the split.
  for (const key of ['additionalIngressAnnotations', 'canaryIngressAnnotations']) {
    const annotations = nginx.fields(key)
    for (const annotation of annotations?.keys() ?? []) annotations!.text(annotation)
  }
  nginx.end()
  const field = several.length > 0 ? 'stableIngresses' : 'stableIngress'
  const place = nginx.place(field)
  return { field, stableIngresses: (single ? [single] : several).map((name) => ({ name, place })) }
}
