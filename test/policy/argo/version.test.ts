// Versions of the controller: what of a policy they read otherwise. What they do otherwise stands in the recordings.
import { describe, expect, it } from 'vitest'
import { type ArgoPolicy, readPolicy } from '../../../src/policy/argo/policy.js'
import { newest, versionOf } from '../../../src/policy/argo/version.js'
import { readManifests } from '../../../src/scenario/load.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'

const rollout = (canary: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy:
    canary: ${canary}
`

const services = ['stable', 'canary'].map(
  (name) => `\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: shop}}\n`,
)

const withServices = (routing: string, steps = '[{setWeight: 10}]') =>
  rollout(`{canaryService: canary, stableService: stable, trafficRouting: ${routing}, steps: ${steps}}`)

describe('A version', () => {
  it('differs from another of the same minor version in nothing that is simulated', () => {
    expect(versionOf('1.8.4')).toBe(versionOf('1.8.5'))
    expect(versionOf('1.10.1')).toBe(newest)
  })

  it('has all behaviours when it is the newest, and none of the later ones when it is the oldest', () => {
    expect(new Set(Object.values(newest.does))).toEqual(new Set([true]))
    expect(new Set(Object.values(versionOf('1.8.5').does))).toEqual(new Set([false]))
    expect(new Set(Object.values(versionOf('1.9.3').does))).toEqual(new Set([true, false]))
  })

  it('is frozen', () => {
    expect(Object.isFrozen(newest)).toBe(true)
    expect(Object.isFrozen(newest.does)).toBe(true)
  })
})

describe('A field that came later', () => {
  const threshold = rollout('{replicaProgressThreshold: {type: Percent, value: 50}, steps: [{setWeight: 25}]}')

  it('is ignored by an older version, and told by its place', () => {
    const { policy, problems } = read('1.8.5', threshold)
    expect(policy!.rollout.canary.progressThreshold).toBeUndefined()
    const message =
      'spec.strategy.canary.replicaProgressThreshold is ignored by Argo Rollouts 1.8: its API server drops it'
    expect(problems).toMatchObject([{ severity: 'warning', code: 'later-field', message, line: 11, column: 40 }])
  })

  it('is ignored with all that is wrong in it', () => {
    const wrong = rollout('{replicaProgressThreshold: {type: [], valu: x}}')
    expect(read('1.8.5', wrong).problems.map(({ code }) => code)).toEqual(['later-field'])
    expect(read('1.9.3', wrong).problems.map(({ code }) => code)).not.toContain('later-field')
  })

  it('is read by the version that has it', () => {
    const { policy, problems } = read('1.9.3', threshold)
    expect(problems).toEqual([])
    expect(policy!.rollout.canary.progressThreshold).toEqual({ type: 'Percent', value: 50 })
  })

  it('is found inside lists and behind others', () => {
    const experiment = 'experiment: {scaleDownDelaySeconds: 5, templates: []}'
    const { problems } = read('1.8.5', rollout(`{steps: [{setWeight: 5}, {${experiment}}]}`))
    expect(problems.filter(({ code }) => code === 'later-field').map(({ message }) => message.split(' ')[0])).toEqual([
      'spec.strategy.canary.steps[1].experiment.scaleDownDelaySeconds',
    ])
  })

  it('makes no complaint where nobody wrote it', () => {
    expect(read('1.8.5', rollout('{}')).problems).toEqual([])
    expect(read('1.8.5', rollout('{replicaProgressThreshold: null}')).problems).toEqual([])
  })
})

describe('A router', () => {
  const traefik = (group: string) =>
    `\napiVersion: ${group}/v1alpha1\nkind: TraefikService\nmetadata: {name: t}\n` +
    'spec: {weighted: {services: [{name: stable}, {name: canary}]}}\n'
  const policy = withServices('{traefik: {weightedTraefikServiceName: t}}')

  it.each([
    ['1.9.3', 'traefik.containo.us', 'traefik.io'],
    ['1.10.2', 'traefik.io', 'traefik.containo.us'],
  ])('of Traefik has in %s the group %s, not %s', (version, group, other) => {
    expect(read(version, policy, ...services, traefik(group)).problems).toEqual([])
    const { problems } = read(version, policy, ...services, traefik(other))
    expect(problems.map(({ code }) => code)).toContain('missing-router-object')
  })

  it.each([
    ['1.9.3', 'vs', 'shop'],
    ['1.10.2', 'vs.shop', 'team'],
  ])('of Istio is looked for by %s under the name %s in the namespace %s', (version, name, namespace) => {
    const { problems } = read(version, withServices('{istio: {virtualService: {name: vs.shop.team}}}'), ...services)
    expect(problems[0]!.message).toBe(`virtualservices.networking.istio.io "${name}" not found`)
    const found = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {http: [{route: [{destination: {host: stable}}, {destination: {host: canary}}]}]}
`
    const routed = withServices('{istio: {virtualService: {name: vs.shop.team}}}')
    expect(read(version, routed, ...services, found).problems).toEqual([])
  })

  it.each([
    ['1.9.3', 'SetMirrorRoute requires TrafficRouting, supports Istio only'],
    ['1.10.2', 'SetMirrorRoute requires TrafficRouting, supports Istio and Plugins'],
  ])('that cannot mirror is told so in the words of %s', (version, words) => {
    const { problems } = read(version, withServices('{smi: {}}', '[{setMirrorRoute: {name: m}}]'), ...services)
    expect(problems.map(({ message }) => message)).toContain(words)
  })

  it.each([
    ['1.9.3', 'Ping-pong feature works with the ALB and Istio traffic routers only'],
    ['1.10.2', 'Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only'],
  ])('that knows no turns is told so in the words of %s', (version, words) => {
    const turns = rollout('{pingPong: {pingService: a, pongService: b}, trafficRouting: {smi: {}}}')
    expect(read(version, turns).problems.map(({ message }) => message)).toContain(words)
  })
})

function read(
  version: string,
  ...texts: readonly string[]
): { policy: ArgoPolicy | undefined; problems: readonly Problem[] } {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: texts.join('---') }) }, problems)
  return { policy: readPolicy(manifests, problems, versionOf(version)), problems: problems.sorted() }
}
