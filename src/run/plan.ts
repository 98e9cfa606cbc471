// Puts a scenario and a policy together: everything of a flight that doesn't depend on its seed, computed once.
import { logNormalFrom } from '../kernel/lognormal.js'
import type { RolloutArg } from '../policy/argo/analysis-template.js'
import { type ArgoPolicy, readPolicy } from '../policy/argo/policy.js'
import { timesOf } from '../policy/argo/provider/prometheus.js'
import { analysesOf } from '../policy/argo/rollout-spec.js'
import { isStatusPath } from '../policy/argo/status-field.js'
import { versionOf } from '../policy/argo/version.js'
import { replicasOf } from '../policy/argo/workload-reference.js'
import { type ManifestTemplate, withImage } from '../policy/pod-template.js'
import type { ScenarioFile } from '../scenario/load.js'
import type { Manifest } from '../scenario/manifest.js'
import type { Problems } from '../scenario/problem.js'
import type { Scenario, ScenarioFault, VersionBehaviour } from '../scenario/scenario.js'
import { Behaviour } from '../world/behaviour.js'
import type { PodLifePlan, Start } from '../world/cluster/pod-life.js'
import { concernsAnswers, concernsPods, type Fault } from '../world/fault.js'
import type { FlowPlan } from '../world/flow.js'
import { Latency } from '../world/latency.js'
import { Traffic } from '../world/traffic.js'
import { type AskedMetric, bindSignals } from './bind-signals.js'
import { type Observation, observe, type PlacedQuery } from './observation.js'
import type { SignalBook } from './signal-book.js'
import { type Trouble, troublesOf } from './trouble.js'
import { rolloutHashLabel, type Workload } from './workload.js'

export const stable = 0
export const canary = 1

export interface Plan {
  /** Name of the scenario: its file without folder and ending. */
  readonly name: string
  readonly scenario: Scenario
  readonly policy: ArgoPolicy
  /** Template of the version that is released; the one before is the manifest's. */
  readonly release: ManifestTemplate
  readonly faults: readonly Fault[]
  /** Whether something decides which version a request reaches; otherwise every pod gets the same part. */
  readonly isRouted: boolean
  readonly troubles: readonly Trouble[]
  readonly flow: FlowPlan
  readonly pods: PodLifePlan
  readonly observation: Observation
  /** What answers for the metrics that aren't queries to Prometheus. */
  readonly signals: SignalBook
  readonly workload: Workload
}

/** Undefined when there is nothing to fly; why is among the problems, those of the policy whatever the scenario. */
export function prepare(
  name: string,
  file: ScenarioFile | undefined,
  manifests: readonly Manifest[],
  problems: Problems,
): Plan | undefined {
  const policy = readPolicy(manifests, problems, file?.scenario && versionOf(file.scenario.controller.version))
  if (policy) refuseChangingArgs(policy, problems)
  if (!policy || !file?.scenario) return undefined
  const { scenario } = file
  const { rollout } = policy
  checkTogether(file, scenario, policy, problems)
  tellIfNoServiceOfAll(policy, manifests, problems)
  const release = withImage(rollout.template, scenario.releaseImage ?? nextImage(rollout.template.image))
  const faults = scenario.faults.map((fault) => faultOf(fault, scenario.releaseAtMs))
  const workload = workloadOf(policy, release)
  const asked = metricsOf(policy, release)
  const hashes = { stable: rollout.template.hash, canary: release.hash }
  const signals = bindSignals(asked, scenario.observability.signals, hashes, file, problems)
  const observation = observe(
    scenario,
    policy,
    workload,
    queriesIn(asked, scenario.releaseAtMs),
    signals.reads,
    problems,
  )
  return {
    name,
    scenario,
    policy,
    release,
    faults,
    isRouted: rollout.canary.routing !== undefined || rollout.blueGreen !== undefined,
    troubles: troublesOf(scenario, faults, canary),
    flow: flowPlan(scenario, policy, faults, observation),
    pods: {
      starts: [startOf(scenario.service.stable), startOf(scenario.service.canary)],
      faults: faults.filter(concernsPods),
    },
    observation,
    signals,
    workload,
  }
}

/** What scenario and policy can be without, but not with each other. */
function checkTogether(file: ScenarioFile, scenario: Scenario, policy: ArgoPolicy, problems: Problems): void {
  const { rollout, autoscaler } = policy
  const { traffic, releaseImage, slo, faults } = scenario
  if (traffic.sticky && !rollout.canary.routing) {
    const hint =
      'A Service spreads requests over pods without knowing who sends them: add trafficRouting, or remove sticky.'
    const place = file.placeOf(['traffic', 'sticky'])
    problems.error('sticky-without-router', place, 'traffic.sticky needs a policy with a router', { hint })
  }
  if (releaseImage === rollout.template.image) {
    const hint = 'Name another tag, or remove release.image: a tag is made up then.'
    const message = `release.image is what the policy's Rollout runs already: nothing is released`
    problems.error('nothing-released', file.placeOf(['release', 'image']), message, { hint })
  }
  checkCpu(file, scenario, autoscaler, problems)
  const slow = faults.findIndex(({ effect }) => effect.kind === 'latency')
  if (slow >= 0 && slo.latencyMs === undefined) {
    const hint = 'Say in slo.latency which answers are too slow, such as `500ms`.'
    const message = 'without slo.latency a slow answer harms nobody: only errors are counted'
    problems.warning('latency-uncounted', file.placeOf(['faults', slow]), message, { hint })
  }
}

/** What an autoscaler goes by has to be known, and what is said of it has to be of use to one. */
function checkCpu(file: ScenarioFile, scenario: Scenario, autoscaler: ArgoPolicy['autoscaler'], problems: Problems) {
  const { stable, canary } = scenario.service
  const isUsed = autoscaler?.metrics.some(({ metric }) => metric === 'cpu') ?? false
  if (isUsed && stable.cpuPerRequestMs === undefined) {
    const hint = 'Say in service.stable.cpuPerRequest how much CPU time a request takes, such as `10ms`.'
    const message = `HorizontalPodAutoscaler ${autoscaler!.name} scales by CPU, and the scenario's pods use none`
    problems.error('cpu-unknown', file.placeOf(['service']), message, { hint })
  }
  const written = stable.cpuPerRequestMs === undefined ? 'canary' : 'stable'
  if (isUsed || (stable.cpuPerRequestMs ?? canary.cpuPerRequestMs) === undefined) return
  const message = `nothing in the policy scales by CPU: service.${written}.cpuPerRequest changes nothing`
  problems.warning('cpu-unused', file.placeOf(['service', written, 'cpuPerRequest']), message)
}

/** Without a router, requests reach a new version through a Service that selects both. */
function tellIfNoServiceOfAll({ rollout, services }: ArgoPolicy, manifests: readonly Manifest[], problems: Problems) {
  const { routing, stableService, canaryService } = rollout.canary
  if (routing || stableService === undefined) return
  if (services.some((name) => name !== stableService && name !== canaryService)) return
  const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
  const at = manifest.positionOf(['spec', 'strategy', 'canary', 'stableService'])
  const message = `no Service selects both versions: Service "${stableService}" leads to stable only until the promotion`
  const hint =
    'Requests are taken to reach every ready pod, as through a Service that the Rollout does not name: add it.'
  problems.warning('no-common-service', { file: manifest.file, ...at }, message, { hint })
}

/** What CI would have built: the manifest's image with another tag. */
function nextImage(image: string): string {
  const colon = image.lastIndexOf(':')
  const hasTag = colon > image.lastIndexOf('/')
  return `${hasTag ? image.slice(0, colon) : image}:${hasTag ? `${image.slice(colon + 1)}-next` : 'next'}`
}

function faultOf(fault: ScenarioFault, releaseAtMs: number): Fault {
  const onsetMs = releaseAtMs + fault.onsetMs
  const endMs = fault.forMs === undefined ? Number.POSITIVE_INFINITY : onsetMs + fault.forMs
  const versions = [fault.on === 'stable' ? stable : canary]
  const { effect, rampMs } = fault
  return { effect, versions, onsetMs, endMs, rampMs }
}

function flowPlan(
  scenario: Scenario,
  { rollout, workload, keepsUsers }: ArgoPolicy,
  faults: readonly Fault[],
  observation: Observation,
): FlowPlan {
  const { traffic, service, slo } = scenario
  const behaviour = (version: number, base: VersionBehaviour) =>
    new Behaviour(
      {
        errorRatio: base.errorRatio,
        latency: Latency.fromPercentiles(base.latency.p50Ms, base.latency.p99Ms),
        capacityPerPod: base.capacityPerSecond ?? Number.POSITIVE_INFINITY,
      },
      faults.filter(concernsAnswers).filter(({ versions }) => versions.includes(version)),
    )
  const { objectiveRatio, windowMs, latencyMs } = slo
  return {
    traffic: new Traffic(linesOf(traffic.points)),
    behaviours: [behaviour(stable, service.stable), behaviour(canary, service.canary)],
    stablePods: rollout.replicas + (workload ? replicasOf(workload) : 0),
    audience: { users: traffic.users, sticky: traffic.sticky ?? keepsUsers },
    objective: { ratio: objectiveRatio, windowMs, ...(latencyMs === undefined ? {} : { latencyMs }) },
    ...(observation.latencyBoundsMs ? { latencyBoundsMs: observation.latencyBoundsMs } : {}),
    horizonMs: scenario.durationMs,
    watched: observation.watched,
  }
}

/** A ramp starts from the rate before it; two points at one instant are a step. */
function linesOf(points: Scenario['traffic']['points']): { atMs: number; requestsPerSecond: number }[] {
  return points.flatMap(({ atMs, ratePerSecond, rampMs }, index) => {
    const before = points[index - 1]?.ratePerSecond ?? ratePerSecond
    return [
      { atMs, requestsPerSecond: before },
      { atMs: atMs + rampMs, requestsPerSecond: ratePerSecond },
    ]
  })
}

function startOf({ start: { p50Ms, p99Ms } }: VersionBehaviour): Start {
  return p99Ms > p50Ms ? logNormalFrom({ p50: p50Ms, p99: p99Ms }) : { fixedMs: p50Ms }
}

/** Pods carry the labels of their template and the hash that the controller adds. */
function workloadOf({ rollout }: ArgoPolicy, release: ManifestTemplate): Workload {
  const labels = [rollout.template, release].map((template) => ({
    ...template.labels,
    [rolloutHashLabel]: template.hash,
  }))
  return { name: rollout.name, namespace: rollout.namespace, container: rollout.template.container, labels }
}

/** What is exposed depends on the queries, which so have to be known before. */
function refuseChangingArgs({ rollout }: ArgoPolicy, problems: Problems): void {
  for (const { valueFrom } of analysesOf(rollout).flatMap(({ request }) => request.args)) {
    if (!valueFrom || !('fieldPath' in valueFrom) || !isStatusPath(valueFrom.fieldPath)) continue
    const message = `fieldRef to ${valueFrom.fieldPath} is not simulated`
    problems.error('unsupported-field', valueFrom.place, message)
  }
}

/** Every metric that the policy will measure, with its arguments filled in; a run that can't begin has none. */
function metricsOf({ rollout, catalogue }: ArgoPolicy, release: ManifestTemplate): readonly AskedMetric[] {
  return analysesOf(rollout).flatMap(({ request }) => {
    const valueFor = ({ value, valueFrom }: RolloutArg) => {
      if (!valueFrom) return value ?? ''
      if ('fieldPath' in valueFrom) return rollout.field(valueFrom.fieldPath, release) ?? ''
      return valueFrom.podTemplateHashValue === 'Latest' ? release.hash : rollout.template.hash
    }
    const metrics = catalogue.metricsFor(request, valueFor)
    const { templates } = catalogue.resolve(request, valueFor)
    const written = templates.flatMap((template) => template.metrics)
    return 'error' in metrics ? [] : metrics.map((metric, at) => ({ metric, place: written[at]!.places.provider }))
  })
}

function queriesIn(asked: readonly AskedMetric[], nowMs: number): readonly PlacedQuery[] {
  const queries = new Map<string, PlacedQuery>()
  for (const { metric, place } of asked) {
    if (metric.provider.kind !== 'prometheus') continue
    const { query: text, range } = metric.provider
    const times = range && timesOf(range, nowMs)
    const reachMs = times && !('error' in times) ? Math.max(0, nowMs - times.startMs) : 0
    queries.set(text, { text, place, reachMs: Math.max(reachMs, queries.get(text)?.reachMs ?? 0) })
  }
  return [...queries.values()]
}
