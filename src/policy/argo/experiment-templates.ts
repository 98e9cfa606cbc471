// The templates of an Experiment: each has a ReplicaSet of its own, perhaps a Service, and a status that tells of them.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { type ReplicaSet, Service } from '../../world/cluster/objects.js'
import type { View } from '../view.js'
import type { RunPhase } from './analysis-run.js'
import {
  type Experiment,
  endOf,
  isCompletedTemplate,
  isEnding,
  type TemplateSpec,
  type TemplateStatus,
  wantedReplicas,
} from './experiment.js'
import { lookAgainMs } from './timers.js'

/** Makes, sizes and removes what belongs to a template; the result is its next status. */
export function reconcileTemplate(experiment: Experiment, template: TemplateSpec, view: View): TemplateStatus {
  const last = experiment.status.templates.find(({ name }) => name === template.name)
  const next: TemplateStatus = last ? { ...last } : newStatus(template.name)
  const wanted = wantedReplicas(experiment, experiment.status, template)
  const second = floorToSecond(view.loop.now)
  let live = experiment.replicaSets.get(template.name)
  if (!live) {
    live = createReplicaSet(experiment, template, view)
    next.lastTransitionMs = second
  } else {
    reconcileService(experiment, template, live, next, wanted, view)
    if (wanted === 0) setDeadline(experiment, live, view)
    if (live.spec !== wanted) {
      scale(experiment, template, live, wanted, view)
      next.lastTransitionMs = second
    }
  }
  const { replicas, ready, available } = live
  if (next.replicas !== replicas || next.ready !== ready || next.available !== available) {
    next.lastTransitionMs = second
    Object.assign(next, { replicas, ready, available })
  }
  if (!isCompletedTemplate(next)) assess(experiment, next, wanted, view.loop.now)
  if (last?.status !== next.status) tell(experiment, last?.status ?? '', next, view)
  return next
}

/** The worst status of all, as the phase of an experiment. */
export function assessTemplates(templates: readonly TemplateStatus[]): { phase: RunPhase; message: string } {
  let worst: TemplateStatus['status'] = 'Successful'
  let message = ''
  for (const template of templates) {
    if (severity.indexOf(template.status) <= severity.indexOf(worst)) continue
    worst = template.status
    message = template.message
  }
  return { phase: worst === 'Progressing' ? 'Pending' : worst, message }
}

/** When the first template that lacks pods will have lacked them for too long. */
export function whenOverdue(experiment: Experiment): number {
  const { spec, status } = experiment
  let firstMs = Number.POSITIVE_INFINITY
  for (const template of spec.templates) {
    const known = status.templates.find(({ name }) => name === template.name)
    if (known?.status !== 'Progressing' && known?.status !== 'Running') continue
    if (known.available === wantedReplicas(experiment, status, template)) continue
    firstMs = Math.min(firstMs, known.lastTransitionMs + spec.progressDeadlineMs)
  }
  return firstMs
}

const severity: readonly TemplateStatus['status'][] = ['Successful', 'Running', 'Progressing', 'Error', 'Failed']

function newStatus(name: string): TemplateStatus {
  return {
    name,
    status: '',
    message: '',
    replicas: 0,
    ready: 0,
    available: 0,
    lastTransitionMs: Number.NaN,
    serviceName: '',
    hash: '',
  }
}

/** Without pods at first: the next pass asks for them. */
function createReplicaSet(
  { owner, replicaSets }: Experiment,
  { name, template, minReadyMs }: TemplateSpec,
  { cluster }: View,
): ReplicaSet {
  const made = cluster.createReplicaSet(owner, template, 0, minReadyMs, `${owner.name}-${name}`)
  replicaSets.set(name, made)
  return made
}

/** A Service is there as long as pods are wanted or left. Containers that name no port get none (1.10.1, observed). */
function reconcileService(
  { services }: Experiment,
  { name, service: wish, template }: TemplateSpec,
  live: ReplicaSet,
  next: TemplateStatus,
  wanted: number,
  { cluster }: View,
): void {
  const known = services.get(name)
  if (wish && wanted > 0 && !known && template.hasPorts) {
    const made = new Service(wish.name ?? live.name, template.labels)
    made.hash = live.hash
    made.managed = true
    services.set(name, made)
    next.serviceName = made.name
    next.hash = live.hash
    cluster.addService(made)
  } else if (known && wanted === 0 && live.available === 0) {
    services.delete(name)
    next.serviceName = ''
    next.hash = ''
    cluster.removeService(known)
  }
}

function setDeadline({ spec }: Experiment, live: ReplicaSet, { cluster, loop }: View): void {
  if (spec.scaleDownDelayMs === 0 || !Number.isNaN(live.scaleDownDeadlineMs)) return
  live.scaleDownDeadlineMs = floorToSecond(loop.now + spec.scaleDownDelayMs)
  cluster.annotated(live)
}

/** Pods that aren't wanted any more stay until their deadline. */
function scale(
  { name, work }: Experiment,
  { replicas }: TemplateSpec,
  live: ReplicaSet,
  wanted: number,
  { cluster, loop, journal }: View,
): void {
  const leftMs = live.scaleDownDeadlineMs - loop.now
  const isHeld = wanted === 0 && leftMs > 0
  if (isHeld) work!.enqueueAt(lookAgainMs(live.scaleDownDeadlineMs, loop.now))
  const size = isHeld ? replicas : wanted
  const before = live.spec
  if (size === before) return
  cluster.scale(live, size)
  journal.event?.(
    `Experiment/${name}`,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${before < size ? 'up' : 'down'} ReplicaSet ${live.name} from ${before} to ${size}`,
  )
}

function assess(experiment: Experiment, next: TemplateStatus, wanted: number, nowMs: number): void {
  const { spec, status } = experiment
  const { progressDeadlineMs } = spec
  if (wanted === next.available) {
    next.status = nowMs > endOf(experiment) || isEnding(experiment, status) ? 'Successful' : 'Running'
  } else if (nowMs > next.lastTransitionMs + progressDeadlineMs) {
    next.status = 'Failed'
    next.message = `Template '${next.name}' exceeded its progressDeadlineSeconds (${progressDeadlineMs / 1000})`
  } else next.status = isEnding(experiment, status) ? 'Successful' : 'Progressing'
}

function tell({ name }: Experiment, before: string, { name: template, status, message }: TemplateStatus, view: View) {
  const why = message === '' ? '' : `: ${message}`
  const type = status === 'Failed' || status === 'Error' ? 'Warning' : 'Normal'
  view.journal.event?.(
    `Experiment/${name}`,
    type,
    `Template${status}`,
    `Template '${template}' transitioned from ${before} -> ${status}${why}`,
  )
}
