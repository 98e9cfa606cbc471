// Targets for tests of dialects: a pod of the canary, the gateway in front of it, and an endpoint that tells of one.
import type { Observed, PodIdentity, Target } from '../../../src/metrics/dialects/dialect.js'
import { Exposition } from '../../../src/metrics/dialects/exposition.js'
import type { Exposure } from '../../../src/metrics/dialects/exposure.js'

export const canaryPod: PodIdentity = {
  namespace: 'shop',
  name: 'checkout-84969479d9-7xk2p',
  workload: 'checkout',
  workloadKind: 'Rollout',
  version: 'canary',
  replicaSet: 'checkout-84969479d9',
  labels: { app: 'checkout', 'rollouts-pod-template-hash': '84969479d9' },
  address: '10.244.0.31',
  container: 'checkout',
  image: 'checkout:2',
  resources: [],
}

export const gatewayPod: PodIdentity = {
  ...canaryPod,
  namespace: 'istio-system',
  name: 'istio-ingressgateway-6c647c4cf4-rxvhw',
  workload: 'istio-ingressgateway',
  workloadKind: 'Deployment',
  version: '',
  replicaSet: 'istio-ingressgateway-6c647c4cf4',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
  address: '10.244.0.18',
  container: 'istio-proxy',
}

export const podTarget: Target = {
  side: 'server',
  server: canaryPod,
  client: gatewayPod,
  service: 'checkout',
  servicePort: 80,
  mainService: 'checkout',
  route: { name: 'checkout', rule: '', host: '', path: '/' },
}

/** The application in it, as it is found through the Service. */
export const applicationTarget: Target = { ...podTarget, side: 'application' }

/** An endpoint that tells of nothing but one target. */
export class OwnExposition extends Exposition {
  constructor(exposure: Exposure, target: Target) {
    super(exposure, target)
    this.add(target)
  }

  tell(timeMs: number, observed: Observed): void {
    this.scrape(timeMs, [observed])
  }
}
