// From a VirtualService that a Rollout manages to what it does with requests before the controller writes to it.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { Destination, Rule } from '../../world/cluster/objects.js'
import { Fields } from '../fields.js'
import type { Found } from './find-references.js'
import { invalidValue } from './refusal.js'
import type { CanarySpec } from './rollout-spec.js'
import type { TlsRoute, VirtualServiceReference } from './routing-spec.js'
import { serviceNamesOf } from './services.js'

const protocols = ['http', 'tls', 'tcp'] as const
type Protocol = (typeof protocols)[number]

type Refuse = (place: Place, complaint: string, hint?: string) => void

interface ReadRoute {
  readonly protocol: Protocol
  readonly name: string
  readonly fields: Fields
  readonly rule: Rule
}

/** The routes that get the weights. */
export function readVirtualService(
  found: Found,
  reference: VirtualServiceReference,
  canary: CanarySpec,
  problems: Problems,
): readonly Rule[] {
  const { manifest } = found
  const refuse: Refuse = (place, complaint, hint) => {
    const verbatim = invalidValue(found.path, reference.name, complaint)
    problems.error('routes-unfit', place, complaint, { hint, verbatim })
  }
  const errorsBefore = problems.errorCount
  const spec = Fields.of(manifest, problems).fields('spec')
  const lists = protocols.map((protocol) => readList(spec, protocol))
  if (problems.errorCount > errorsBefore) return []
  if (!protocols.some((protocol) => spec?.has(protocol))) {
    const hint = 'Give it an http route with a destination for either version.'
    refuse(
      placeOf(manifest, ['spec']),
      'Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService',
      hint,
    )
    return []
  }
  if (lists.every((routes) => routes.length === 0)) {
    const message = `VirtualService ${manifest.name} has no routes: nothing would split the requests`
    problems.error('no-routes', placeOf(manifest, ['spec', 'http']), message)
    return []
  }
  const [http = [], tls = [], tcp = []] = lists
  checkNames(http, canary)
  checkSteps(http, manifest, canary, problems)
  const managed = [
    [http, namedIn(http, reference, refuse)],
    [tls, fitting('tls', tls, reference, refuse)],
    [tcp, fitting('tcp', tcp, reference, refuse)],
  ] as const
  for (const [all, routes] of managed) {
    for (const route of routes) checkDestinations(route, canary, refuse)
    tellIfUntold(all, reference, canary, refuse)
  }
  return managed.flatMap(([, routes]) => routes.map(({ rule }) => rule))
}

function readList(spec: Fields | undefined, protocol: Protocol): readonly ReadRoute[] {
  return (spec?.list(protocol) ?? []).map((fields, index) => ({
    protocol,
    name: fields.text('name') ?? '',
    fields,
    rule: { path: `${protocol}[${index}]`, destinations: readDestinations(fields.list('route')) },
  }))
}

function readDestinations(list: readonly Fields[]): readonly Destination[] {
  return list.map((item) => {
    const destination = item.fields('destination')
    const host = shortName(destination?.text('host') ?? '')
    const subset = destination?.text('subset') ?? ''
    const weight = item.integer('weight')
    if (weight !== undefined && weight < 0) item.error('weight', 'invalid-spec', `weight ${weight} must be >= 0`)
    // Istio sends everything to an only destination, and nothing to one of several without a weight.
    const share = weight ?? (list.length === 1 ? 100 : 0)
    if (subset === '') return { to: host, hash: undefined, weight: share }
    return { to: subset, subsetOf: host, hash: undefined, weight: share }
  })
}

/** `shop.prod.svc.cluster.local` is the Service shop. */
function shortName(host: string): string {
  return host.split('.')[0]!
}

function checkNames(http: readonly ReadRoute[], { routing }: CanarySpec): void {
  for (const { name, fields } of http) {
    if (name === '' || !routing?.managedRoutes.includes(name)) continue
    const message = `route ${name} has the name of one of managedRoutes: the controller would delete it`
    fields.error('name', 'managed-route-clash', message, 'Give the managed route a name of its own.')
  }
}

/** A step that adds a route adds it to the http routes. */
function checkSteps(
  http: readonly ReadRoute[],
  manifest: Manifest,
  { addsRoutes }: CanarySpec,
  problems: Problems,
): void {
  if (http.length > 0 || !addsRoutes) return
  const message = `VirtualService ${manifest.name} has no http routes: a step that sets a route fails in every pass`
  problems.error('no-http-routes', placeOf(manifest, ['spec']), message)
}

/** The ones named; without names the only one, or the first without a name. */
function namedIn(
  http: readonly ReadRoute[],
  { routes, place }: VirtualServiceReference,
  refuse: Refuse,
): readonly ReadRoute[] {
  if (routes.length === 0) return http.length === 1 ? http : http.filter(({ name }) => name === '').slice(0, 1)
  if (http.length === 0) return []
  return routes.flatMap((wanted) => {
    const found = http.find(({ name }) => name === wanted)
    if (found) return [found]
    const message = invalidRoutes('http', `HTTP Route '${wanted}' is not found in the defined Virtual Service.`)
    refuse(place, message, `The VirtualService has ${namesOf(http)}.`)
    return []
  })
}

/** Those of a port, and of TLS also of the same hosts; without any the first. */
function fitting(
  protocol: 'tls' | 'tcp',
  routes: readonly ReadRoute[],
  reference: VirtualServiceReference,
  refuse: Refuse,
): readonly ReadRoute[] {
  const wanted = protocol === 'tls' ? reference.tlsRoutes : reference.tcpRoutes
  if (wanted.length === 0 || routes.length === 0) return routes.slice(0, 1)
  return wanted.flatMap((route) => {
    const found = routes.filter(({ fields }) => fits(fields, route, protocol))
    if (found.length === 0) {
      const message = `No matching ${protocol.toUpperCase()} routes found in the defined Virtual Service.`
      refuse(reference.place, invalidRoutes(protocol, message))
    }
    return found
  })
}

function fits(fields: Fields, { port, sniHosts }: TlsRoute, protocol: 'tls' | 'tcp'): boolean {
  const matches = fields.list('match')
  const ports = new Set(matches.map((match) => match.integer('port') ?? 0))
  if (ports.size > 1 || ([...ports][0] ?? 0) !== port) return false
  const hosts = new Set(matches.flatMap((match) => match.texts('sniHosts')))
  return protocol === 'tcp' || (hosts.size === sniHosts.length && [...hosts].every((host) => sniHosts.includes(host)))
}

/** Several routes, and nothing that says which of them are managed. */
function tellIfUntold(
  all: readonly ReadRoute[],
  reference: VirtualServiceReference,
  { routing }: CanarySpec,
  refuse: Refuse,
): void {
  const routes = all.filter(({ name }) => name === '' || !routing?.managedRoutes.includes(name))
  if (routes.length < 2) return
  const { protocol } = routes[0]!
  const key = protocol === 'http' ? 'routes' : protocol === 'tls' ? 'tlsRoutes' : 'tcpRoutes'
  if (reference[key].length > 0) return
  const message =
    `spec.${protocol}[] should be set in VirtualService and it must have exactly one route when omitting ` +
    `spec.strategy.canary.trafficRouting.istio.virtualService.${key}`
  const hint = `Tell the managed ones in ${key}; the VirtualService has ${namesOf(routes)}.`
  refuse(reference.place, invalidRoutes(protocol, message), hint)
}

function checkDestinations({ protocol, fields, rule }: ReadRoute, canary: CanarySpec, refuse: Refuse): void {
  const services = serviceNamesOf(canary)
  const subsets = canary.routing?.istio?.destinationRule
  const goesTo = (wanted: string | undefined) =>
    rule.destinations.some(({ to, subsetOf }) => (subsetOf ?? to) === wanted)
  const goesToSubset = (wanted: string) =>
    rule.destinations.some(({ to, subsetOf }) => subsetOf !== undefined && to === wanted)
  const complaints = subsets
    ? [
        goesToSubset(subsets.canarySubset) ||
          `Canary DestinationRule subset '${subsets.canarySubset}' not found in route`,
        goesToSubset(subsets.stableSubset) ||
          `Stable DestinationRule subset '${subsets.stableSubset}' not found in route`,
      ]
    : [
        goesTo(services.canary) || `Canary Service '${services.canary ?? ''}' not found in route`,
        goesTo(services.stable) || `Stable Service '${services.stable ?? ''}' not found in route`,
      ]
  const hint = 'Give the route a destination for either version; the controller sets their weights.'
  for (const complaint of complaints) {
    if (complaint !== true) refuse(fields.place('route'), invalidRoutes(protocol, complaint), hint)
  }
}

function invalidRoutes(protocol: Protocol, complaint: string): string {
  return `Istio VirtualService has invalid ${protocol.toUpperCase()} routes. Error: ${complaint}`
}

function namesOf(routes: readonly ReadRoute[]): string {
  return routes.map(({ name }) => name || 'one without a name').join(', ')
}
