// Rule groups as they were last evaluated, and the alerts that are active.
import { formatExponentialFloat } from '../float.js'
import type { Matcher } from '../matcher.js'
import type { Alert } from '../rules/alert.js'
import { Alerting } from '../rules/alerting.js'
import type { Evaluation } from '../rules/evaluation.js'
import type { Recording } from '../rules/recording.js'
import type { GroupState } from '../rules/ruler.js'
import { invalidParameter } from './api-error.js'
import { dateTimeText, plainJson } from './json.js'
import { booleanParameter, integer, type Parameters, selectorsOf } from './parameters.js'
import type { Data } from './reply.js'
import type { Sources } from './sources.js'

export function alerts(_: Parameters, { groups }: Sources): Data {
  const rules = groups.flatMap(({ rules }) => rules.filter((rule) => rule instanceof Alerting))
  return { json: plainJson({ alerts: rules.flatMap(activeAlerts) }) }
}

export function rules(parameters: Parameters, { groups }: Sources): Data {
  const isWanted = wantedRules(parameters)
  const hidesAlerts = booleanParameter(parameters, 'exclude_alerts')
  const page = pageOf(parameters)
  const files = parameters.getAll('file[]')
  const names = parameters.getAll('rule_group[]')
  const found = sorted(groups)
    .filter(({ group }) => (files.length === 0 || files.includes(group.file)) && isAmong(names, group.name))
    .map((state) => ({ state, rules: state.rules.filter(isWanted) }))
    .filter(({ rules }) => rules.length > 0)
  const from = page.token === '' ? 0 : found.findIndex(({ state }) => tokenOf(state) === page.token)
  if (from < 0) {
    throw invalidParameter('group_next_token', `invalid group_next_token '${page.token}'. were rule groups changed?`)
  }
  const told = found.slice(from, from + page.size).map(({ state, rules }) => groupJson(state, rules, hidesAlerts))
  const next = found[from + page.size]
  return { json: plainJson({ groups: told, ...(next ? { groupNextToken: tokenOf(next.state) } : {}) }) }
}

function wantedRules(parameters: Parameters): (rule: Recording | Alerting) => boolean {
  const selectors = selectorsOf(parameters)
  const type = (parameters.get('type') ?? '').toLowerCase()
  if (!['', 'alert', 'record'].includes(type)) {
    throw invalidParameter('type', `not supported value ${JSON.stringify(type)}`)
  }
  const names = parameters.getAll('rule_name[]')
  return ({ rule }) =>
    (type === '' || type === rule.kind) && isAmong(names, rule.name) && isSelected(selectors, rule.labels)
}

/** Labels as they are written: of a template nobody knows what it will be. */
function isSelected(selectors: readonly (readonly Matcher[])[], labels: Readonly<Record<string, string>>): boolean {
  const matches = (matchers: readonly Matcher[]) => matchers.every(({ label, accepts }) => accepts(labels[label] ?? ''))
  return selectors.length === 0 || selectors.some(matches)
}

function isAmong(names: readonly string[], name: string): boolean {
  return names.length === 0 || names.includes(name)
}

function pageOf(parameters: Parameters): { readonly size: number; readonly token: string } {
  const token = parameters.get('group_next_token') ?? ''
  const text = parameters.get('group_limit') ?? ''
  if (text === '') {
    if (token === '') return { size: Number.POSITIVE_INFINITY, token }
    const message = 'group_limit needs to be present in order to paginate over the groups'
    throw invalidParameter('group_next_token', message)
  }
  const size = integer(text, 'ParseInt', 2 ** 31)
  if (typeof size === 'string') {
    throw invalidParameter('group_limit', `group_limit needs to be a valid number: ${size}`)
  }
  if (size <= 0) throw invalidParameter('group_limit', 'group_limit needs to be greater than 0')
  return { size, token }
}

function sorted(groups: readonly GroupState[]): GroupState[] {
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...groups].sort((a, b) => before(a.group.file, b.group.file) || before(a.group.name, b.group.name))
}

/** Nothing but a key: clients hand it back as they got it. */
function tokenOf({ group }: GroupState): string {
  return encodeURIComponent(`${group.file};${group.name}`)
}

function groupJson(state: GroupState, rules: readonly (Recording | Alerting)[], hidesAlerts: boolean): object {
  const { group, intervalMs, lastEvaluationMs } = state
  return {
    name: group.name,
    file: group.file,
    rules: rules.map((rule) => (rule instanceof Alerting ? alertingJson(rule, hidesAlerts) : recordingJson(rule))),
    interval: intervalMs / 1000,
    limit: group.limit,
    evaluationTime: 0,
    lastEvaluation: evaluatedAt(lastEvaluationMs),
  }
}

function alertingJson(alerting: Alerting, hidesAlerts: boolean): object {
  const { rule } = alerting
  return {
    state: stateOf(alerting),
    name: rule.name,
    query: rule.query.text.trim(),
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    labels: byName(rule.labels),
    annotations: byName(rule.annotations),
    alerts: hidesAlerts ? null : activeAlerts(alerting),
    ...evaluationJson(alerting),
    type: 'alerting',
  }
}

function recordingJson(recording: Recording): object {
  const { name, query, labels } = recording.rule
  return { name, query: query.text.trim(), labels: byName(labels), ...evaluationJson(recording), type: 'recording' }
}

function evaluationJson({ health, lastError, lastEvaluationMs }: Evaluation): object {
  return {
    health,
    ...(lastError === '' ? {} : { lastError }),
    evaluationTime: 0,
    lastEvaluation: evaluatedAt(lastEvaluationMs),
  }
}

function stateOf({ alerts, lastEvaluationMs }: Alerting): string {
  if (lastEvaluationMs === undefined) return 'unknown'
  const states = new Set([...alerts.all].map(({ state }) => state))
  return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive'
}

function activeAlerts({ alerts }: Alerting): readonly object[] {
  return [...alerts.all].filter(({ state }) => state !== 'inactive').map(alertJson)
}

function alertJson({ labels, annotations, state, activeAtMs, keepFiringSinceMs, value }: Alert): object {
  return {
    labels: labels.toRecord(),
    annotations: byName(annotations),
    state,
    activeAt: dateTimeText(activeAtMs),
    ...(keepFiringSinceMs === undefined ? {} : { keepFiringSince: dateTimeText(keepFiringSinceMs) }),
    value: formatExponentialFloat(value),
  }
}

function byName(record: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Go's zero time is what an evaluation has that hasn't been. */
function evaluatedAt(timeMs: number | undefined): string {
  return timeMs === undefined ? '0001-01-01T00:00:00Z' : dateTimeText(timeMs)
}
