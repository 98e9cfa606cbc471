// Whoever is told of what happens in the cluster.
import type { Pod, ReplicaSet, Route, Service } from './objects.js'

/** What somebody may want to be told of, at the instant it happens; they take what they need. */
export interface ClusterListener {
  /** Something that controllers watch changed: the size, the counts or the annotations of a ReplicaSet. */
  replicaSetChanged?(replicaSet: ReplicaSet): void
  /** It was written that its new size has been seen, and nothing else. */
  replicaSetNoticed?(replicaSet: ReplicaSet): void
  podChanged?(pod: Pod): void
  /** Its container has begun to run. */
  podStarted?(pod: Pod): void
  /** Its container has crashed, and will be started again. */
  podRestarted?(pod: Pod): void
  /** Requests are sent to it from now on, or no more, or it answers otherwise, or not. */
  podRouted?(pod: Pod): void
  /** As `kubectl get events` would show it. */
  told?(on: string, reason: string, message: string): void
  serviceChanged?(service: Service): void
  routeChanged?(route: Route): void
}
