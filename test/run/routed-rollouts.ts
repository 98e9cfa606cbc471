// Rollouts for tests, with each router that Argo Rollouts drives, and analyses that ask without judging.

interface Router {
  readonly routing: string
  readonly manifests: string
}

const backends = '[{name: shop, port: 80}, {name: shop-canary, port: 80}]'

const routers: Readonly<Record<string, Router>> = {
  istio: {
    routing: 'istio: {virtualService: {name: shop}}',
    manifests: `
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]}]
`,
  },
  nginx: {
    routing: 'nginx: {stableIngress: shop}',
    manifests: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.org
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}
`,
  },
  smi: { routing: 'smi: {}', manifests: '' },
  traefik: {
    routing: 'traefik: {weightedTraefikServiceName: shop}',
    manifests: `
apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: {name: shop}
spec: {weighted: {services: ${backends}}}
`,
  },
  ambassador: {
    routing: 'ambassador: {mappings: [shop]}',
    manifests: `
apiVersion: getambassador.io/v2
kind: Mapping
metadata: {name: shop}
spec: {prefix: /, service: "shop:80"}
`,
  },
  apisix: {
    routing: 'apisix: {route: {name: shop, rules: [all]}}',
    manifests: `
apiVersion: apisix.apache.org/v2
kind: ApisixRoute
metadata: {name: shop}
spec:
  http:
    - name: all
      match: {hosts: [shop.example.org], paths: ["/*"]}
      backends: [{serviceName: shop, servicePort: 80}, {serviceName: shop-canary, servicePort: 80}]
`,
  },
  gatewayAPI: {
    routing: 'plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop, namespace: default}}',
    manifests: `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: ${backends}}]}
`,
  },
}

/** Of four replicas, it goes half the way and stays there; it is analysed with the template `asked`. */
export function routedRollout(router: string): string {
  const { routing, manifests } = routers[router]!
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: "shop:1"
          resources: {requests: {cpu: 500m, memory: 200Mi}, limits: {memory: 240Mi}}
  strategy:
    canary:
      stableService: shop
      canaryService: shop-canary
      trafficRouting: {${routing}}
      analysis:
        templates: [{templateName: asked}]
        args:
          - {name: canary-hash, valueFrom: {podTemplateHashValue: Latest}}
          - {name: stable-hash, valueFrom: {podTemplateHashValue: Stable}}
      steps: [{setWeight: 50}, {pause: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
${manifests}`
}

/** Whatever the answers, the analysis goes on. */
export function templateOf(name: string, queries: readonly string[]): string {
  const metrics = queries.map(
    (query, index) => `
    - name: metric-${index}
      interval: 1m
      failureLimit: 1000
      inconclusiveLimit: 1000
      consecutiveErrorLimit: 1000
      provider: {prometheus: {address: "http://prometheus:9090", query: ${JSON.stringify(query)}}}`,
  )
  return `
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ${name}}
spec:
  args: [{name: canary-hash}, {name: stable-hash}]
  metrics:${metrics.join('')}
`
}
