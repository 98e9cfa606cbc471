// The world around a policy for which nobody wrote a scenario: as long, and as much before it, as the policy needs.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { flyHealthily } from '../../run/explain/healthy-flight.js'
import { assumedWorld, readWorld } from '../../run/explain/healthy-world.js'
import { type Known, worldText } from '../../run/explain/world-text.js'
import { prepare } from '../../run/plan.js'
import { limits } from '../../scenario/limits.js'
import type { Manifest } from '../../scenario/manifest.js'
import { Problems } from '../../scenario/problem.js'
import { formatDuration } from '../../scenario/units.js'

export interface InferredWorld {
  readonly text: string
  /** How long a release takes in which nothing is wrong. */
  readonly healthyMs: number
}

const minuteMs = 60_000

/** Longer windows than this are not full when the release comes: every flight would have to fly all of it. */
const longestWarmUpMs = 60 * minuteMs
const usualWarmUpMs = 5 * minuteMs

/** So long everyone has a bug that was missed, so that it can be told from one that was caught. */
const aftermathMs = 10 * minuteMs

export function inferWorld(
  policy: ArgoPolicy,
  manifests: readonly Manifest[],
  known: Pick<Known, 'policy' | 'ratePerSecond'>,
): InferredWorld {
  const trial = trialOf(policy, manifests, known)
  const releaseMs = Math.min(longestWarmUpMs, Math.max(usualWarmUpMs, inMinutes(trial.windowMs)))
  const deadlineMs = policy.rollout.progressDeadlineMs
  const flightMs = inMinutes(Math.max(1.25 * trial.healthyMs + aftermathMs, deadlineMs + usualWarmUpMs))
  const looksBack = trial.windowMs > usualWarmUpMs ? 'the longest look back of a query' : 'warm-up'
  const text = worldText(policy, {
    ...known,
    asksFor: trial.asksFor,
    release: { ms: releaseMs, why: `What comes before the release is ${looksBack}.` },
    duration: { ms: Math.min(releaseMs + flightMs, limits.durationMs), why: durationWhy(trial) },
  })
  return { text, healthyMs: trial.healthyMs }
}

interface Trial {
  readonly healthyMs: number
  readonly hasEnd: boolean
  /** How far back queries look. */
  readonly windowMs: number
  readonly asksFor: NonNullable<Known['asksFor']>
}

/** A healthy release, in a flight that is long enough for nearly anything. */
function trialOf(policy: ArgoPolicy, manifests: readonly Manifest[], known: Known): Trial {
  const file = readWorld(worldText(policy, { ...known, release: { ms: longestWarmUpMs, why: '' } }))
  const problems = new Problems()
  const plan = prepare(assumedWorld, file, manifests, problems, { isAssumed: true })
  const isAsked = (unused: string) => problems.inOrder.every(({ code }) => code !== unused)
  const asksFor = { cpu: isAsked('cpu-unused'), memory: isAsked('memory-unused') }
  if (plan === undefined || problems.hasErrors) return { healthyMs: 0, hasEnd: false, windowMs: 0, asksFor }
  const { verdict, lastedMs } = flyHealthily(plan)
  const hasEnd = verdict === 'promoted' || verdict === 'aborted'
  return { healthyMs: hasEnd ? lastedMs : 0, hasEnd, windowMs: plan.observation.exposure.store.retentionMs, asksFor }
}

function durationWhy({ healthyMs, hasEnd }: Trial): string {
  if (!hasEnd) return 'A healthy release has no end here: find out why with `coalmine run`.'
  const lasts = formatDuration(1000 * Math.round(healthyMs / 1000))
  return `A healthy release takes ${lasts}. A fourth more, for what goes slower, and ten minutes in which everyone has what\nwas missed; at least until the progress deadline is over.`
}

function inMinutes(ms: number): number {
  return minuteMs * Math.ceil(ms / minuteMs)
}
