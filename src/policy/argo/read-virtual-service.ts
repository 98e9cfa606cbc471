// From a VirtualService that a Rollout manages to what it does with requests before the controller writes to it.
import type { Manifest } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { Destination } from '../../world/cluster/objects.js'
import { Fields } from '../fields.js'
import type { Found } from './find-references.js'
import { invalidValue } from './refusal.js'
import type { CanarySpec, VirtualServiceReference } from './rollout-spec.js'
import { serviceNamesOf } from './services.js'

type Refuse = (place: Place, complaint: string, hint: string) => void

interface HttpRoute {
  readonly name: string
  readonly fields: Fields
  readonly destinations: readonly { readonly host: string; readonly subset: string; readonly weight: number }[]
}

/** Of several managed routes the first stands for all: the controller writes the same weights to each. */
export function readVirtualService(
  found: Found,
  reference: VirtualServiceReference,
  canary: CanarySpec,
  problems: Problems,
): readonly Destination[] {
  const { manifest } = found
  const errorsBefore = problems.errorCount
  const spec = Fields.of(manifest, problems).fields('spec')
  const refuse = (place: Place, complaint: string, hint: string) => {
    const verbatim = invalidValue(found.path, reference.name, complaint)
    problems.error('invalid-spec', place, complaint, { hint, verbatim })
  }
  if (!['http', 'tls', 'tcp'].some((key) => spec?.has(key))) {
    const hint = 'Give it an http route with a destination for either version.'
    const complaint = 'Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService'
    refuse(placeOf(manifest, 'http'), complaint, hint)
    return []
  }
  const http = spec?.list('http').map(readHttpRoute) ?? []
  if (problems.errorCount > errorsBefore) return []
  if (http.length === 0) {
    const message = `VirtualService ${manifest.name} has no http routes: nothing would split the requests`
    problems.error('no-routes', placeOf(manifest, 'http'), message)
    return []
  }
  for (const { name, fields } of http) {
    if (name === '' || !canary.routing?.managedRoutes.includes(name)) continue
    const message = `route ${name} has the name of one of managedRoutes: the controller would delete it`
    fields.error('name', 'invalid-spec', message, 'Give the managed route a name of its own.')
  }
  const managed = managedRoutes(http, reference, refuse)
  for (const route of managed) checkDestinations(route, canary, refuse)
  const isOwn = ({ name }: HttpRoute) => !canary.routing?.managedRoutes.includes(name)
  if (reference.routes.length === 0 && http.filter(isOwn).length > 1) {
    const message =
      'spec.http[] should be set in VirtualService and it must have exactly one route when omitting ' +
      'spec.strategy.canary.trafficRouting.istio.virtualService.routes'
    const hint = `Name the managed ones in routes; the VirtualService has ${namesOf(http)}.`
    refuse(reference.place, invalidRoutes(message), hint)
  }
  const bySubset = canary.routing?.istio?.destinationRule !== undefined
  return (managed[0]?.destinations ?? []).map(({ host, subset, weight }) => ({
    to: bySubset && subset !== '' ? subset : host,
    hash: undefined,
    weight,
  }))
}

function readHttpRoute(route: Fields): HttpRoute {
  const destinations = route.list('route')
  return {
    name: route.text('name') ?? '',
    fields: route,
    destinations: destinations.map((item) => {
      const destination = item.fields('destination')
      const weight = item.integer('weight')
      if (weight !== undefined && weight < 0) item.error('weight', 'invalid-spec', `weight ${weight} must be >= 0`)
      return {
        host: shortName(destination?.text('host') ?? ''),
        subset: destination?.text('subset') ?? '',
        // Istio sends everything to an only destination, and nothing to one of several without a weight.
        weight: weight ?? (destinations.length === 1 ? 100 : 0),
      }
    }),
  }
}

/** `shop.prod.svc.cluster.local` is the Service shop. */
function shortName(host: string): string {
  return host.split('.')[0]!
}

/** The ones named; without names the only one, or the first without a name. */
function managedRoutes(
  http: readonly HttpRoute[],
  { routes, place }: VirtualServiceReference,
  refuse: Refuse,
): readonly HttpRoute[] {
  if (routes.length === 0) return http.length === 1 ? http : http.filter(({ name }) => name === '').slice(0, 1)
  return routes.flatMap((wanted) => {
    const found = http.find(({ name }) => name === wanted)
    if (found) return [found]
    const message = invalidRoutes(`HTTP Route '${wanted}' is not found in the defined Virtual Service.`)
    refuse(place, message, `The VirtualService has ${namesOf(http)}.`)
    return []
  })
}

function checkDestinations({ fields, destinations }: HttpRoute, canary: CanarySpec, refuse: Refuse): void {
  const services = serviceNamesOf(canary)
  const rule = canary.routing?.istio?.destinationRule
  const goesTo = (wanted: string | undefined) => destinations.some(({ host }) => host === wanted)
  const goesToSubset = (wanted: string) => wanted !== '' && destinations.some(({ subset }) => subset === wanted)
  const complaints = rule
    ? [
        goesToSubset(rule.canarySubset) || `Canary DestinationRule subset '${rule.canarySubset}' not found in route`,
        goesToSubset(rule.stableSubset) || `Stable DestinationRule subset '${rule.stableSubset}' not found in route`,
      ]
    : [
        goesTo(services.canary) || `Canary Service '${services.canary ?? ''}' not found in route`,
        goesTo(services.stable) || `Stable Service '${services.stable ?? ''}' not found in route`,
      ]
  const hint = 'Give the route a destination for either version; the controller sets their weights.'
  for (const complaint of complaints) {
    if (complaint !== true) refuse(fields.place('route'), invalidRoutes(complaint), hint)
  }
}

function invalidRoutes(complaint: string): string {
  return `Istio VirtualService has invalid HTTP routes. Error: ${complaint}`
}

function namesOf(http: readonly HttpRoute[]): string {
  return http.map(({ name }) => name || 'one without a name').join(', ')
}

function placeOf(manifest: Manifest, key: string) {
  return { file: manifest.file, ...manifest.positionOf(['spec', key]) }
}
