// Groups of rules over random series do what Prometheus' own rule engine does with them: the series they write, stale
// markers included, the health of each rule and its alerts. COALMINE_ORACLE_RULE_GROUPS is how many flights are asked for.
import { env } from 'node:process'
import { expect, it } from 'vitest'
import { formatGoFloat } from '../../../src/metrics/float.js'
import { METRIC_NAME } from '../../../src/metrics/labels.js'
import { readNumber } from '../../../src/metrics/promql/literals.js'
import type { Alert } from '../../../src/metrics/rules/alert.js'
import { Alerting } from '../../../src/metrics/rules/alerting.js'
import { readRuleFile } from '../../../src/metrics/rules/rule-file.js'
import { type GroupState, Ruler } from '../../../src/metrics/rules/ruler.js'
import type { Series } from '../../../src/metrics/series.js'
import type { Store } from '../../../src/metrics/store.js'
import { Problems } from '../../../src/scenario/problem.js'
import { Chance } from '../../conformance/chance.js'
import { prometheus, seed } from '../../oracle/oracle.js'
import { loadSeries } from '../promql/series-notation.js'
import { type RuleQuestion, randomQuestion } from './random-flights.js'

const count = Number(env['COALMINE_ORACLE_RULE_GROUPS'] ?? 100)

it.skipIf(!prometheus.isThere(`${count} evaluations of rule groups`))(
  `rules are evaluated as Prometheus evaluates them (seed ${seed})`,
  () => {
    const chance = new Chance(`rule groups ${seed}`)
    const questions = Array.from({ length: count }, () => randomQuestion(chance))
    const answers = prometheus.ask(questions.map((question) => JSON.stringify(question)))
    const different = questions.flatMap((question, index) => {
      const theirs = inOrder(JSON.parse(answers[index]!) as Told)
      const ours = inOrder(evaluated(question))
      const at = theirs.findIndex((line, row) => line !== ours[row])
      if (at < 0 && ours.length === theirs.length) return []
      const row = at < 0 ? theirs.length : at
      return [`${question.series.join('\n')}\n${question.rules}\ntheirs: ${theirs[row]}\nours:   ${ours[row]}`]
    })
    expect(different.slice(0, 3).join('\n\n'), `${different.length} of ${count} differ, seed ${seed}`).toBe('')
  },
)

interface Told {
  readonly written: readonly { readonly metric: object; readonly points: readonly (readonly [number, string])[] }[]
  readonly rules: readonly { readonly error: string; readonly alerts?: readonly object[] }[]
}

/** Series and alerts have no order. */
function inOrder({ written, rules }: Told): readonly string[] {
  const series = written.map(
    ({ metric, points }) => `${sorted(metric)} ${points.map(([at, is]) => `${at}:${rounded(is)}`)}`,
  )
  const states = rules.map(
    ({ alerts, error, ...state }) => `${sorted(state)} ${namedOnly(error)} ${alerts?.map(sorted).sort()}`,
  )
  return [...series.sort(), ...states]
}

/** Of several samples that are refused, any may be the last one: alerts have no order. */
function namedOnly(error: string): string {
  return error.replace(/; overrides not allowed: .*/, '')
}

function sorted(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  )
}

/** Sums of floats may differ in the last digit. */
function rounded(text: string): string {
  const value = Number(text)
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : text
}

function evaluated({ rules, series, step, until }: RuleQuestion): Told {
  const problems = new Problems()
  const groups = readRuleFile(rules, 'rules.yaml', problems)
  problems.throwIfAny()
  const store = loadSeries(series, readNumber(step, { from: 0, to: step.length }) * 1000)
  const ruler = new Ruler(groups, { store, seriesOf: (labels) => store.series(labels) })
  for (const { group, atMs } of evaluations(ruler.groups, until * 1000)) group.evaluate(atMs, () => {})
  const names = new Set([
    'ALERTS',
    'ALERTS_FOR_STATE',
    ...groups.flatMap((group) => group.rules.map(({ name }) => name)),
  ])
  const written = everySeries(store).filter(({ labels }) => names.has(labels.get(METRIC_NAME)))
  return {
    written: written.map((each) => ({ metric: each.labels.toRecord(), points: pointsOf(each) })),
    rules: ruler.groups.flatMap((group) =>
      group.rules.map((state) => ({
        name: state.rule.name,
        health: state.health,
        error: state.lastError,
        ...(state instanceof Alerting ? { alerts: [...state.alerts.all].map(told) } : {}),
      })),
    ),
  }
}

function evaluations(groups: readonly GroupState[], untilMs: number) {
  const all = groups.flatMap((group) =>
    Array.from({ length: Math.floor(untilMs / group.intervalMs) }, (_, index) => ({
      group,
      atMs: (index + 1) * group.intervalMs,
    })),
  )
  return all.sort((one, other) => one.atMs - other.atMs)
}

function everySeries(store: Store): readonly Series[] {
  return store.select([])
}

function pointsOf({ times, values, stale, from, to }: Series): (readonly [number, string])[] {
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index
    return [times[at]! / 1000, stale[at] === 1 ? 'stale' : formatGoFloat(values[at]!)] as const
  })
}

function told(alert: Alert) {
  const seconds = (atMs: number | undefined) => (atMs === undefined ? null : atMs / 1000)
  return {
    labels: alert.labels.toRecord(),
    annotations: alert.annotations,
    state: alert.state,
    value: formatGoFloat(alert.value),
    activeAt: seconds(alert.activeAtMs),
    resolvedAt: seconds(alert.resolvedAtMs),
    firedAt: seconds(alert.firedAtMs),
    keepFiringSince: seconds(alert.keepFiringSinceMs),
  }
}
