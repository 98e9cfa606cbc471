// What a rule file says: groups of rules that are evaluated one after the other.
import type { Place } from '../../scenario/problem.js'
import type { Query } from '../promql/query.js'

export interface RuleGroup {
  /** Tells it from others together with its file. */
  readonly name: string
  readonly file: string
  /** Undefined: as the server evaluates rules. */
  readonly intervalMs: number | undefined
  /** How long before its evaluation the rules ask, and their samples lie. */
  readonly queryOffsetMs: number
  /** Of series a recording rule may write, or alerts an alerting rule may have; 0 for as many as there are. */
  readonly limit: number
  readonly rules: readonly Rule[]
}

interface RuleBase {
  readonly name: string
  readonly query: Query
  /** All that is read for it: its own query, and those that its templates ask. */
  readonly queries: readonly Query[]
  /** Its own over its group's. */
  readonly labels: Readonly<Record<string, string>>
  readonly place: Place
  readonly expressionPlace: Place
}

export interface RecordingRule extends RuleBase {
  readonly kind: 'record'
}

/** Labels and annotations are templates. */
export interface AlertingRule extends RuleBase {
  readonly kind: 'alert'
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly annotations: Readonly<Record<string, string>>
}

export type Rule = RecordingRule | AlertingRule

/** Names of the series that alerting rules write. */
export const ALERTS = 'ALERTS'
export const ALERTS_FOR_STATE = 'ALERTS_FOR_STATE'
