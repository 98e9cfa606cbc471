// How many replicas an object asks for, as far as that many are simulated.
import { limits } from '../scenario/limits.js'
import type { Fields } from './fields.js'

/** Of a Rollout, a Deployment or a ReplicaSet: 1 where nobody says. */
export function readReplicas(spec: Fields): number {
  const replicas = spec.integer('replicas') ?? 1
  if (replicas < 0) {
    spec.error('replicas', 'out-of-range', `replicas must be greater than or equal to 0, not ${replicas}`)
  }
  return withinReplicas(spec, replicas, 'replicas')
}

export function withinReplicas(spec: Fields, replicas: number, key: string): number {
  if (replicas <= limits.replicas) return replicas
  const hint = `No more than ${limits.replicas} are.`
  spec.error(key, 'limit-replicas', `${replicas} replicas are not simulated`, hint)
  return limits.replicas
}
