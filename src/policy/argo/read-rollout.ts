// From a Rollout manifest to what the controller works with, with every complaint the controller would have.
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { canonicalJson } from '../canonical-json.js'
import { Fields } from '../fields.js'
import { readReplicas } from '../read-replicas.js'
import { checkAffinity } from './check-affinity.js'
import { checkBounds, checkServicesDiffer, checkServicesGiven, checkWhatNeedsRouting } from './check-canary.js'
import { checkObjectName } from './check-name.js'
import { valueAt } from './field-path.js'
import type { Objects } from './objects.js'
import { readAnalysisRequest } from './read-analysis.js'
import { readBlueGreen } from './read-blue-green.js'
import { atLeastZero, defaultDelaySeconds, nonNegative } from './read-number.js'
import { readMaxWeight, readPingPong, readRouting } from './read-routing.js'
import { readStep } from './read-step.js'
import { readTemplate } from './read-template.js'
import { tellInvalid, tellRequired } from './refusal.js'
import type { ProgressThreshold } from './replica-counts.js'
import type { CanarySpec, RolloutSpec } from './rollout-spec.js'
import { setsRoute, settingsOf } from './step.js'
import type { Behaviours } from './version.js'
import type { WorkloadManifest } from './workload-reference.js'

export interface RolloutManifest {
  readonly spec: RolloutSpec
  /** What it takes its template from, where that isn't its own. */
  readonly workload: WorkloadManifest | undefined
}

/** Reads in the order in which the controller validates, so that its first complaint is the first that is found. */
export function readRollout(
  manifest: Manifest,
  objects: Objects,
  problems: Problems,
  does: Behaviours,
): RolloutManifest {
  const top = Fields.of(manifest, problems)
  top.irrelevant('apiVersion', 'kind', 'status')
  const metadata = top.fields('metadata')
  if (metadata) checkObjectName(metadata)
  const spec = top.fields('spec') ?? top.empty('spec')
  top.end()
  const namespace = manifest.namespace ?? 'default'
  const replicas = readReplicas(spec)
  const { template, workloadRef, workload } = readTemplate(spec, namespace, objects, problems)
  const minReadySeconds = nonNegative(spec, 'minReadySeconds') ?? 0
  const revisionHistoryLimit = nonNegative(spec, 'revisionHistoryLimit') ?? 10
  const progressDeadlineSeconds = readProgressDeadline(spec, minReadySeconds)
  const strategy = spec.fields('strategy') ?? spec.empty('strategy')
  checkStrategy(strategy)
  const isMetadata = (path: string) => typeof valueAt(manifest, path) === 'string'
  const read: RolloutSpec = {
    name: manifest.name,
    namespace,
    replicas,
    template,
    workloadRef,
    minReadyMs: minReadySeconds * 1000,
    revisionHistoryLimit,
    runHistory: readRunHistory(spec),
    rollbackWindow: readRollbackWindow(spec),
    progressDeadlineMs: progressDeadlineSeconds * 1000,
    progressDeadlineAbort: spec.flag('progressDeadlineAbort') ?? false,
    paused: spec.flag('paused'),
    restartAtMs: undefined,
    field: (path, template) => {
      const value = valueAt(manifest, path, template)
      return typeof value === 'string' ? value : undefined
    },
    canary: readCanary(strategy, replicas, isMetadata, does),
    blueGreen: readBlueGreen(strategy, revisionHistoryLimit),
  }
  strategy.end()
  spec.irrelevant('template', 'selector')
  if (spec.has('restartAt')) {
    const message = 'restartAt is taken for a time that is past: all pods of a flight are younger'
    spec.warning('restartAt', 'restart-is-past', message, 'To restart in a flight, let a person do it.')
  }
  spec.end()
  return { spec: read, workload }
}

function readProgressDeadline(spec: Fields, minReadySeconds: number): number {
  const seconds = nonNegative(spec, 'progressDeadlineSeconds') ?? 600
  if (seconds <= minReadySeconds) {
    const detail = 'must be greater than minReadySeconds'
    const message = `progressDeadlineSeconds ${detail}`
    tellInvalid(spec, 'progressDeadlineSeconds', seconds, { detail, message })
  }
  return seconds
}

function checkStrategy(strategy: Fields): void {
  const [canary, blueGreen] = [strategy.has('canary'), strategy.has('blueGreen')]
  const path = 'spec.strategy.strategy'
  if (canary && blueGreen) {
    const detail = 'Multiple Strategies can not be listed'
    const hint = 'Keep either canary or blueGreen.'
    tellInvalid(strategy, 'blueGreen', 'blueGreen: true canary: true', { path, detail, hint })
  } else if (!canary && !blueGreen) {
    const detail = "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"
    tellRequired(strategy, undefined, { path, detail })
  }
}

const defaultRunHistory = 5

function readRunHistory(spec: Fields): RolloutSpec['runHistory'] {
  const analysis = spec.fields('analysis')
  const successful = analysis?.integer('successfulRunHistoryLimit') ?? defaultRunHistory
  const unsuccessful = analysis?.integer('unsuccessfulRunHistoryLimit') ?? defaultRunHistory
  analysis?.end()
  return { successful, unsuccessful }
}

function readRollbackWindow(spec: Fields): number {
  const window = spec.fields('rollbackWindow')
  const revisions = window?.integer('revisions') ?? 0
  window?.end()
  return revisions
}

function readCanary(
  strategy: Fields,
  replicas: number,
  isMetadata: (path: string) => boolean,
  does: Behaviours,
): CanarySpec {
  const canary = strategy.fields('canary') ?? strategy.empty('canary')
  const bounds = { maxSurge: canary.intOrText('maxSurge'), maxUnavailable: canary.intOrText('maxUnavailable') }
  checkBounds(canary, bounds, replicas, does)
  const services = {
    canaryService: canary.text('canaryService') || undefined,
    stableService: canary.text('stableService') || undefined,
  }
  checkServicesDiffer(canary, services)
  const routing = readRouting(canary, does)
  const pingPong = readPingPong(canary, routing, does)
  checkServicesGiven(canary, services, pingPong, routing)
  const dynamicStableScale = canary.flag('dynamicStableScale') ?? false
  checkWhatNeedsRouting(canary, dynamicStableScale, routing)
  const maxWeight = readMaxWeight(canary, routing)
  const read = canary.list('steps').map((step) => readStep(step, maxWeight, routing, isMetadata, does))
  const steps = read.filter((step) => step !== undefined)
  // Where pods are put and how they are labelled meanwhile decides nothing here: there are no nodes.
  checkAffinity(canary)
  canary.irrelevant('canaryMetadata', 'stableMetadata')
  const background = canary.fields('analysis')
  const startingStep = background?.integer('startingStep')
  const request = background && readAnalysisRequest(background)
  const spec: CanarySpec = {
    ...services,
    ...bounds,
    pingPong,
    steps,
    settings: settingsOf(steps),
    stepsKey: canonicalJson(canary.raw('steps') ?? []),
    addsRoutes: steps.some(setsRoute),
    routing,
    maxWeight,
    dynamicStableScale,
    minPods: Math.max(0, canary.integer('minPodsPerReplicaSet') ?? 0),
    progressThreshold: readThreshold(canary),
    background: request && { ...request, startingStep },
    scaleDownDelayMs: (atLeastZero(canary, 'scaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000,
    scaleDownDelayRevisionLimit: canary.integer('scaleDownDelayRevisionLimit') ?? Number.POSITIVE_INFINITY,
    abortScaleDownDelayMs: (canary.integer('abortScaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000 || undefined,
    isAbortDelayWritten: canary.has('abortScaleDownDelaySeconds'),
  }
  canary.end()
  return spec
}

function readThreshold(canary: Fields): ProgressThreshold | undefined {
  const fields = canary.fields('replicaProgressThreshold')
  if (!fields) return undefined
  const type = fields.text('type') === 'Percent' ? 'Percent' : 'Pods'
  const value = fields.integer('value') ?? 0
  fields.end()
  return { type, value }
}
