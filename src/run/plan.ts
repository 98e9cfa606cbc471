// Puts a scenario and a policy together: everything of a flight that doesn't depend on its seed, computed once.

import { type ArgoPolicy, readPolicy } from '../policy/argo/policy.js'
import { versionOf } from '../policy/argo/version.js'
import { type ManifestTemplate, withImage } from '../policy/pod-template.js'
import type { ScenarioFile } from '../scenario/load.js'
import type { Manifest } from '../scenario/manifest.js'
import type { Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'
import type { PodLifePlan } from '../world/cluster/pod-life.js'
import type { Fault } from '../world/fault.js'
import type { FlowPlan } from '../world/flow.js'
import { populationOf } from '../world/population.js'
import type { ServicePlan } from '../world/service.js'
import { allFaults } from './all-faults.js'
import { metricsOf, queriesIn } from './asked-metrics.js'
import { checkCoupling } from './checks/check-coupling.js'
import { checkHeaderRoutes } from './checks/check-header-routes.js'
import { checkOwnMetrics } from './checks/check-own-metrics.js'
import { checkRules, tellShortHistory } from './checks/check-rules.js'
import { checkScrape } from './checks/check-scrape.js'
import { checkSimulated } from './checks/check-simulated.js'
import { checkTogether } from './checks/check-together.js'
import { checkUsage } from './checks/check-usage.js'
import { tellRoughQueues } from './checks/tell-rough-queues.js'
import { tellTightCluster } from './checks/tell-tight-cluster.js'
import { tellVainFaults } from './checks/tell-vain-faults.js'
import { chooseFidelity, type FidelityChoice, type FidelityWishes } from './fidelity.js'
import { type Observation, observe } from './observation.js'
import { questionsOf } from './questions.js'
import { readWorkload } from './read-workload.js'
import { rulesOf } from './rules.js'
import { codesOf, servicePlanOf } from './service-plan.js'
import { bindSignals } from './signals/bind-signals.js'
import type { SignalBook } from './signals/signal-book.js'
import type { Hashes } from './signals/signal-query.js'
import { spellsOf } from './spells.js'
import { canary, type Stack, stable, stacksOf } from './stacks.js'
import { type Trouble, troublesOf } from './trouble.js'
import { unjudgedByOthers } from './unjudged.js'
import type { Workload } from './workload.js'
import { faultsOf, flowPlanOf, podLifePlanOf } from './world-plan.js'

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
  readonly fidelity: FidelityChoice
  readonly flow: Omit<FlowPlan, 'answering'>
  readonly service: ServicePlan
  readonly pods: PodLifePlan
  readonly observation: Observation
  /** What answers for the metrics that aren't queries to Prometheus. */
  readonly signals: SignalBook
  readonly workload: Workload
}

/** Who asks for something beside the policy. */
export interface Audience extends FidelityWishes {
  /** Anybody, and for any metric. */
  readonly isServed?: boolean
  /** When the scenario starts for them, whatever it says itself: in whole seconds. */
  readonly startsAtMs?: number
  /** Whether nobody has said what others than Prometheus answer: then it fails nothing. */
  readonly isAssumed?: boolean
}

/** Undefined when there is nothing to fly; why is among the problems, those of the policy whatever the scenario. */
export function prepare(
  name: string,
  file: ScenarioFile | undefined,
  manifests: readonly Manifest[],
  problems: Problems,
  { isServed = false, startsAtMs, isAssumed = false, ...wishes }: Audience = {},
): Plan | undefined {
  const { errorCount } = problems
  const rules = rulesOf(file?.rules ?? [], manifests, problems)
  const areRulesWhole = problems.errorCount === errorCount
  const policy = readPolicy(manifests, problems, file?.scenario && versionOf(file.scenario.controller.version))
  if (policy) checkSimulated(policy, manifests, problems)
  if (!policy || !file?.scenario) return undefined
  const written = startsAtMs === undefined ? file.scenario : { ...file.scenario, startsAtMs }
  checkTogether(file, written, policy, manifests, problems)
  if (areRulesWhole) checkRules(file, written, rules, problems)
  const { rollout } = policy
  const release = withImage(rollout.template, written.releaseImage ?? nextImage(rollout.template.image))
  const stacks = stacksOf(rollout, release)
  const described = readWorkload(policy, stacks, release, manifests, written)
  const told = allFaults(file, written, policy, stacks, described, manifests, problems)
  const scenario = { ...written, faults: told.map(({ fault }) => fault) }
  const faults = faultsOf(scenario, stacks)
  const workload = { ...described, codes: codesOf(scenario).map(String) }
  const asked = metricsOf(policy, release, scenario.people)
  const signals = bindSignals(asked, scenario.observability.signals, hashesOf(stacks), file, problems)
  const queries = queriesIn(asked, scenario.releaseAtMs)
  const questions = questionsOf(queries, signals.reads, rules, isServed, problems)
  const spells = spellsOf(scenario, faults, stacks)
  const observation = observe(scenario, policy, workload, questions, spells, problems)
  const fidelity = chooseFidelity(file, scenario, wishes, problems)
  const isRouted = rollout.canary.routing !== undefined || rollout.blueGreen !== undefined
  checkCoupling(file, scenario, isRouted, problems)
  checkScrape(file, written, observation, problems)
  checkOwnMetrics(file, scenario, observation, problems)
  tellVainFaults(told, scenario, policy, problems)
  tellTightCluster(file, scenario, rollout.replicas, problems)
  checkUsage(file, scenario, policy, observation, problems)
  tellShortHistory(observation.rules, scenario, problems)
  const population = populationOf(scenario.traffic)
  const service = servicePlanOf(scenario, stacks, population.strands, faults)
  if (fidelity.fidelity === 'flow') tellRoughQueues(file, service, problems)
  checkHeaderRoutes(policy, population.strands, manifests, problems)
  return {
    name,
    scenario,
    policy: isAssumed ? unjudgedByOthers(policy) : policy,
    stacks,
    release,
    faults,
    isRouted,
    troubles: troublesOf(
      scenario,
      population.strands,
      faults.filter(({ onsetMs }, index) => onsetMs < Number.POSITIVE_INFINITY && !isLatent(service, index)),
      rollout.template.spec?.memoryLimitBytes,
    ),
    fidelity,
    flow: flowPlanOf(scenario, policy, stacks, population, observation, faults),
    service,
    pods: podLifePlanOf(scenario, stacks, faults),
    observation,
    signals,
    workload,
  }
}

/** Whether it depends on a flight when a fault begins. */
function isLatent({ faults }: ServicePlan, index: number): boolean {
  return faults.some((fault) => fault.index === index && fault.isLatent)
}

/** What CI would have built: the manifest's image with another tag. */
function nextImage(image: string): string {
  const colon = image.lastIndexOf(':')
  const hasTag = colon > image.lastIndexOf('/')
  return `${hasTag ? image.slice(0, colon) : image}:${hasTag ? `${image.slice(colon + 1)}-next` : 'next'}`
}

/** By version the hashes of all pods that run it, those of experiments too. */
function hashesOf(stacks: readonly Stack[]): Hashes {
  const hashes = (version: number) => stacks.flatMap((stack) => (stack.version === version ? [stack.hash] : []))
  return { stable: hashes(stable), canary: hashes(canary) }
}
