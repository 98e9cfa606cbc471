// The flight that speed is measured on: a 30-minute Argo canary at 10,000 requests a second with a PromQL analysis.
import { type Plan, prepare } from '../../src/run/plan.js'
import type { Fidelity } from '../../src/scenario/fidelity.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'

const scenario = `
teaches: How fast a healthy release flies.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 30m
traffic: {rate: 10k/s, users: 1M}
`

export const policy = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 10
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy:
    canary:
      stableService: shop
      canaryService: shop-canary
      trafficRouting: {istio: {virtualService: {name: shop}}}
      analysis: {templates: [{templateName: success-rate}], startingStep: 1}
      steps:
        - setWeight: 5
        - pause: {duration: 5m}
        - setWeight: 20
        - pause: {duration: 5m}
        - setWeight: 50
        - pause: {duration: 5m}
        - setWeight: 80
        - pause: {duration: 5m}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: success-rate}
spec:
  metrics:
    - name: success-rate
      interval: 1m
      initialDelay: 1m
      failureLimit: 2
      successCondition: result[0] >= 0.99
      provider:
        prometheus:
          address: http://prometheus:9090
          query: |
            sum(rate(istio_requests_total{reporter="source",destination_service_name="shop-canary",response_code!~"5.*"}[2m]))
            /
            sum(rate(istio_requests_total{reporter="source",destination_service_name="shop-canary"}[2m]))
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}}
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary}
spec: {selector: {app: shop}}
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]}]
`

export function canary30m(fidelity?: Fidelity): Plan {
  const files: Files = { read: (path) => ({ text: path.endsWith('policy.yaml') ? policy : scenario }) }
  const problems = new Problems()
  const file = readScenario('scenario.yaml', files, problems)
  const manifests = readManifests(['policy.yaml'], files, problems)
  const plan = prepare('canary-30m', file, manifests, problems, { fidelity })
  problems.throwIfAny()
  return plan!
}
