// The autoscaler of a case, started as that of the recordings is.
import type { ArgoRollouts } from '../../src/policy/argo/controller.js'
import { RolloutScale } from '../../src/policy/argo/scale-target.js'
import { Autoscaler } from '../../src/policy/kubernetes/autoscaler.js'
import type { AutoscalerSpec } from '../../src/policy/kubernetes/autoscaler-spec.js'
import type { PodMetrics } from '../../src/policy/kubernetes/replica-calculator.js'
import type { View } from '../../src/policy/view.js'

/** As the controller manager of the recordings is told. */
const periodMs = 5_000

/** There is no metrics server beside the recorded ones. */
const noPodMetrics: PodMetrics = {
  read: () => undefined,
  outage:
    'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
}

export function autoscale(spec: AutoscalerSpec, controller: ArgoRollouts, view: View): Autoscaler {
  const autoscaler = new Autoscaler(spec, new RolloutScale(controller), noPodMetrics, view, periodMs)
  autoscaler.lookAt(view.loop.now + periodMs)
  return autoscaler
}
