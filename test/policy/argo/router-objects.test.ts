// The objects of routers other than NGINX and Istio's http routes: what the controller says when they don't fit.
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const pair = '{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}'

describe('Of a VirtualService with TLS and TCP routes', () => {
  const spec = (more: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {${more}}
`
  const tls = `tls: [{match: [{port: 443, sniHosts: [a]}], route: [${pair}]}, {match: [{port: 444, sniHosts: [c]}], route: [${pair}]}]`
  const tcp = `tcp: [{match: [{port: 3306}], route: [${pair}]}]`

  it('those that fit are managed, and the first where none is told', () => {
    const { policy, told } = read(
      '{istio: {virtualService: {name: web, tlsRoutes: [{port: 444, sniHosts: [c]}]}}}',
      spec(`${tls}, ${tcp}`),
    )
    expect(told).toEqual([])
    expect(policy!.routes[0]!.rules.map(({ path }) => path)).toEqual(['tls[1]', 'tcp[0]'])
  })

  it.each([
    [
      'no fitting route',
      '{port: 443}',
      'TLS routes. Error: No matching TLS routes found in the defined Virtual Service.',
    ],
    ['other hosts', '{port: 443, sniHosts: [b]}', 'TLS routes. Error: No matching TLS routes found'],
  ])('%s is told', (_, wanted, message) => {
    const { told } = read(`{istio: {virtualService: {name: web, tlsRoutes: [${wanted}]}}}`, spec(tls))
    expect(told).toEqual([expect.stringContaining(`error Istio VirtualService has invalid ${message}`)])
  })

  it('several need to be told apart', () => {
    expect(read('{istio: {virtualService: {name: web}}}', spec(tls)).told).toEqual([
      'error Istio VirtualService has invalid TLS routes. Error: spec.tls[] should be set in VirtualService and it must have exactly one route when omitting spec.strategy.canary.trafficRouting.istio.virtualService.tlsRoutes',
    ])
  })

  it('each must lead to both versions', () => {
    const one = 'tcp: [{route: [{destination: {host: stable}}]}]'
    expect(read('{istio: {virtualService: {name: web}}}', spec(one)).told).toEqual([
      "error Istio VirtualService has invalid TCP routes. Error: Canary Service 'canary' not found in route",
    ])
  })

  it('there must be any', () => {
    expect(read('{istio: {virtualService: {name: web}}}', spec('hosts: [a]')).told).toEqual([
      'error Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService',
    ])
  })
})

describe('A Mapping of Ambassador', () => {
  const mapping = (spec: string) =>
    `\napiVersion: getambassador.io/v2\nkind: Mapping\nmetadata: {name: web}\nspec: ${spec}\n`

  it.each([
    ['{ambassador: {mappings: []}}', '', 'trafficRouting.ambassador.mappings: must provide at least one mapping'],
    ['{ambassador: {mappings: [api]}}', mapping('{service: stable}'), 'mappings.getambassador.io "api" not found'],
    [
      '{ambassador: {mappings: [web]}}',
      mapping('{service: stable, weight: 5}'),
      'Ambassador mapping "web" can not define weight',
    ],
    [
      '{ambassador: {mappings: [web]}}',
      mapping('{service: other}'),
      'mapping web leads to other, and so would its copy',
    ],
  ])('%s', (routing, objects, message) => {
    expect(read(routing, objects).told).toEqual([expect.stringContaining(message)])
  })
})

describe('App Mesh', () => {
  const nodes = ['old', 'new'].map(
    (name) => `\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualNode\nmetadata: {name: ${name}}\n`,
  )
  const service = `
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: web}
spec: {provider: {virtualRouter: {virtualRouterRef: {name: router}}}}
`
  const router = (spec: string) =>
    `\napiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualRouter\nmetadata: {name: router}\nspec: ${spec}\n`
  const targets = '{virtualNodeRef: {name: old}, weight: 100}, {virtualNodeRef: {name: new}, weight: 0}'
  const group = 'virtualNodeGroup: {stableVirtualNodeRef: {name: old}, canaryVirtualNodeRef: {name: new}}'
  const routing = `{appMesh: {virtualService: {name: web}, ${group}}}`
  const objects = (spec: string) => [service, router(spec), ...nodes].join('---')

  it('finds its router through the VirtualService, of which Istio has one of that name', () => {
    const istios = '\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web}\nspec: {}\n---'
    const { policy, told } = read(
      routing,
      istios + objects(`{routes: [{name: a, grpcRoute: {action: {weightedTargets: [${targets}]}}}]}`),
    )
    expect(told).toEqual([])
    expect(policy!.routes.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'VirtualRouter/web',
      'VirtualNode/old',
      'VirtualNode/new',
    ])
  })

  it.each([
    [
      `{appMesh: {${group}}}`,
      objects('{routes: []}'),
      'trafficRouting.appmesh.virtualService: must provide virtual-service',
    ],
    [
      '{appMesh: {virtualService: {name: web}}}',
      objects(`{routes: [{name: a, tcpRoute: {action: {weightedTargets: [${targets}]}}}]}`),
      'appMesh.virtualNodeGroup is missing',
    ],
    [routing, nodes.join('---'), 'virtualservices.appmesh.k8s.aws "web" not found'],
    [routing, [service, ...nodes].join('---'), 'virtualrouters.appmesh.k8s.aws "router" not found'],
    [routing, objects('{routes: []}'), 'No routes defined for AppMesh virtual-router router'],
    [routing, objects('{routes: [{name: a, udpRoute: {}}]}'), 'route a. Error: Route has unsupported route type'],
    [
      routing,
      objects('{routes: [{name: a, httpRoute: {}}]}'),
      'Invalid route action found for AppMesh virtual-router router and route a',
    ],
    [
      routing,
      objects(`{routes: [{name: a, httpRoute: {action: {weightedTargets: [${targets}, ${targets}]}}}]}`),
      'Invalid number of weightedTargets (4) for AppMesh virtual-router router and route a, expected 2',
    ],
  ])('%s', (given, text, message) => {
    expect(read(given, text).told).toEqual([expect.stringContaining(message)])
  })
})

describe('The plugin for the Gateway API', () => {
  const route = (rules: string) =>
    `\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec: {rules: ${rules}}\n`
  const both = route('[{backendRefs: [{name: stable}, {name: canary}]}]')
  const gateway = (config: string, more = '') => `{${more}plugins: {argoproj-labs/gatewayAPI: ${config}}}`

  it.each([
    [gateway('{}'), both, "No routes configured. At least one of 'httpRoutes'"],
    [gateway('{httpRoute: api}'), both, 'httproutes.gateway.networking.k8s.io "api" not found'],
    [
      gateway('{httpRoute: web}'),
      route('[{backendRefs: [{name: stable}]}]'),
      'backendRef was not found in httpRoute: canary',
    ],
    [gateway('{httpRoute: web}', 'maxTrafficWeight: 1000, '), both, 'sets stable to 100 less the canary'],
  ])('%s', (routing, objects, message) => {
    expect(read(routing, objects).told).toEqual([expect.stringContaining(message)])
  })

  it('takes several routes, and those of other protocols', () => {
    const tcp = both.replace('v1\n', 'v1alpha2\n').replace('HTTPRoute', 'TCPRoute')
    const { policy, told } = read(
      gateway('{httpRoutes: [{name: web, useHeaderRoutes: true}], tcpRoute: web}'),
      `${both}---${tcp}`,
    )
    expect(told).toEqual([])
    expect(policy!.routes.map(({ kind }) => kind)).toEqual(['HTTPRoute', 'TCPRoute'])
  })
})

describe('A router that keeps users with the version they got', () => {
  const ingress = (annotations: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {${annotations}}}
spec: {rules: [{http: {paths: [{pathType: Prefix, backend: {service: {name: stable, port: {number: 80}}}}]}}]}
`
  const affinity = 'nginx.ingress.kubernetes.io/affinity'
  const traefik = (sticky: string) => `
apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: {name: web}
spec: {weighted: {services: [{name: stable}, {name: canary}]${sticky}}}
`

  it.each([
    [
      '{alb: {ingress: web, servicePort: 80, stickinessConfig: {enabled: true, durationSeconds: 60}}}',
      ingress(''),
      true,
    ],
    [
      '{alb: {ingress: web, servicePort: 80, stickinessConfig: {enabled: false, durationSeconds: 60}}}',
      ingress(''),
      false,
    ],
    ['{nginx: {stableIngress: web}}', ingress(`${affinity}: cookie`), true],
    ['{nginx: {stableIngress: web}}', ingress(`${affinity}: cookie, ${affinity}-canary-behavior: legacy`), false],
    ['{nginx: {stableIngress: web}}', ingress(''), false],
    ['{traefik: {weightedTraefikServiceName: web}}', traefik(', sticky: {cookie: {name: v}}'), true],
    ['{traefik: {weightedTraefikServiceName: web}}', traefik(''), false],
  ])('%s', (routing, objects, keeps) => {
    const { policy, told } = read(routing, objects)
    expect(policy!.keepsUsers).toBe(keeps)
    expect(told).toEqual(keeps ? [expect.stringContaining('warning users stay with the version that they got')] : [])
  })
})

function read(routing: string, objects: string) {
  const service = (name: string) =>
    `\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: shop}}\n---`
  const rollout = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy:
    canary: {stableService: stable, canaryService: canary, trafficRouting: ${routing}}
---
`
  const problems = new Problems()
  const text = service('stable') + service('canary') + rollout + objects
  const policy = readPolicy(readManifests(['policy.yaml'], { read: () => ({ text }) }, problems), problems)
  const told = problems.sorted().map(({ severity, message }) => `${severity} ${message}`)
  return { policy, told }
}
