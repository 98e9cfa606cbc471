// The targets that Prometheus has of a pod under one set of labels: the proxy beside its application, which is found as
// the pod, and the application itself once for each Service that selects the pod.
import type { PodIdentity } from '../metrics/dialects/dialect.js'
import { Exposition } from '../metrics/dialects/exposition.js'
import { Endpoint } from './endpoint.js'
import type { Observation } from './observation.js'
import { targetOf, type Workload } from './workload.js'

/** The application of a pod, as it is found through a Service. */
export interface Application {
  readonly exposition: Exposition
  /** Whether the Service selects the pod now, and the pod has this face. */
  isFound: boolean
}

export class PodFace {
  /** Undefined where nobody asks for what it tells. */
  readonly sidecar: Endpoint | undefined
  private readonly applications = new Map<string, Application>()

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly identity: PodIdentity,
  ) {
    const { exposure, watches } = observation
    if (watches.has('server')) {
      this.sidecar = new Endpoint(exposure, targetOf(workload, 'server', identity, workload.entryService))
    }
  }

  target(service: string) {
    return targetOf(this.workload, 'server', this.identity, service)
  }

  applicationBehind(service: string): Application {
    let application = this.applications.get(service)
    if (!application) {
      const target = targetOf(this.workload, 'application', this.identity, service)
      const exposition = new Exposition(this.observation.exposure, target)
      exposition.add(target)
      application = { exposition, isFound: false }
      this.applications.set(service, application)
    }
    return application
  }

  /** A new flight begins: nothing is known of it. */
  reset(): void {
    this.sidecar?.restart()
    this.forgetExposed()
  }

  /** What Prometheus knew of it is forgotten. */
  forgetExposed(): void {
    this.sidecar?.exposition.restart()
    for (const { exposition } of this.applications.values()) exposition.restart()
  }

  /** Nobody will ask for it any more; whatever is still found in the store keeps its place there. */
  forget(): void {
    this.sidecar?.exposition.forget()
    for (const { exposition } of this.applications.values()) exposition.forget()
  }
}
