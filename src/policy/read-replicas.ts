// How many replicas an object asks for, as far as that many are simulated.
import type { Fields } from './fields.js'

/** Beyond any workload in the field; each pod costs some 200 bytes and its own life. */
const mostReplicas = 100_000

/** Of a Rollout, a Deployment or a ReplicaSet: 1 where nobody says. */
export function readReplicas(spec: Fields): number {
  const replicas = spec.integer('replicas') ?? 1
  if (replicas < 0) {
    spec.error('replicas', 'out-of-range', `replicas must be greater than or equal to 0, not ${replicas}`)
  }
  return withinReplicas(spec, replicas)
}

function withinReplicas(spec: Fields, replicas: number): number {
  if (replicas <= mostReplicas) return replicas
  const hint = `No more than ${mostReplicas} are.`
  spec.error('replicas', 'limit-replicas', `${replicas} replicas are not simulated`, hint)
  return mostReplicas
}
