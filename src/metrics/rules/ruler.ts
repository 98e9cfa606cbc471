// Evaluates groups of rules, and holds what has come of them: what /api/v1/rules and /api/v1/alerts tell.
import type { TellAlert } from './alert.js'
import { Alerting } from './alerting.js'
import type { Recorder } from './evaluation.js'
import { Recording } from './recording.js'
import type { RuleGroup } from './rule.js'

/** Of a server that isn't told otherwise. */
export const DEFAULT_EVALUATION_MS = 60_000

/** A group and its rules, each with its health, last error and last evaluation, alerting ones with their alerts. */
export class GroupState {
  readonly rules: readonly (Recording | Alerting)[]
  readonly intervalMs: number
  /** What Prometheus' clock showed. */
  lastEvaluationMs: number | undefined

  constructor(
    readonly group: RuleGroup,
    recorder: Recorder,
    defaultIntervalMs: number,
  ) {
    this.intervalMs = group.intervalMs ?? defaultIntervalMs
    this.rules = group.rules.map((rule) =>
      rule.kind === 'alert' ? new Alerting(rule, recorder) : new Recording(rule, recorder),
    )
  }

  /** In order: what a rule has written, those after it read. */
  evaluate(timeMs: number, tell: TellAlert): void {
    const { limit, queryOffsetMs } = this.group
    this.lastEvaluationMs = timeMs
    const moment = { timeMs, sampleMs: timeMs - queryOffsetMs, limit, tell }
    for (const rule of this.rules) rule.evaluate(moment)
  }

  reset(): void {
    this.lastEvaluationMs = undefined
    for (const rule of this.rules) rule.reset()
  }
}

export class Ruler {
  readonly groups: readonly GroupState[]

  constructor(groups: readonly RuleGroup[], recorder: Recorder, defaultIntervalMs = DEFAULT_EVALUATION_MS) {
    this.groups = groups.map((group) => new GroupState(group, recorder, defaultIntervalMs))
  }

  get alerting(): readonly Alerting[] {
    return this.groups.flatMap(({ rules }) => rules.filter((rule) => rule instanceof Alerting))
  }

  /** A new flight begins, on a cleared store. */
  reset(): void {
    for (const group of this.groups) group.reset()
  }
}
