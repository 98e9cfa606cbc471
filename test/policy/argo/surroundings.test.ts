// The objects around a Rollout: which of them it finds, which must fit, and which are none of its business.
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const rollout = (routing: string, more = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, namespace: prod}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy:
    canary: {stableService: stable, canaryService: canary, trafficRouting: ${routing}${more}}
`
const istio = rollout('{istio: {virtualService: {name: web}}}')
const nginx = rollout('{nginx: {stableIngress: web}}')

const service = (name: string, selector = '{app: shop}', namespace = 'prod') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: ${selector}, ports: [{port: 80}]}
`
const services = `${service('stable')}---${service('canary')}`

const both = '[{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]'

const virtualService = (http: string, name = 'web', namespace = 'prod') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {hosts: [${name}], http: ${http}}
`

const ingress = (backend: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: prod}
spec:
  defaultBackend: {service: {name: stable, port: {number: 80}}}
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: ${backend}}]}}]
`

const template = (namespace: string, interval = '1m') => `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check, namespace: ${namespace}}
spec:
  metrics: [{name: errors, interval: ${interval}, provider: {prometheus: {address: "http://p", query: q}}}]
`

describe('A managed VirtualService', () => {
  it('gives the destinations of its managed route, by the short names of the hosts', () => {
    const http = `[{name: a, route: [{destination: {host: other}}]}, {name: b, route: [
      {destination: {host: stable.prod.svc.cluster.local}, weight: 90}, {destination: {host: canary}, weight: 10}]}]`
    const { policy, told } = read(
      rollout('{istio: {virtualService: {name: web, routes: [b]}}}'),
      services,
      virtualService(http),
    )
    expect(told).toEqual([])
    expect(policy!.routes).toEqual([
      {
        kind: 'VirtualService',
        name: 'web',
        rules: [
          {
            path: 'http[1]',
            destinations: [
              { to: 'stable', hash: undefined, weight: 90 },
              { to: 'canary', hash: undefined, weight: 10 },
            ],
          },
        ],
      },
    ])
  })

  it('may live in another namespace when it is named with it', () => {
    const named = rollout('{istio: {virtualService: {name: web.mesh}}}')
    const { policy, told } = read(named, services, virtualService(`[{route: ${both}}]`, 'web', 'mesh'))
    expect(told).toEqual([])
    expect(policy!.routes.map(({ name }) => name)).toEqual(['web'])
  })

  it.each([
    ['the canary', '[{route: [{destination: {host: stable}}]}]', "Canary Service 'canary' not found in route"],
    ['the stable version', '[{route: [{destination: {host: canary}}]}]', "Stable Service 'stable' not found in route"],
    ['anything', '[]', 'VirtualService web has no routes'],
  ])('must lead to %s', (_, http, message) => {
    expect(read(istio, services, virtualService(http)).told.join('\n')).toContain(message)
  })

  it.each([
    ['unnamed', `[{route: ${both}}, {route: ${both}}]`],
    ['named', `[{name: a, route: ${both}}, {name: b, route: ${both}}]`],
  ])('with several %s routes needs to know which are managed', (_, http) => {
    expect(read(istio, services, virtualService(http)).told).toEqual([
      'error Istio VirtualService has invalid HTTP routes. Error: spec.http[] should be set in VirtualService and it must have exactly one route when omitting spec.strategy.canary.trafficRouting.istio.virtualService.routes',
    ])
  })

  it('must have the routes that are named', () => {
    const named = rollout('{istio: {virtualService: {name: web, routes: [other]}}}')
    expect(read(named, services, virtualService(`[{name: a, route: ${both}}]`)).told).toEqual([
      "error Istio VirtualService has invalid HTTP routes. Error: HTTP Route 'other' is not found in the defined Virtual Service.",
    ])
  })

  it('must lead to both subsets under a DestinationRule', () => {
    const bySubset = rollout(
      '{istio: {virtualService: {name: web}, destinationRule: {name: web, canarySubsetName: new, stableSubsetName: old}}}',
    )
    const rule =
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web, namespace: prod}\nspec: {host: stable}\n'
    const http = '[{route: [{destination: {host: stable, subset: old}}]}]'
    expect(read(bySubset, services, virtualService(http), rule).told).toEqual([
      "error Istio VirtualService has invalid HTTP routes. Error: Canary DestinationRule subset 'new' not found in route",
    ])
  })

  it.each([
    ['text', 'spec.http must be a list'],
    ['[text]', 'spec.http[0] must be a mapping'],
    ['[{route: text}]', 'spec.http[0].route must be a list'],
    ['[{route: {}}]', 'spec.http[0].route must be a list'],
    ['[{route: [null]}]', 'spec.http[0].route[0] must be a mapping'],
    ['[{route: [{destination: {host: 7}}]}]', 'spec.http[0].route[0].destination.host must be text'],
    [
      '[{route: [{destination: {host: stable}, weight: "100"}]}]',
      'spec.http[0].route[0].weight must be a whole number',
    ],
    ['[{route: [{destination: {host: stable}, weight: -50}]}]', 'weight -50 must be >= 0'],
  ])('is read with care: http %s', (http, message) => {
    const { told } = read(istio, services, virtualService(http))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(message)
  })
})

describe('A managed Ingress', () => {
  it('needs a rule for the stable Service', () => {
    expect(read(nginx, services, ingress('{service: {name: stable}}')).told).toEqual([])
    expect(read(nginx, services, ingress('{service: {name: other}}')).told).toEqual([
      'error ingress `web` has no rules using service stable backend',
    ])
  })

  it('is read with care', () => {
    expect(read(nginx, services, ingress('7')).told).toEqual([
      'error spec.rules[0].http.paths[0].backend must be a mapping',
    ])
  })

  it('must be one', () => {
    expect(read(rollout('{nginx: {stableIngresses: []}}'), services).told).toEqual([
      'error spec.strategy.canary.trafficRouting.nginx: Either StableIngress or StableIngresses must be configured. Neither are configured.',
    ])
  })
})

describe('A Service of the strategy', () => {
  const basic = rollout('null')

  it('must select the pods', () => {
    expect(read(basic, service('stable', '{app: zzz}'), service('canary', '{app: shop, tier: web}')).told).toEqual([
      'error Service "stable" has unmatch label "app" in rollout',
      'error Service "canary" has unmatch label "tier" in rollout',
    ])
  })

  it('may be without a selector, or with the hash that the controller writes', () => {
    const hashed = service('canary', '{app: shop, rollouts-pod-template-hash: abc}')
    expect(read(basic, service('stable', 'null'), hashed).told).toEqual([])
  })

  it('must be one', () => {
    const broken = services.replace(/spec: \{selector.*/, 'spec: 5')
    expect(read(basic, broken).told).toEqual(['error spec must be a mapping'])
  })
})

describe('A Rollout finds what is in its own namespace', () => {
  const analysed = rollout('null', ', analysis: {templates: [{templateName: check}]}')

  it('and says where else there is something of the name', () => {
    const { told, problems } = read(analysed, services, template('other'))
    expect(told).toEqual(["error AnalysisTemplate 'check' not found"])
    expect(problems[0]?.hint).toContain('There is one in namespace other at policy.yaml:')
    expect(read(analysed, services, template('prod')).told).toEqual([])
  })

  it('which is default where none is written', () => {
    const { told, problems } = read(analysed, services, template('prod').replace(', namespace: prod', ''))
    expect(told).toEqual(["error AnalysisTemplate 'check' not found"])
    expect(problems[0]?.hint).toContain('without a namespace, and so in default')
  })

  it('of two objects of one name the last, with a warning that names both places', () => {
    const { policy, problems } = read(analysed, services, template('prod', '1m'), template('prod', '2m'))
    expect(policy!.catalogue.templates.map(({ metrics }) => metrics[0]!.interval)).toEqual(['2m'])
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        code: 'object-twice',
        message: 'a second AnalysisTemplate check: this one counts, as the last one does with kubectl apply',
      },
    ])
    expect(problems[0]?.hint).toMatch(/^The one before is at policy\.yaml:\d+:\d+\.$/)
  })
})

describe("A field that the API server doesn't know", () => {
  const told = (...texts: readonly string[]) => read(...texts).told.filter((text) => text.includes('unknown field'))

  it('is told of what the policy refers to', () => {
    const routes = `[{matches: [], route: ${both}}]`
    expect(told(istio, services, virtualService(routes))).toEqual([
      'warning unknown field spec.http[0].matches: the API server drops it',
    ])
    expect(told(nginx, services, ingress('{service: {name: stable}, servicePort: 80}'))).toEqual([
      'warning unknown field spec.rules[0].http.paths[0].backend.servicePort: the API server drops it',
    ])
    expect(told(istio, service('stable', '{app: shop}').replace('spec: {', 'spec: {selectors: {}, '))).toEqual([
      'warning unknown field spec.selectors: the API server drops it',
    ])
    expect(told(rollout('null'), services, template('prod').replace('interval:', 'every: 1m, interval:'))).toEqual([
      'warning unknown field spec.metrics[0].every: the API server drops it',
    ])
  })

  it('is told of experiments and runs beside it', () => {
    const experiment = `
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: e, namespace: prod}
spec: {templates: [], durations: 5m}
`
    expect(told(rollout('null'), services, experiment)).toEqual([
      'warning unknown field spec.durations: the API server drops it',
    ])
  })
})

describe('What belongs to others', () => {
  it('is not among the routes and Services of the policy', () => {
    const others = [
      virtualService(`[{route: ${both}}]`, 'other'),
      virtualService('text', 'broken'),
      service('other', '{app: other}'),
      service('shop', '{app: shop}', 'staging'),
      service('everything', '{app: shop}'),
    ]
    const { policy, told } = read(istio, services, virtualService(`[{route: ${both}}]`), ...others)
    expect(told).toEqual([])
    expect(policy!.routes.map(({ name }) => name)).toEqual(['web'])
    expect(policy!.services.map(({ name }) => name)).toEqual(['stable', 'canary', 'everything'])
  })

  it('may have kinds of the same names', () => {
    const knative = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: fn, namespace: prod}\n'
    expect(read(rollout('null'), services, knative).told).toEqual([
      'warning Service fn is not simulated: it is left out',
    ])
  })
})

function read(...texts: readonly string[]) {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: texts.join('---\n') }) }, problems)
  const policy = readPolicy(manifests, problems)
  const found = problems.sorted()
  for (const { line, column } of found) expect(Math.min(line, column)).toBeGreaterThan(0)
  return { policy, problems: found, told: found.map(({ severity, message }) => `${severity} ${message}`) }
}
