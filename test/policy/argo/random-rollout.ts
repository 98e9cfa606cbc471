// Random Rollouts with the mistakes that people make, for a controller to validate.
import type { Json, JsonObject } from '../../../src/scenario/json.js'
import type { Chance } from '../../conformance/chance.js'

/** The manifest; what it refers to is nowhere. */
export function randomRollout(chance: Chance): JsonObject {
  const labels = { app: 'demo' }
  const container = chance.happens(0.96)
    ? { name: 'app', image: 'demo:v1' }
    : chance.oneOf<JsonObject>([{ name: 'app' }, { name: 'App_x', image: 'demo:v1' }])
  const selector = chance.happens(0.96)
    ? { matchLabels: labels }
    : chance.oneOf<JsonObject>([{ matchLabels: { app: 'other' } }, { matchLabels: {} }, matching('In', 'demo')])
  const spec = {
    replicas: chance.oneOf([1, 2, 5, 10]),
    selector,
    template: { metadata: { labels }, spec: { containers: [container] } },
    strategy: randomStrategy(chance),
    ...sometimes(chance, 0.04, 'minReadySeconds', [-1, 10, 700]),
    ...sometimes(chance, 0.04, 'progressDeadlineSeconds', [-1, 0, 5, 10]),
    ...sometimes(chance, 0.04, 'revisionHistoryLimit', [-1, 0, 2]),
  }
  const metadata = { name: 'demo', namespace: 'default', labels }
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata, spec }
}

function matching(operator: string, value: string): JsonObject {
  return { matchExpressions: [{ key: 'app', operator, values: [value] }] }
}

function sometimes(chance: Chance, probability: number, key: string, values: readonly Json[]): JsonObject {
  return chance.happens(probability) ? { [key]: chance.oneOf(values) } : {}
}

function randomStrategy(chance: Chance): JsonObject {
  const kind = chance.below(100)
  if (kind < 84) return { canary: randomCanary(chance) }
  if (kind < 96) return { blueGreen: randomBlueGreen(chance) }
  return kind < 98 ? { canary: randomCanary(chance), blueGreen: randomBlueGreen(chance) } : {}
}

function randomCanary(chance: Chance): JsonObject {
  const isRouted = chance.happens(0.6)
  return {
    ...sometimes(chance, isRouted ? 0.95 : 0.4, 'canaryService', ['c', 'c', 'c', 'c', 'c', 's', '']),
    ...sometimes(chance, isRouted ? 0.95 : 0.4, 'stableService', ['s', 's', 's', 's', 's', 'c', '']),
    ...sometimes(chance, 0.2, 'maxSurge', [0, 1, '25%', '0%', 'abc', '', 2, -1, '1.5%']),
    ...sometimes(chance, 0.2, 'maxUnavailable', [0, 1, '25%', '0%', 'abc', '-10%']),
    ...(isRouted && { trafficRouting: randomRouting(chance) }),
    ...sometimes(chance, isRouted ? 0.1 : 0.02, 'dynamicStableScale', [true, true, false]),
    ...sometimes(chance, isRouted ? 0.1 : 0.02, 'scaleDownDelaySeconds', [0, 10, -1]),
    ...sometimes(chance, 0.05, 'abortScaleDownDelaySeconds', [0, 5]),
    ...sometimes(chance, 0.05, 'pingPong', [pair('p', 'q'), pair('p', 'p'), pair('', 'q')]),
    ...sometimes(chance, 0.03, 'antiAffinity', antiAffinities),
    steps: many(chance, 4, () => randomStep(chance)),
  }
}

function pair(pingService: string, pongService: string): JsonObject {
  return { pingService, pongService }
}

const required = { requiredDuringSchedulingIgnoredDuringExecution: {} }
const antiAffinities: readonly Json[] = [
  required,
  ...[0, 50, 101].map((weight) => ({ preferredDuringSchedulingIgnoredDuringExecution: { weight } })),
  {},
  { ...required, preferredDuringSchedulingIgnoredDuringExecution: { weight: 5 } },
]

const routers: Readonly<Record<string, readonly Json[]>> = {
  istio: [
    { virtualService: { name: 'vs' } },
    { virtualService: { name: 'vs' }, destinationRule: { name: 'd', canarySubsetName: 'c', stableSubsetName: 's' } },
    { virtualServices: [{ name: 'vs' }] },
    {},
    { virtualService: { name: 'vs' }, virtualServices: [{ name: 'w' }] },
  ],
  nginx: [{ stableIngress: 'i' }, { stableIngresses: ['i', 'j'] }, {}, { stableIngress: 'i', stableIngresses: ['j'] }],
  alb: [
    { ingress: 'i', servicePort: 80 },
    { ingress: 'i', servicePort: 80, rootService: 'root' },
    { ingresses: ['i', 'j'], servicePort: 80 },
    { servicePort: 80 },
  ],
  smi: [{}],
  traefik: [{ weightedTraefikServiceName: 't' }],
  ambassador: [{ mappings: ['m'] }],
  apisix: [{ route: { name: 'r', rules: ['x'] } }],
  plugins: [{ 'a/b': {} }],
}

function randomRouting(chance: Chance): JsonObject {
  const names = Object.keys(routers)
  const router = () => {
    const name = chance.happens(0.5) ? chance.oneOf(['istio', 'nginx']) : chance.oneOf(names)
    return { [name]: chance.oneOf(routers[name]!) }
  }
  return {
    ...router(),
    ...(chance.happens(0.08) && router()),
    ...sometimes(chance, 0.6, 'managedRoutes', [[{ name: 'h' }], [{ name: 'h' }, { name: 'm' }]]),
    ...sometimes(chance, 0.05, 'maxTrafficWeight', [10, 1000, 100]),
  }
}

/** By kind; a good value is likelier than a bad one. */
const stepValues: Readonly<Record<string, readonly Json[]>> = {
  setWeight: [0, 5, 20, 50, 80, 100, 101, -1],
  pause: [{}, ...[10, '10s', '1m', '1h30m', 0, '+5s', '.5s', -1, 'abc', '1d', '1.5'].map((duration) => ({ duration }))],
  analysis: [
    { templates: [{ templateName: 't' }] },
    ...["metadata.labels['app']", 'metadata.name', "metadata.labels['nope']"].map((fieldPath) => ({
      templates: [{ templateName: 't' }],
      args: [{ name: 'a', valueFrom: { fieldRef: { fieldPath } } }],
    })),
  ],
  setCanaryScale: [{ weight: 10 }, { replicas: 2 }, { matchTrafficWeight: true }],
  setHeaderRoute: [
    [headers({ exact: 'b' })],
    [headers({ regex: 'b' })],
    [headers({ exact: 'b', prefix: 'c' })],
    [],
    [headers({})],
  ].map((match) => ({ name: 'h', match })),
  setMirrorRoute: [[{ method: { exact: 'GET' } }], [{ path: { prefix: '/' } }], [], [{ path: {} }]].map((match) => ({
    name: 'm',
    percentage: 10,
    match,
  })),
  experiment: [{}, { weight: 5 }].map((more) => ({ templates: [{ name: 'e', specRef: 'canary', ...more }] })),
  plugin: [{ name: 'p/q' }],
}

function headers(headerValue: JsonObject): JsonObject {
  return { headerName: 'a', headerValue }
}

function randomStep(chance: Chance): JsonObject {
  if (chance.happens(0.02)) return {}
  const part = () => {
    const kind = chance.happens(0.5) ? chance.oneOf(['setWeight', 'pause']) : chance.oneOf(Object.keys(stepValues))
    const values = stepValues[kind]!
    return { [kind]: chance.oneOf(chance.happens(0.85) ? values.slice(0, Math.ceil(values.length * 0.6)) : values) }
  }
  return { ...part(), ...(chance.happens(0.15) && part()) }
}

function randomBlueGreen(chance: Chance): JsonObject {
  return {
    activeService: chance.oneOf(['a', 'a', 'a', 'p']),
    ...sometimes(chance, 0.5, 'previewService', ['p', 'p', 'a']),
    ...sometimes(chance, 0.2, 'scaleDownDelayRevisionLimit', [0, 1, 20]),
    ...sometimes(chance, 0.1, 'antiAffinity', antiAffinities),
    ...sometimes(chance, 0.2, 'autoPromotionSeconds', [0, 10]),
    ...sometimes(chance, 0.1, 'maxUnavailable', [0, '0%', 'abc', 1]),
  }
}

function many(chance: Chance, most: number, make: () => JsonObject): readonly JsonObject[] {
  return Array.from({ length: 1 + chance.below(most) }, make)
}
