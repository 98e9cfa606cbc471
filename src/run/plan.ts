// Puts a scenario and a policy together: everything of a flight that doesn't depend on its seed, computed once.

import { logNormalFrom } from '../kernel/lognormal.js'
import { type ArgoPolicy, readPolicy } from '../policy/argo/policy.js'
import { routersOf } from '../policy/argo/routers.js'
import { partOf } from '../policy/argo/step.js'
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
import { metricsOf, queriesIn, refuseChangingArgs } from './asked-metrics.js'
import { checkScrape } from './check-scrape.js'
import { checkUsage } from './check-usage.js'
import { refuseTakenNames } from './chosen-dialects.js'
import { type Observation, observe } from './observation.js'
import { questionsOf } from './questions.js'
import { readWorkload } from './read-workload.js'
import { checkRules, rulesOf, tellShortHistory } from './rules.js'
import { checkPluginScripts } from './scripted-plugins.js'
import { bindSignals } from './signals/bind-signals.js'
import type { SignalBook } from './signals/signal-book.js'
import type { Hashes } from './signals/signal-query.js'
import { canary, type Stack, stable, stacksOf } from './stacks.js'
import { type Trouble, troublesOf } from './trouble.js'
import type { Workload } from './workload.js'

export interface Plan {
  /** Name of the scenario: its file without folder and ending. */
  readonly name: string
  readonly scenario: Scenario
  readonly policy: ArgoPolicy
  /** By these indices the world tells pods and requests apart. */
  readonly stacks: readonly Stack[]
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

/** Who asks for metrics beside the policy. */
export interface Audience {
  /** Anybody, and for anything. */
  readonly isServed?: boolean
  /** When the scenario starts for them, whatever it says itself: in whole seconds. */
  readonly startsAtMs?: number
}

/** Undefined when there is nothing to fly; why is among the problems, those of the policy whatever the scenario. */
export function prepare(
  name: string,
  file: ScenarioFile | undefined,
  manifests: readonly Manifest[],
  problems: Problems,
  { isServed = false, startsAtMs }: Audience = {},
): Plan | undefined {
  const { errorCount } = problems
  const rules = rulesOf(file?.rules ?? [], manifests, problems)
  const areRulesWhole = problems.errorCount === errorCount
  const policy = readPolicy(manifests, problems, file?.scenario && versionOf(file.scenario.controller.version))
  if (policy) {
    refuseLostRequests(policy, manifests, problems)
    refuseChangingArgs(policy, problems)
  }
  if (!policy || !file?.scenario) return undefined
  const scenario = startsAtMs === undefined ? file.scenario : { ...file.scenario, startsAtMs }
  const { rollout } = policy
  checkTogether(file, scenario, policy, problems)
  if (areRulesWhole) checkRules(file, scenario, rules, problems)
  refuseTakenNames(file, scenario, rollout.canary.routing, problems)
  checkPluginScripts(file, scenario.plugins, policy, manifests, problems)
  tellIfNoServiceOfAll(policy, manifests, problems)
  const release = withImage(rollout.template, scenario.releaseImage ?? nextImage(rollout.template.image))
  const stacks = stacksOf(rollout, release)
  const faults = scenario.faults.map((fault) => faultOf(fault, scenario.releaseAtMs, stacks))
  const workload = readWorkload(policy, stacks, release, manifests, scenario)
  const asked = metricsOf(policy, release, scenario.people)
  const signals = bindSignals(asked, scenario.observability.signals, hashesOf(stacks), file, problems)
  const queries = queriesIn(asked, scenario.releaseAtMs)
  const questions = questionsOf(queries, signals.reads, rules, isServed, problems)
  const observation = observe(scenario, policy, workload, questions, problems)
  checkScrape(file, scenario.observability.scrape, observation, problems)
  checkUsage(file, scenario, policy.autoscaler, observation, problems)
  tellShortHistory(observation.rules, scenario, problems)
  return {
    name,
    scenario,
    policy,
    stacks,
    release,
    faults,
    isRouted: rollout.canary.routing !== undefined || rollout.blueGreen !== undefined,
    troubles: troublesOf(scenario, faults),
    flow: flowPlan(scenario, policy, stacks, faults, observation),
    pods: {
      starts: stacks.map(({ version }) => startOf(behaviourOf(scenario, version))),
      faults: faults.filter(concernsPods),
    },
    observation,
    signals,
    workload,
  }
}

/** What scenario and policy can be without, but not with each other. */
function checkTogether(file: ScenarioFile, scenario: Scenario, policy: ArgoPolicy, problems: Problems): void {
  const { rollout } = policy
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
  const slow = faults.findIndex(({ effect }) => effect.kind === 'latency')
  if (slow >= 0 && slo.latencyMs === undefined) {
    const hint = 'Say in slo.latency which answers are too slow, such as `500ms`.'
    const message = 'without slo.latency a slow answer harms nobody: only errors are counted'
    problems.warning('latency-uncounted', file.placeOf(['faults', slow]), message, { hint })
  }
}

/** Without a router, requests reach a new version through a Service that selects both. */
function tellIfNoServiceOfAll({ rollout, services }: ArgoPolicy, manifests: readonly Manifest[], problems: Problems) {
  const { routing, stableService, canaryService } = rollout.canary
  if ((routing && routersOf(routing).length > 0) || stableService === undefined) return
  if (services.some(({ name }) => name !== stableService && name !== canaryService)) return
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

function faultOf(fault: ScenarioFault, releaseAtMs: number, stacks: readonly Stack[]): Fault {
  const onsetMs = releaseAtMs + fault.onsetMs
  const endMs = fault.forMs === undefined ? Number.POSITIVE_INFINITY : onsetMs + fault.forMs
  const struck = fault.on === 'stable' ? stable : canary
  const versions = stacks.flatMap(({ version }, index) => (version === struck ? [index] : []))
  const { effect, rampMs } = fault
  return { effect, versions, onsetMs, endMs, rampMs }
}

function behaviourOf({ service }: Scenario, version: number): VersionBehaviour {
  return version === stable ? service.stable : service.canary
}

function flowPlan(
  scenario: Scenario,
  { rollout, workload, keepsUsers }: ArgoPolicy,
  stacks: readonly Stack[],
  faults: readonly Fault[],
  observation: Observation,
): FlowPlan {
  const { traffic, slo } = scenario
  const behaviour = (stack: number, base: VersionBehaviour) =>
    new Behaviour(
      {
        errorRatio: base.errorRatio,
        latency: Latency.fromPercentiles(base.latency.p50Ms, base.latency.p99Ms),
        capacityPerPod: base.capacityPerSecond ?? Number.POSITIVE_INFINITY,
      },
      faults.filter(concernsAnswers).filter(({ versions }) => versions.includes(stack)),
    )
  const { objectiveRatio, windowMs, latencyMs } = slo
  return {
    traffic: new Traffic(linesOf(traffic.points)),
    behaviours: stacks.map(({ version }, index) => behaviour(index, behaviourOf(scenario, version))),
    isReleased: stacks.map(({ version }) => version === canary),
    stablePods: rollout.replicas + (workload ? replicasOf(workload) : 0),
    audience: { users: traffic.users, sticky: traffic.sticky ?? keepsUsers },
    objective: { ratio: objectiveRatio, windowMs, ...(latencyMs === undefined ? {} : { latencyMs }) },
    ...(observation.latencyBoundsMs ? { latencyBoundsMs: observation.latencyBoundsMs } : {}),
    horizonMs: scenario.durationMs,
    watched: observation.watched,
    looksApart: observation.isSpread && observation.perPod,
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

/** By version the hashes of all pods that run it, those of experiments too. */
function hashesOf(stacks: readonly Stack[]): Hashes {
  const hashes = (version: number) => stacks.flatMap((stack) => (stack.version === version ? [stack.hash] : []))
  return { stable: hashes(stable), canary: hashes(canary) }
}

/** A route that grows by an empty destination in every pass leads nowhere that could be told. */
function refuseLostRequests({ rollout }: ArgoPolicy, manifests: readonly Manifest[], problems: Problems): void {
  if (rollout.template.hasPorts) return
  for (const [index, step] of rollout.canary.steps.entries()) {
    const templates = partOf(step, 'experiment')?.experiment.templates ?? []
    if (templates.every(({ weight }) => weight === undefined)) continue
    const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
    const at = manifest.positionOf(['spec', 'strategy', 'canary', 'steps', index, 'experiment', 'templates'])
    const message = 'weights of an experiment whose pods get no Service are not simulated'
    const hint = 'Name a containerPort in the template of the Rollout.'
    problems.error('unsupported-field', { file: manifest.file, ...at }, message, { hint })
  }
}
