// The status of a Deployment: its counts, whether enough of it is available, and whether its rollout gets on.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { type Condition, type Conditions, findCondition, replaceCondition, withCondition } from '../conditions.js'
import { type DeploymentStatus, isComplete, unavailableOf } from './deployment.js'
import { availableOf, type Sync, specOf } from './sync.js'

/** What the ReplicaSets say now, and from it whether the Deployment is available. */
export function statusNow(sync: Sync): DeploymentStatus {
  const { deployment, spec, all, current, view } = sync
  const available = availableOf(all)
  const sum = (count: (set: (typeof all)[number]) => number) => all.reduce((total, set) => total + count(set), 0)
  const isAvailable = available >= spec.replicas - unavailableOf(spec)
  const availability = isAvailable
    ? condition(view.loop.now, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : condition(view.loop.now, 'Available', 'False', 'MinimumReplicasUnavailable', notAvailable)
  return {
    replicas: sum(({ replicas }) => replicas),
    updated: current?.replicas ?? 0,
    ready: sum(({ ready }) => ready),
    available,
    unavailable: Math.max(0, specOf(all) - available),
    terminating: sum(({ terminating }) => terminating),
    observedGeneration: deployment.generation,
    conditions: withCondition(deployment.status.conditions, availability),
  }
}

const notAvailable = 'Deployment does not have minimum availability.'

export function condition(
  nowMs: number,
  type: Condition['type'],
  status: Condition['status'],
  reason: string,
  message: string,
): Condition {
  return { type, status, reason, message, lastUpdateMs: floorToSecond(nowMs) }
}

/** The status with what it says of the rollout's progress. One that was complete stays so until the next rollout. */
export function withProgress(sync: Sync, status: DeploymentStatus): DeploymentStatus {
  const { deployment, spec } = sync
  if (spec.progressDeadlineMs === Number.POSITIVE_INFINITY) {
    return { ...status, conditions: status.conditions.filter(({ type }) => type !== 'Progressing') }
  }
  const before = findCondition(deployment.status.conditions, 'Progressing')
  if (before?.reason === 'NewReplicaSetAvailable' && status.replicas === status.updated) return status
  return { ...status, conditions: conditionsOfProgress(sync, status, before) }
}

function conditionsOfProgress(sync: Sync, status: DeploymentStatus, before: Condition | undefined): Conditions {
  const { deployment, spec, current, view } = sync
  const { now } = view.loop
  const about = current ? `ReplicaSet "${current.name}"` : `Deployment "${spec.name}"`
  const { conditions } = status
  if (isComplete(spec, status)) {
    const message = `${about} has successfully progressed.`
    return withCondition(conditions, condition(now, 'Progressing', 'True', 'NewReplicaSetAvailable', message))
  }
  if (hasProgressed(deployment.status, status)) {
    // Written each time: the deadline counts from here.
    const message = `${about} is progressing.`
    return replaceCondition(conditions, condition(now, 'Progressing', 'True', 'ReplicaSetUpdated', message))
  }
  if (before && isTimedOut(before, spec.progressDeadlineMs, now)) {
    const message = `${about} has timed out progressing.`
    return withCondition(conditions, condition(now, 'Progressing', 'False', 'ProgressDeadlineExceeded', message))
  }
  return conditions
}

function hasProgressed(last: DeploymentStatus, next: DeploymentStatus): boolean {
  return (
    next.updated > last.updated ||
    next.replicas - next.updated < last.replicas - last.updated ||
    next.ready > last.ready ||
    next.available > last.available
  )
}

function isTimedOut({ reason, lastUpdateMs }: Condition, deadlineMs: number, nowMs: number): boolean {
  if (reason === 'NewReplicaSetAvailable') return false
  return reason === 'ProgressDeadlineExceeded' || lastUpdateMs + deadlineMs < nowMs
}

/** When the controller looks again at a rollout that has written nothing; undefined when it needn't. */
export function looksAgainAtMs({ deployment, spec, view }: Sync, status: DeploymentStatus): number | undefined {
  const progressing = findCondition(deployment.status.conditions, 'Progressing')
  if (!progressing || spec.progressDeadlineMs === Number.POSITIVE_INFINITY) return undefined
  if (isComplete(spec, status) || progressing.reason === 'ProgressDeadlineExceeded') return undefined
  const dueMs = progressing.lastUpdateMs + spec.progressDeadlineMs
  // With a second left or more it allows for one; with less it looks every 5 ms.
  return dueMs - view.loop.now < 1000 ? Math.max(view.loop.now, dueMs) + shortlyMs : dueMs + 1000
}

const shortlyMs = 5

export function isSameDeploymentStatus(a: DeploymentStatus, b: DeploymentStatus): boolean {
  return (
    a.replicas === b.replicas &&
    a.updated === b.updated &&
    a.ready === b.ready &&
    a.available === b.available &&
    a.unavailable === b.unavailable &&
    a.terminating === b.terminating &&
    a.observedGeneration === b.observedGeneration &&
    a.conditions.length === b.conditions.length &&
    a.conditions.every((one, index) => one === b.conditions[index])
  )
}
