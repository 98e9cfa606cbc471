// A scenario for a policy that came without one: a healthy release, met by what the policy can't be flown without.
import type { Metric } from '../../policy/argo/metric.js'
import { type ArgoPolicy, readPolicy } from '../../policy/argo/policy.js'
import { partOf } from '../../policy/argo/step.js'
import { limits } from '../../scenario/limits.js'
import { readScenario, type ScenarioFile } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import { Problems } from '../../scenario/problem.js'
import { metricsOf } from '../asked-metrics.js'
import type { Plan } from '../plan.js'
import { suggestedSignal } from '../signals/bind-signals.js'

/** The name of its file, which isn't there. */
export const assumedWorld = '(assumed world)'

const longestStayMs = 24 * 3_600_000
const patienceMs = 60_000

/** What others than Prometheus answer only a scenario can say: in a world that is assumed, it fails nothing. */
export function withoutVerdictsOfOthers(plan: Plan): Plan {
  const unjudged = (metric: Metric): Metric =>
    metric.provider.kind === 'prometheus' ? metric : { ...metric, success: undefined, failure: undefined }
  return { ...plan, policy: { ...plan.policy, catalogue: plan.policy.catalogue.changing(unjudged) } }
}

export function healthyWorldFor(manifests: readonly Manifest[]): ScenarioFile | undefined {
  // Whoever flies the policy tells of its problems.
  const policy = readPolicy(manifests, new Problems())
  return policy && healthyWorld(policy)
}

/** Written and read as a person's scenario is. */
function healthyWorld(policy: ArgoPolicy): ScenarioFile {
  const { rollout } = policy
  const pausesMs = rollout.canary.steps.map((step) => partOf(step, 'pause')?.durationMs ?? 0)
  const longestPauseMs = Math.max(rollout.blueGreen?.autoPromotionMs ?? 0, ...pausesMs)
  const durationMs = pausesMs.reduce((sum, each) => sum + each, longestStayMs)
  const lines = [
    'teaches: How a healthy release looks to the queries of a policy.',
    'policy: .',
    'release: {at: 5m}',
    `duration: ${Math.floor(Math.min(durationMs, limits.durationMs) / 1000)}s`,
    'traffic: {rate: 100/s}',
    waitsForPeople(policy) ? `people: [{when: paused, after: ${longestPauseMs + patienceMs}ms, do: promote}]` : '',
    `plugins: [${pluginsOf(policy).join(', ')}]`,
    `observability: {signals: [${signalsFor(policy).join(', ')}]}`,
    'service: {stable: {cpuPerRequest: 10ms, memory: 120Mi}}',
  ]
  const problems = new Problems()
  const file = readScenario(assumedWorld, { read: () => ({ text: lines.join('\n') }) }, problems)
  problems.throwIfAny()
  return file!
}

/** Whether only a person ends some pause. */
function waitsForPeople({ rollout }: ArgoPolicy): boolean {
  const { steps } = rollout.canary
  const isEndless = steps.some((step) => {
    const pause = partOf(step, 'pause')
    return pause !== undefined && pause.durationMs === undefined
  })
  return isEndless || rollout.blueGreen?.autoPromotes === false
}

function pluginsOf({ rollout }: ArgoPolicy): readonly string[] {
  const names = rollout.canary.steps.flatMap((step) => partOf(step, 'plugin')?.name || [])
  return [...new Set(names)].map((name) => `{name: ${JSON.stringify(name)}, after: 10s}`)
}

function signalsFor(policy: ArgoPolicy): readonly string[] {
  const others = metricsOf(policy, policy.rollout.template, [])
    .map(({ metric }) => metric)
    .filter(({ provider }) => provider.kind !== 'prometheus')
  return [...new Set(others.map(suggestedSignal))]
}
