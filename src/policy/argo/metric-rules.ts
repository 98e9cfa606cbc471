// Rules of an analysis that pick metrics by name: which ones only rehearse, and how many measurements of one are kept.
import { compileRegexp } from './condition/regexp.js'
import { Panic } from './condition/value/panic.js'

export interface MetricRules {
  readonly dryRun: readonly NameRule[]
  readonly retention: readonly RetentionRule[]
}

export interface NameRule {
  /** A regular expression in Go's syntax that may fit anywhere in a name; the documented `*` is none and fits nothing. */
  readonly metricName: string
}

export interface RetentionRule extends NameRule {
  readonly limit: number
}

export const noRules: MetricRules = { dryRun: [], retention: [] }

const defaultKept = 10

export function combineRules(all: readonly MetricRules[]): MetricRules {
  return {
    dryRun: all.flatMap(({ dryRun }) => dryRun),
    retention: all.flatMap(({ retention }) => retention),
  }
}

/** In the controller's words, with which it ends a run at once. */
export function ruleWithoutMetric({ dryRun, retention }: MetricRules, names: readonly string[]): string | undefined {
  return findUnused('dryRun', dryRun, names) ?? findUnused('measurementRetention', retention, names)
}

/** Two rules with one name stop the run from being made. */
export function ruleGivenTwice({ dryRun, retention }: MetricRules): string | undefined {
  const twice = (rules: readonly NameRule[]) =>
    rules.find(({ metricName }, index) => rules.findIndex((rule) => rule.metricName === metricName) < index)
  const dry = twice(dryRun)
  if (dry) return `two Dry-Run metric rules have the same name '${dry.metricName}'`
  const kept = twice(retention)
  return kept && `two Measurement Retention metric rules have the same name '${kept.metricName}'`
}

export function isDryRun(name: string, { dryRun }: MetricRules): boolean {
  return dryRun.some((rule) => fits(rule, name))
}

/** How many measurements are kept; of several rules the last one that fits counts. */
export function keptOf(name: string, { retention }: MetricRules): number {
  const limit = retention.findLast((rule) => fits(rule, name))?.limit ?? 0
  return limit > 0 ? limit : defaultKept
}

function findUnused(field: string, rules: readonly NameRule[], names: readonly string[]): string | undefined {
  const index = rules.findIndex((rule) => !names.some((name) => fits(rule, name)))
  return index < 0 ? undefined : `${field}[${index}]: Rule didn't match any metric name(s)`
}

function fits({ metricName }: NameRule, name: string): boolean {
  try {
    return compileRegexp(metricName).test(name)
  } catch (error) {
    if (error instanceof Panic) return false
    throw error
  }
}
