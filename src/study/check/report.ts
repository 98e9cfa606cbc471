// What `check` says in the end: for machines as it is here, for people as src/report/check.ts writes it.
import type { Result } from '../conduct.js'
import type { RolloutName } from '../select-rollout.js'
import type { Checked, PlannedJob } from './check.js'
import type { Finding } from './finding.js'
import { type Flight, flightOf } from './flight.js'
import type { Ignored } from './ignored.js'
import type { Planned } from './planned.js'
import { type Severity, severities } from './rule.js'

export const checkSchema = 'coalmine.check/v1'

export interface CheckReport {
  readonly schema: typeof checkSchema
  /** Of coalmine: another one may fly another way. */
  readonly version: string
  /** What was checked, as it was written on the command line. */
  readonly paths: readonly string[]
  /** What was said of the rate; null where nobody said anything. */
  readonly wantedRatePerSecond: number | null
  readonly seed: number
  readonly rollouts: readonly CheckedRollout[]
  /** By file and line. */
  readonly findings: readonly Finding[]
  /** What comments in the manifests have switched off. */
  readonly ignored: readonly Ignored[]
}

export interface CheckedRollout extends RolloutName {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly world: CheckedWorld | null
  readonly flights: readonly Flight[]
}

export interface CheckedWorld {
  /** Null where none was given, and all of this is assumed. */
  readonly scenario: string | null
  readonly ratePerSecond: number
  readonly users: number
  readonly releaseAtMs: number
  readonly durationMs: number
  /** How long a release takes when nothing is wrong. */
  readonly healthyMs: number
  /** Metrics of others than Prometheus, of which nobody said what they answer: nothing fails by them. */
  readonly unanswered: readonly string[]
  /** Whether somebody is assumed who promotes where the policy waits for a person, without a look at anything. */
  readonly isPromotedBlindly: boolean
}

type Asked = Pick<CheckReport, 'version' | 'paths' | 'wantedRatePerSecond' | 'seed'>

export function reportOf(
  { rollouts, findings, ignored }: Checked,
  jobs: readonly PlannedJob[],
  results: readonly Result[],
  asked: Asked,
): CheckReport {
  const flightsOf = (planned: Planned): readonly Flight[] =>
    jobs.flatMap(({ rollout, flight, confidence }, index) =>
      rollout === planned ? [flightOf(flight, planned, results[index]!.arms[0]!, confidence)] : [],
    )
  return {
    schema: checkSchema,
    ...asked,
    rollouts: rollouts.map((planned) => ({
      ...planned.rollout,
      ...planned.place,
      world: worldOf(planned),
      flights: flightsOf(planned),
    })),
    findings,
    ignored,
  }
}

function worldOf({ scenario, subject: { plan }, release, unanswered }: Planned): CheckedWorld | null {
  if (!plan || !release) return null
  const { releaseAtMs, durationMs, traffic, people } = plan.scenario
  const mean = (1000 * plan.flow.traffic.mean.integral(0, durationMs)) / durationMs
  return {
    scenario,
    ratePerSecond: Number(mean.toPrecision(6)),
    users: traffic.users.count,
    releaseAtMs,
    durationMs,
    healthyMs: release.healthyMs,
    unanswered,
    isPromotedBlindly: scenario === null && people.length > 0,
  }
}

/** Whether there is something at or above a severity; a budget that fails is as bad as an error. */
export function isBad({ findings, rollouts }: CheckReport, failOn: Severity): boolean {
  const from = severities.indexOf(failOn)
  return (
    findings.some(({ severity }) => severities.indexOf(severity) <= from) ||
    rollouts.some(({ flights }) => flights.some(({ budgets }) => budgets.some(({ answer }) => answer === 'fails')))
  )
}
