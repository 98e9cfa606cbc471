// From a Rollout manifest to what the controller works with, with every complaint the controller would have.
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { canonicalJson } from '../canonical-json.js'
import { Fields, pathText } from '../fields.js'
import { checkAffinity, checkPodMetadata } from './check-affinity.js'
import { checkObjectName } from './check-name.js'
import { valueAt } from './field-path.js'
import { parseGoDuration } from './go-duration.js'
import type { Objects } from './objects.js'
import { readAnalysisRequest } from './read-analysis.js'
import { readBlueGreen } from './read-blue-green.js'
import { checkRouteStep, readHeaderRoute, readMirrorRoute } from './read-managed-routes.js'
import { atLeastZero, defaultDelaySeconds } from './read-number.js'
import { readMaxWeight, readPingPong, readRouting } from './read-routing.js'
import { readTemplate } from './read-template.js'
import { type ProgressThreshold, resolveBounds } from './replica-counts.js'
import type { CanaryScale, CanarySpec, RolloutSpec, Routing, Step } from './rollout-spec.js'

/** Undefined when the manifest has errors; they are among the problems then. */
export function readRollout(manifest: Manifest, objects: Objects, problems: Problems): RolloutSpec {
  const top = Fields.of(manifest, problems)
  top.irrelevant('apiVersion', 'kind', 'status')
  const metadata = top.fields('metadata')
  if (metadata) checkObjectName(metadata)
  metadata?.irrelevant(...metadataFields)
  metadata?.end()
  const spec = top.fields('spec') ?? missing(top, 'spec')
  top.end()
  const namespace = manifest.namespace ?? 'default'
  const replicas = readReplicas(spec)
  const minReadySeconds = atLeastZero(spec, 'minReadySeconds') ?? 0
  const progressDeadlineSeconds = atLeastZero(spec, 'progressDeadlineSeconds') ?? 600
  if (progressDeadlineSeconds <= minReadySeconds) {
    spec.error(
      'progressDeadlineSeconds',
      'invalid-spec',
      'progressDeadlineSeconds must be greater than minReadySeconds',
    )
  }
  const strategy = spec.fields('strategy') ?? missing(spec, 'strategy')
  const read: RolloutSpec = {
    name: manifest.name,
    namespace,
    replicas,
    template: readTemplate(spec, namespace, objects, problems),
    minReadyMs: minReadySeconds * 1000,
    revisionHistoryLimit: atLeastZero(spec, 'revisionHistoryLimit') ?? 10,
    runHistory: readRunHistory(spec),
    rollbackWindow: readRollbackWindow(spec),
    progressDeadlineMs: progressDeadlineSeconds * 1000,
    progressDeadlineAbort: spec.flag('progressDeadlineAbort') ?? false,
    paused: spec.flag('paused'),
    restartAtMs: undefined,
    field: (path) => {
      const value = valueAt(manifest, path)
      return typeof value === 'string' ? value : undefined
    },
    canary: readCanary(strategy, replicas),
    blueGreen: readBlueGreen(strategy),
  }
  const { blueGreen, revisionHistoryLimit } = read
  if (
    blueGreen &&
    Number.isFinite(blueGreen.scaleDownDelayRevisionLimit) &&
    revisionHistoryLimit < blueGreen.scaleDownDelayRevisionLimit
  ) {
    const message = "This rollout's revision history limit can not be smaller than the rollout's scale down limit"
    strategy.fields('blueGreen')?.error('scaleDownDelayRevisionLimit', 'invalid-spec', message)
  }
  strategy.end(['canary', 'blueGreen'])
  spec.irrelevant('template', 'selector')
  spec.refuse('restartAt')
  spec.end()
  return read
}

const metadataFields = ['name', 'namespace', 'labels', 'annotations', 'generateName', 'uid', 'resourceVersion']

function missing(parent: Fields, key: string): Fields {
  parent.error(undefined, 'missing-field', `${pathText([...parent.path, key])} is missing`)
  return parent.empty(key)
}

/** Beyond any Rollout in the field; each pod costs some 200 bytes and its own life. */
const mostReplicas = 100_000

function readReplicas(spec: Fields): number {
  const replicas = atLeastZero(spec, 'replicas') ?? 1
  if (replicas <= mostReplicas) return replicas
  const hint = `No more than ${mostReplicas} are.`
  spec.error('replicas', 'limit-replicas', `${replicas} replicas are not simulated`, hint)
  return mostReplicas
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

function readCanary(strategy: Fields, replicas: number): CanarySpec {
  const canary = strategy.fields('canary')
  if (!canary) {
    if (!strategy.has('blueGreen')) {
      strategy.error(
        undefined,
        'invalid-spec',
        "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'",
      )
    }
    return readCanary(strategy.empty('strategy', { canary: {} }), replicas)
  }
  const routing = readRouting(canary)
  const maxWeight = readMaxWeight(canary, routing)
  const steps = canary.list('steps').map((step) => readStep(step, maxWeight, routing))
  const background = canary.fields('analysis')
  const startingStep = background?.integer('startingStep')
  const request = background && readAnalysisRequest(background)
  const spec: CanarySpec = {
    canaryService: canary.text('canaryService') || undefined,
    stableService: canary.text('stableService') || undefined,
    pingPong: readPingPong(canary, routing),
    maxSurge: canary.intOrText('maxSurge'),
    maxUnavailable: canary.intOrText('maxUnavailable'),
    steps: steps.filter((step) => step !== undefined),
    stepsKey: canonicalJson(canary.raw('steps') ?? []),
    routing,
    maxWeight,
    dynamicStableScale: canary.flag('dynamicStableScale') ?? false,
    minPods: Math.max(0, canary.integer('minPodsPerReplicaSet') ?? 0),
    progressThreshold: readThreshold(canary),
    background: request && { ...request, startingStep },
    scaleDownDelayMs: (atLeastZero(canary, 'scaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000,
    scaleDownDelayRevisionLimit: canary.integer('scaleDownDelayRevisionLimit') ?? Number.POSITIVE_INFINITY,
    abortScaleDownDelayMs: (canary.integer('abortScaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000 || undefined,
    isAbortDelayWritten: canary.has('abortScaleDownDelaySeconds'),
  }
  checkCanary(canary, spec, replicas)
  // Where pods are put and how they are labelled meanwhile decides nothing here: there are no nodes.
  checkAffinity(canary)
  checkPodMetadata(canary, ['canaryMetadata', 'stableMetadata'])
  canary.end()
  return spec
}

/** What the controller rejects as InvalidSpec, in the gist of its words. */
function checkCanary(canary: Fields, spec: CanarySpec, replicas: number): void {
  const { maxSurge, maxUnavailable, canaryService, stableService, routing } = spec
  if (maxSurge !== undefined && maxUnavailable !== undefined && isNothing(maxSurge) && isNothing(maxUnavailable)) {
    const message = 'MaxSurge and MaxUnavailable both can not be zero'
    canary.error('maxSurge', 'invalid-spec', message, 'A word that is no percentage counts as zero.')
  } else {
    const bounds = resolveBounds(replicas, maxSurge, maxUnavailable)
    if (replicas > 0 && bounds.surge <= 0 && bounds.unavailable <= 0) {
      const message = 'with these maxSurge and maxUnavailable an update never makes a pod'
      canary.warning(canary.has('maxSurge') ? 'maxSurge' : 'maxUnavailable', 'no-pod-can-be-made', message)
    }
  }
  if (canaryService !== undefined && canaryService === stableService) {
    const message =
      'This rollout uses the same service for the stable and canary services, but two different services are required.'
    canary.error('canaryService', 'invalid-spec', message)
  }
  const { nginx, istio, alb, smi, traefik } = routing ?? {}
  const isPairEnough = alb !== undefined || (istio !== undefined && istio.destinationRule === undefined)
  const needsServices = (nginx ?? smi ?? traefik) !== undefined || (isPairEnough && !spec.pingPong)
  if (needsServices && (canaryService === undefined || stableService === undefined)) {
    const message = 'Canary service and Stable service must to be set to use Traffic Routing'
    canary.error('trafficRouting', 'invalid-spec', message)
  }
  for (const key of ['scaleDownDelaySeconds', 'dynamicStableScale']) {
    const isUsed = key === 'dynamicStableScale' ? spec.dynamicStableScale : canary.has(key)
    if (routing || !isUsed) continue
    canary.error(key, 'invalid-spec', `Canary ${key} can only be used with traffic routing`)
  }
  if (spec.dynamicStableScale && canary.has('scaleDownDelaySeconds')) {
    const message = 'Canary dynamicStableScale cannot be used with scaleDownDelaySeconds'
    canary.error('dynamicStableScale', 'invalid-spec', message)
  }
  for (const step of routing ? [] : canary.list('steps').filter((candidate) => candidate.has('setCanaryScale'))) {
    step.error('setCanaryScale', 'invalid-spec', 'SetCanaryScale requires TrafficRouting to be set')
  }
}

function isNothing(bound: number | string): boolean {
  return bound === 0 || (typeof bound === 'string' && Number.parseInt(/^(\d+)%?$/.exec(bound)?.[1] ?? '0', 10) === 0)
}

const stepKinds = ['setWeight', 'pause', 'analysis', 'setCanaryScale', 'setHeaderRoute', 'setMirrorRoute'] as const
const otherStepKinds = ['experiment', 'plugin'] as const
const needsOneKind = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause'

function readStep(step: Fields, maxWeight: number, routing: Routing | undefined): Step | undefined {
  step.refuse(...otherStepKinds)
  const kinds = stepKinds.filter((kind) => step.has(kind))
  const isOther = otherStepKinds.some((kind) => step.has(kind))
  if (kinds.length === 0 && !isOther) {
    const message = `${pathText(step.path)}: ${needsOneKind}`
    step.error(undefined, 'invalid-spec', message, 'A key with nothing after it counts as absent: write pause: {}.')
  }
  if (kinds.length > 1) {
    const message = `${pathText(step.path)}: ${needsOneKind}, not ${kinds.join(' and ')}`
    step.error(undefined, 'invalid-spec', message)
  }
  const read = readStepKind(step, kinds[0], maxWeight, routing)
  step.end([...stepKinds, ...otherStepKinds])
  return read
}

function readStepKind(
  step: Fields,
  kind: (typeof stepKinds)[number] | undefined,
  maxWeight: number,
  routing: Routing | undefined,
): Step | undefined {
  switch (kind) {
    case 'setWeight': {
      const weight = step.integer('setWeight')
      if (weight === undefined) return undefined
      if (weight < 0 || weight > maxWeight) {
        step.error('setWeight', 'invalid-spec', `SetWeight needs to be between 0 and ${maxWeight}, not ${weight}`)
      }
      return { kind, weight }
    }
    case 'pause': {
      const pause = step.fields('pause')!
      const duration = pause.intOrText('duration')
      const durationMs = duration === undefined ? undefined : pauseMs(pause, duration)
      pause.end(['duration'])
      return { kind, durationMs, asWritten: duration === undefined ? undefined : String(duration) }
    }
    case 'analysis':
      return { kind, analysis: readAnalysisRequest(step.fields('analysis')!) }
    case 'setCanaryScale':
      return { kind, scale: readScale(step.fields('setCanaryScale')!) }
    case 'setHeaderRoute':
    case 'setMirrorRoute': {
      const route = kind === 'setHeaderRoute' ? readHeaderRoute(step) : readMirrorRoute(step)
      checkRouteStep(step, route, routing)
      return route
    }
    case undefined:
      return undefined
  }
}

function readScale(fields: Fields): CanaryScale {
  const scale = {
    matchTrafficWeight: fields.flag('matchTrafficWeight') ?? false,
    replicas: atLeastZero(fields, 'replicas'),
    weight: fields.integer('weight'),
  }
  fields.end()
  return scale
}

function readThreshold(canary: Fields): ProgressThreshold | undefined {
  const fields = canary.fields('replicaProgressThreshold')
  if (!fields) return undefined
  for (const key of ['type', 'value']) {
    if (!fields.has(key)) fields.error(undefined, 'invalid-spec', `${pathText([...fields.path, key])}: Required value`)
  }
  const type = fields.text('type') === 'Percent' ? 'Percent' : 'Pods'
  const value = fields.integer('value') ?? 0
  fields.end()
  return { type, value }
}

/** The controller counts in 32 bits. */
const mostPauseSeconds = 2 ** 31 - 1

/** Whole seconds, as the controller counts them: `2500ms` is 2 s, a number is seconds. */
function pauseMs(pause: Fields, duration: number | string): number {
  const seconds = typeof duration === 'number' || /^[+-]?\d+$/.test(duration) ? Number(duration) : undefined
  const parsed = seconds === undefined ? parseGoDuration(String(duration)) : seconds * 1000
  const whole = typeof parsed === 'number' ? Math.trunc(parsed / 1000) : -1
  if (whole >= 0 && whole <= mostPauseSeconds) return whole * 1000
  const hint = 'Write seconds (30) or a Go duration (90s, 10m, 1h30m); days are not known.'
  pause.error('duration', 'invalid-spec', `Duration needs to be greater than 0, not ${JSON.stringify(duration)}`, hint)
  return 0
}
