// Takes down what the simulated controllers do in the form of a recorded trace: only what changed, one line each.

import type { AnalysisRun } from '../../src/policy/argo/analysis-run.js'
import type { Experiment } from '../../src/policy/argo/experiment.js'
import type { Rollout } from '../../src/policy/argo/rollout.js'
import type { PluginStatus } from '../../src/policy/argo/status.js'
import type { AutoscalerSpec } from '../../src/policy/kubernetes/autoscaler-spec.js'
import type { Deployment } from '../../src/policy/kubernetes/deployment.js'
import type {
  Destination,
  ManagedRoute,
  Pod,
  ReplicaSet,
  Route,
  Rule,
  Service,
} from '../../src/world/cluster/objects.js'
import { tagOf } from './puppets.js'

type View = Record<string, unknown>

/** Kinds of which the recordings have nothing. */
const unseen: readonly string[] = [
  ...['Mapping', 'VirtualRouter', 'VirtualNode'],
  ...['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'Plugin'],
]

const eventBurst = 25
const eventRefillMs = 5 * 60_000

export class Trace {
  /** Lines with the time of the simulation; the release isn't known yet when the first ones are written. */
  private readonly lines: { atMs: number; line: View }[] = []
  private readonly last = new Map<string, View>()
  /** By hash: which in the order of creation under owners of one name. */
  private readonly revisions = new Map<string, string>()
  private readonly made = new Map<string, number>()
  /** Of ReplicaSets whose template was edited: their pods keep the one they have. */
  private readonly editedImages = new Map<ReplicaSet, string>()
  /** Destinations that have had a weight. */
  private readonly weighted = new Set<string>()
  /** Names of routes that the controller has made. */
  private readonly added = new Set<string>()
  /** Of a mirror route the split that it was made with, until another one was written. */
  private readonly madeWith = new Map<string, string>()
  private readonly manifests = new Map<string, View>()
  private readonly events = new Map<string, { count: number; sinceMs: number }>()

  constructor(private readonly now: () => number) {}

  say(line: View): void {
    this.lines.push({ atMs: this.now(), line })
  }

  /** As the real client does: of an object's events of a type the first 25 are sent, then one in five minutes. */
  event(on: string, type: string, reason: string, message: string): void {
    const source = `${on} ${type}`
    const sent = this.events.get(source) ?? { count: 0, sinceMs: this.now() }
    this.events.set(source, sent)
    if (sent.count >= eventBurst + Math.floor((this.now() - sent.sinceMs) / eventRefillMs)) return
    sent.count++
    this.say({ event: reason, on, type, message })
  }

  /** A client that was started again knows nothing of what it has sent. */
  sendAnew(): void {
    this.events.clear()
  }

  object(kind: string, name: string, view: View): void {
    const key = `${kind}/${name}`
    const before = this.last.get(key) ?? {}
    const now = JSON.parse(JSON.stringify(view)) as View
    this.last.set(key, now)
    const changes = changesBetween(before, now)
    if (Object.keys(changes).length > 0) this.say({ [kind]: name, ...changes })
  }

  deleted(kind: string, name: string): void {
    this.last.delete(`${kind}/${name}`)
    this.say({ [kind]: name, deleted: true })
  }

  rollout(rollout: Rollout): void {
    this.object('Rollout', rollout.spec.name, rolloutView(rollout))
  }

  pod({ name, replicaSet, deleted, ready }: Pod): void {
    const state = deleted ? 'deleted' : ready ? 'ready' : 'not ready'
    this.say({ pod: name, image: tagOf(replicaSet.template.image), state })
  }

  replicaSet(set: ReplicaSet): void {
    if (set.hash !== '' && !this.revisions.has(set.hash)) {
      const made = (this.made.get(set.owner.name) ?? 0) + 1
      this.made.set(set.owner.name, made)
      this.revisions.set(set.hash, `r${made}`)
    }
    if (set.deleted) this.deleted('ReplicaSet', set.name)
    else this.object('ReplicaSet', set.name, replicaSetView(set, this.editedImages.get(set) ?? set.template.image))
  }

  editedReplicaSet(set: ReplicaSet, image: string): void {
    this.editedImages.set(set, image)
    this.replicaSet(set)
  }

  deployment(deployment: Deployment): void {
    if (deployment.deleted) this.deleted('Deployment', deployment.spec.name)
    else this.object('Deployment', deployment.spec.name, deploymentView(deployment))
  }

  autoscaler({ name, minReplicas, maxReplicas }: AutoscalerSpec, target: string): void {
    this.object('HorizontalPodAutoscaler', name, { min: minReplicas, max: maxReplicas, target })
  }

  run(run: AnalysisRun): void {
    if (run.deleted) this.deleted('AnalysisRun', run.name)
    else this.object('AnalysisRun', run.name, runView(run))
  }

  experiment(experiment: Experiment): void {
    if (experiment.deleted) this.deleted('Experiment', experiment.name)
    else this.object('Experiment', experiment.name, experimentView(experiment))
  }

  service(service: Service): void {
    if (service.deleted) return this.deleted('Service', service.name)
    const view = this.manifests.get(`Service/${service.name}`)
    this.object('Service', service.name, { selects: service.hash ?? view?.['selects'] })
  }

  route(route: Route): void {
    if (unseen.includes(route.kind)) return
    if (route.kind === 'ALB') return this.object('Ingress', route.name, this.routeView(route))
    if (route.deleted) return this.deleted(route.kind, route.name)
    this.object(route.kind, route.name, this.routeView(route))
    if (route.kind === 'ApisixRoute') this.headerRoutes(route)
  }

  /** As a manifest has it. */
  applied(kind: string, name: string, view: View): void {
    this.object(kind, name, view)
    this.manifests.set(`${kind}/${name}`, view)
  }

  private routeView(route: Route): View {
    const { kind, name, destinations, rules, managed } = route
    const view = this.manifests.get(`${kind}/${name}`) ?? {}
    switch (kind) {
      case 'Ingress':
        return ingressView(route)
      // Of its annotations the recordings have those for NGINX alone; a header route is a path before the others.
      case 'ALB': {
        const known = this.manifests.get(`Ingress/${name}`) ?? {}
        return {
          ...known,
          backends: [...managed.map((added) => added.name), ...((known['backends'] ?? []) as string[])],
        }
      }
      case 'TrafficSplit':
        // In its first version the weights are quantities.
        return { backends: destinations.map(({ to, weight }) => [to, String(weight)]) }
      case 'TraefikService':
        return { services: pairs(destinations) }
      case 'ApisixRoute':
        return { http: spreadIn(view['http'], rules, (_, split) => split) }
      case 'DestinationRule':
        return { ...view, subsets: destinations.map(({ to, hash }) => [to, hash]) }
      default: {
        const http = spreadIn(view['http'], rules, (item, split) => {
          const { route: before = [] } = item as { readonly route?: readonly (readonly unknown[])[] }
          return { ...(item as View), route: split.map((pair, index) => this.asWritten(name, pair, before[index])) }
        })
        return { http: [...this.managedViews(name, managed), ...http] }
      }
    }
  }

  private managedViews(route: string, managed: readonly ManagedRoute[]): readonly View[] {
    for (const key of this.madeWith.keys()) {
      if (managed.every(({ name }) => key !== `${route}/${name}`)) this.madeWith.delete(key)
    }
    return managed.map(({ name, match, destinations, mirror }) => {
      const split = pairs(destinations)
      if (!mirror) return { name, match, route: split }
      const key = `${route}/${name}`
      const text = JSON.stringify(split)
      const made = this.madeWith.get(key) ?? text
      this.madeWith.set(key, made === text ? text : 'other')
      // In a route that is made, a weight of zero is left out; weights that are written later stand as they are.
      const written = made === text ? split.map(([to, weight]) => (weight === 0 ? [to] : [to, weight])) : split
      // Of a subset it is the host that is told.
      const rule = [...this.manifests].find(([kind]) => kind.startsWith('DestinationRule/'))?.[1]
      const to = rule?.['host'] ?? mirror.to
      return { name, match, route: written, mirror: to, mirrorPercentage: mirror.percent }
    })
  }

  /** A destination that has no weight in the manifest shows none until it gets one. */
  private asWritten(route: string, [to, weight]: readonly [string, number], before: readonly unknown[] = []): unknown {
    const key = `${route}/${to}`
    if (weight > 0) this.weighted.add(key)
    const isUnwritten = weight === 0 && before.length === 1 && before[0] === to && !this.weighted.has(key)
    return isUnwritten ? before : [to, weight]
  }

  /** Each is an object of its own. */
  private headerRoutes({ kind, name: of, rules, managed }: Route): void {
    const view = this.manifests.get(`${kind}/${of}`) ?? {}
    for (const key of this.last.keys()) {
      const name = key.startsWith(`${kind}/`) ? key.slice(kind.length + 1) : undefined
      const isGone = name !== undefined && this.added.has(name) && managed.every((route) => route.name !== name)
      if (isGone) this.deleted(kind, name)
    }
    for (const { name, destinations } of managed) {
      this.added.add(name)
      const copied = rules.map(({ path }) => ({ path, destinations }))
      this.object(kind, name, { http: spreadIn(view['http'], copied, (_, split) => split) })
    }
  }

  /** Times since the release; hashes as r1, r2 in the order of creation, as recordings write them. */
  text(header: View, releaseMs: number): string {
    const body = this.lines.map(({ atMs, line }) =>
      JSON.stringify({ t: (atMs - releaseMs) / 1000, ...shifted(line, releaseMs) }),
    )
    return `${this.withRevisions([JSON.stringify(header), ...body].join('\n'))}\n`
  }

  /** A name as the trace tells it. */
  withRevisions(text: string): string {
    let told = text
    for (const [hash, revision] of this.revisions) told = told.replaceAll(hash, revision)
    return told
  }
}

const timeKeys = new Set(['start', 'finish', 'scaleDownDeadline'])

function shifted(value: unknown, releaseMs: number): View {
  return JSON.parse(
    JSON.stringify(value, (key, inner) =>
      timeKeys.has(key) && typeof inner === 'number' ? (inner - releaseMs) / 1000 : inner,
    ),
  ) as View
}

const orNone = (value: number) => value || undefined
const textOrNone = (value: string) => value || undefined

function rolloutView({ spec, status }: Rollout): View {
  const { weights, stepRun, backgroundRun } = status
  const runStatus = (run: typeof stepRun) =>
    run && { name: run.name, status: run.phase, message: textOrNone(run.message) }
  return {
    phase: textOrNone(status.phase),
    message: textOrNone(status.message),
    step: status.stepIndex < 0 ? undefined : status.stepIndex,
    abort: status.abort,
    promoteFull: status.promoteFull || undefined,
    controllerPause: status.controllerPause,
    pauses:
      status.pauses.length > 0 ? status.pauses.map(({ reason, startMs }) => ({ reason, start: startMs })) : undefined,
    paused: spec.paused,
    stable: textOrNone(status.stableHash),
    current: textOrNone(status.currentHash),
    pingPong: status.stableIs,
    spec: spec.replicas,
    replicas: orNone(status.replicas),
    updated: orNone(status.updated),
    ready: orNone(status.ready),
    available: orNone(status.available),
    hpa: orNone(status.hpaReplicas),
    weights: weights && {
      canary: weights.canary,
      stable: weights.stable,
      verified: weights.verified,
      additional: weights.additional.length > 0 ? weights.additional.map(({ weight }) => weight) : undefined,
    },
    experiment: textOrNone(status.experiment),
    plugins: status.plugins.length > 0 ? status.plugins.map(pluginView) : undefined,
    stepAnalysis: runStatus(stepRun),
    backgroundAnalysis: runStatus(backgroundRun),
    preAnalysis: runStatus(status.preRun),
    postAnalysis: runStatus(status.postRun),
    active: textOrNone(status.activeSelector),
    preview: textOrNone(status.previewSelector),
    checkpoint: status.scaleUpCheckpoint || undefined,
    conditions: status.conditions.length > 0 ? status.conditions.map(conditionText) : undefined,
  }
}

function pluginView({ index, operation, phase, message, executions, backoffMs, isDisabled }: PluginStatus): View {
  return {
    index,
    operation,
    phase: textOrNone(phase),
    message: textOrNone(message),
    executions: orNone(executions),
    backoff: backoffMs > 0 ? `${backoffMs / 1000}s` : undefined,
    disabled: isDisabled || undefined,
  }
}

const conditionText = (c: { type: string; status: string; reason: string; message: string }) =>
  [c.type, c.status, c.reason, c.message].join(' | ')

function deploymentView({ spec, status }: Deployment): View {
  return {
    image: tagOf(spec.template.image),
    spec: spec.replicas,
    paused: spec.paused || undefined,
    replicas: orNone(status.replicas),
    updated: orNone(status.updated),
    ready: orNone(status.ready),
    available: orNone(status.available),
    unavailable: orNone(status.unavailable),
    terminating: orNone(status.terminating),
    conditions: status.conditions.length > 0 ? status.conditions.map(conditionText) : undefined,
  }
}

function replicaSetView(set: ReplicaSet, image: string): View {
  return {
    revision: set.revision > 0 ? String(set.revision) : undefined,
    image: tagOf(image),
    spec: set.spec,
    replicas: set.replicas,
    ready: orNone(set.ready),
    available: orNone(set.available),
    terminating: orNone(set.terminating),
    scaleDownDeadline: Number.isNaN(set.scaleDownDeadlineMs) ? undefined : set.scaleDownDeadlineMs,
  }
}

function runView(run: AnalysisRun): View {
  const metrics = run.results.map((result) => ({
    name: result.name,
    phase: result.phase,
    message: textOrNone(result.message),
    dryRun: result.isDryRun || undefined,
    count: orNone(result.count),
    successful: orNone(result.successful),
    failed: orNone(result.failed),
    error: orNone(result.error),
    inconclusive: orNone(result.inconclusive),
    consecutiveError: orNone(result.consecutiveError),
    consecutiveSuccess: orNone(result.consecutiveSuccess),
    measurements: result.measurements.map((measurement) => ({
      phase: measurement.phase,
      value: measurement.value(),
      message: textOrNone(measurement.message),
      start: measurement.startedAtMs,
      finish: Number.isNaN(measurement.finishedAtMs) ? undefined : measurement.finishedAtMs,
    })),
  }))
  return {
    type: run.type,
    phase: run.phase,
    message: textOrNone(run.message),
    terminate: run.terminate || undefined,
    metrics: metrics.length > 0 ? metrics : undefined,
    dryRunSummary: run.dryRunSummary && withoutZeros(run.dryRunSummary),
  }
}

function experimentView({ status }: Experiment): View {
  const { phase, message, availableAtMs, templates, analyses } = status
  return {
    phase: textOrNone(phase),
    message: textOrNone(message),
    available: Number.isNaN(availableAtMs) ? undefined : availableAtMs,
    templates:
      templates.length > 0
        ? templates.map((template) => ({
            name: template.name,
            status: template.status,
            message: textOrNone(template.message),
            replicas: template.replicas,
            available: template.available,
          }))
        : undefined,
    analyses:
      analyses.length > 0
        ? analyses.map((run) => ({ name: run.name, phase: run.phase, message: textOrNone(run.message) }))
        : undefined,
  }
}

const withoutZeros = (numbers: object) => Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0))

function ingressView({ destinations }: Route): View {
  const [stable, canary] = destinations as [Destination, Destination]
  const total = stable.weight + canary.weight
  const annotations = {
    canary: 'true',
    'canary-weight': String(canary.weight),
    'canary-weight-total': total === 100 ? undefined : String(total),
  }
  return { canary: annotations, backends: [canary.to] }
}

/** The http routes of a manifest with the destinations of those that get weights. */
function spreadIn(
  http: unknown,
  rules: readonly Rule[],
  spread: (item: unknown, split: ReturnType<typeof pairs>) => unknown,
): readonly unknown[] {
  return ((http ?? []) as readonly unknown[]).map((item, index) => {
    const rule = rules.find(({ path }) => path === `http[${index}]`)
    return rule ? spread(item, pairs(rule.destinations)) : item
  })
}

function pairs(destinations: readonly Destination[]): readonly (readonly [string, number])[] {
  return destinations.map(({ to, weight }) => [to, weight])
}

/** A field that went is null; of conditions and metrics only the changed ones are told. */
function changesBetween(before: View, now: View): View {
  const changes: View = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (JSON.stringify(before[field]) === JSON.stringify(now[field])) continue
    if (field === 'conditions') {
      const [was, is] = [(before[field] ?? []) as string[], (now[field] ?? []) as string[]]
      const typeOf = (condition: string) => condition.split(' | ')[0]!
      const gone = was.map(typeOf).filter((type) => !is.some((condition) => typeOf(condition) === type))
      const changed = [...is.filter((condition) => !was.includes(condition)), ...gone.map((type) => `-${type}`)]
      if (changed.length > 0) changes[field] = changed
    } else if (field === 'metrics') {
      const known = ((before[field] ?? []) as unknown[]).map((metric) => JSON.stringify(metric))
      changes[field] = ((now[field] ?? []) as unknown[]).filter((metric) => !known.includes(JSON.stringify(metric)))
    } else {
      changes[field] = now[field] ?? null
    }
  }
  return changes
}
