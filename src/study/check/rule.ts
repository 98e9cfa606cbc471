// What a rule of `check` is: something that manifests can say, what comes of it, and how to find it.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import type { Plan } from '../../run/plan.js'
import type { RunRecord } from '../../run/record.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Place } from '../../scenario/problem.js'

/** It does harm or never ends; it misleads; it is worth knowing. */
export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

export interface Rule {
  /** Also the name of its page in docs/rules, and for what the loader tells, the code of the problem. */
  readonly id: string
  readonly severity: Severity
  /** What is wrong, in one sentence. */
  readonly title: string
  /** The controller versions that it applies to, as its page says it; every version, if left out. */
  readonly versions?: string
  /** Left out where the loader tells of it. */
  find?(subject: Subject): Iterable<Found>
}

export interface Found {
  readonly place: Place
  /** What is wrong here. */
  readonly message: string
  /** Why it matters, in numbers from this policy. */
  readonly why: string
  /** What to change. */
  readonly mend: string
  /** What a flight of this very policy shows of it. */
  readonly flown?: string
}

/** What a rule is asked about. */
export interface Subject {
  readonly manifests: readonly Manifest[]
  /** Rollouts that are applied together with the one in question. */
  readonly otherRollouts: readonly Manifest[]
  /** Undefined where there is none that a controller would act on. */
  readonly policy: ArgoPolicy | undefined
  /** In the world that is assumed or given; undefined where something keeps it from being flown. */
  readonly plan: Plan | undefined
  /** A healthy release under that plan. */
  readonly healthy: RunRecord | undefined
  /** Whether nobody has said how many requests there are. */
  readonly isRateAssumed: boolean
}
