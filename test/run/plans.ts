// Plans for tests: a scenario and a policy given as text.
import { type Audience, type Plan, prepare } from '../../src/run/plan.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { type Problem, Problems } from '../../src/scenario/problem.js'

export function planOf(scenario: string, policy: string, rules = '', audience: Audience = {}): Plan {
  const { plan, problems } = tryPlan(scenario, policy, rules, audience)
  if (!plan || problems.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(problems))
  return plan
}

/** What the scenario names as `rules.yaml` are the rules. */
export function tryPlan(
  scenario: string,
  policy: string,
  rules = '',
  audience: Audience = {},
): { plan: Plan | undefined; problems: readonly Problem[] } {
  const texts: Readonly<Record<string, string>> = { 'policy.yaml': policy, 'rules.yaml': rules }
  const files: Files = { read: (path) => ({ text: texts[path] ?? scenario }) }
  const problems = new Problems()
  const file = readScenario('scenario.yaml', files, problems)
  const manifests = readManifests(['policy.yaml'], files, problems)
  const plan = prepare('test', file, manifests, problems, audience)
  return { plan, problems: problems.sorted() }
}

/** A Rollout of so many replicas, with an Istio router and a Service for the canary if asked for. */
export function rollout(replicas: number, canary: string, isRouted = true): string {
  const routing =
    'stableService: shop, canaryService: shop-canary, trafficRouting: {istio: {virtualService: {name: shop}}}'
  const services = isRouted ? ['shop', 'shop-canary'] : ['shop']
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy:
    canary: {${isRouted ? `${routing}, ` : ''}${canary}}
${services.map((name) => `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`).join('')}---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]}]
`
}

/** An AnalysisTemplate with one Prometheus metric. */
export function template(name: string, metric: string, query: string): string {
  return `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ${name}}
spec:
  metrics:
    - name: ${name}
      ${metric}
      provider: {prometheus: {address: "http://prometheus:9090", query: ${JSON.stringify(query)}}}
`
}
