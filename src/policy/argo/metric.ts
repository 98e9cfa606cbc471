// One metric of an AnalysisRun, ready to be measured: its limits as numbers, its conditions compiled.
import { type Arg, type JobTemplate, type MetricTemplate, substitute, type WebTemplate } from './analysis-template.js'
import { type Condition, compile } from './condition/condition.js'
import type { JsonPath } from './condition/web/json-path.js'
import { webJsonPath } from './condition/web-result.js'
import { parseGoDuration } from './go-duration.js'
import { isDryRun, keptOf, type MetricRules, noRules, ruleWithoutMetric } from './metric-rules.js'
import { type Behaviours, newest } from './version.js'

export interface Metric {
  readonly name: string
  readonly provider: Provider
  /** Undefined when the metric is measured once. */
  readonly intervalMs: number | undefined
  readonly initialDelayMs: number | undefined
  /** How many measurements end it; undefined is unlimited. */
  readonly count: number | undefined
  readonly success: Condition | undefined
  readonly failure: Condition | undefined
  /** −1 disables it. */
  readonly failureLimit: number
  readonly inconclusiveLimit: number
  readonly consecutiveErrorLimit: number
  /** 0 is off. */
  readonly consecutiveSuccessLimit: number
  /** Measured and judged, but of no consequence. */
  readonly isDryRun: boolean
  /** How many of its last measurements are kept. */
  readonly keptMeasurements: number
}

export type Provider = Prometheus | Web | Job

export interface Prometheus {
  readonly kind: 'prometheus'
  readonly address: string
  readonly query: string
  readonly timeoutMs: number
}

export interface Web extends Omit<WebTemplate, 'jsonPath' | 'timeoutSeconds'> {
  readonly kind: 'web'
  readonly jsonPath: JsonPath
  readonly timeoutMs: number
}

export interface Job extends JobTemplate {
  readonly kind: 'job'
}

const defaultTimeoutSeconds = 30
const defaultWebTimeoutSeconds = 10
const defaultConsecutiveErrorLimit = 4

/** The metrics of a run, or the message with which the controller ends it at once. */
export function resolveMetrics(
  templates: readonly MetricTemplate[],
  args: readonly Arg[],
  rules: MetricRules = noRules,
  does: Behaviours = newest.does,
): readonly Metric[] | { readonly error: string } {
  const missing = args.find((arg) => arg.value === undefined)
  if (missing && templates.length > 0) return unresolvable(`argument ${JSON.stringify(missing.name)} was not supplied`)

  const filled: MetricTemplate[] = []
  for (const template of templates) {
    const next = fill(template, args)
    if ('error' in next) return unresolvable(next.error)
    filled.push(next)
  }
  if (filled.length === 0) return invalid('no metrics specified')
  for (const [index, template] of filled.entries()) {
    if (filled.slice(0, index).some(({ name }) => name === template.name)) {
      return invalid(`metrics[${index}]: duplicate name '${template.name}'`)
    }
    const complaint = complaintAbout(template)
    if (complaint) return invalid(`metrics[${index}]: ${complaint.message}`)
  }
  const unused = ruleWithoutMetric(
    rules,
    filled.map(({ name }) => name),
  )
  return unused === undefined ? filled.map((metric) => compileMetric(metric, rules, does)) : invalid(unused)
}

interface Complaint {
  readonly field: keyof MetricTemplate['places']
  readonly message: string
}

/** What a run would say of a metric's limits and durations; undefined too where an argument isn't known. */
export function complaintOf(template: MetricTemplate, args: readonly Arg[]): Complaint | undefined {
  const filled = fill(template, args)
  return 'error' in filled ? undefined : complaintAbout(filled)
}

const unresolvable = (reason: string) => ({ error: `Unable to resolve metric arguments: ${reason}` })
const invalid = (reason: string) => ({ error: `Analysis spec invalid: ${reason}` })

/** With values for its placeholders; the error names the last one that has none. */
export function fill(template: MetricTemplate, args: readonly Arg[]): MetricTemplate | { readonly error: string } {
  const filled: Record<string, unknown> = {}
  let error: string | undefined
  const fillIn = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillIn(inner)]))
    }
    const next = typeof value === 'string' ? substitute(value, args) : value
    if (typeof next === 'object') error = (next as { readonly error: string }).error
    return next
  }
  for (const [key, value] of Object.entries(template)) {
    filled[key] = key === 'places' ? value : fillIn(value)
  }
  return error === undefined ? (filled as unknown as MetricTemplate) : { error }
}

/** What the controller finds wrong when the run starts; nothing before that looks at it. */
function complaintAbout(metric: MetricTemplate): Complaint | undefined {
  const failureLimit = intOf(metric.failureLimit) ?? 0
  const consecutiveSuccessLimit = intOf(metric.consecutiveSuccessLimit) ?? 0
  const inconclusiveLimit = intOf(metric.inconclusiveLimit) ?? 0
  const count = intOf(metric.count) ?? 0
  const complaint = (field: Complaint['field'], message: string): Complaint => ({ field, message })
  if (consecutiveSuccessLimit < 0) return complaint('consecutiveSuccessLimit', 'consecutiveSuccessLimit must be >= 0')
  if (failureLimit < -1) return complaint('failureLimit', 'failureLimit must be >= 0, or -1 to be disabled')
  if (failureLimit === -1 && consecutiveSuccessLimit === 0) {
    return complaint('failureLimit', 'failureLimit and consecutiveSuccessLimit cannot both be disabled')
  }
  if (inconclusiveLimit < 0) return complaint('inconclusiveLimit', 'inconclusiveLimit must be >= 0')
  if ((intOf(metric.consecutiveErrorLimit) ?? 0) < 0) {
    return complaint('consecutiveErrorLimit', 'consecutiveErrorLimit must be >= 0')
  }
  if (count > 0 && failureLimit >= 0 && count < failureLimit + consecutiveSuccessLimit) {
    const sum = `(${failureLimit} + ${consecutiveSuccessLimit})`
    const message = `count (${count}) must be >= failureLimit + consecutiveSuccessLimit ${sum} if both >= 0`
    return complaint('count', message)
  }
  if (count > 0 && count < consecutiveSuccessLimit)
    return complaint('count', 'count must be >= consecutiveSuccessLimit')
  if (count > 0 && count < inconclusiveLimit) return complaint('count', 'count must be >= inconclusiveLimit')
  if (count > 1 && metric.interval === '') return complaint('count', 'interval must be specified when count > 1')
  const interval = metric.interval === '' ? 0 : parseGoDuration(metric.interval)
  if (typeof interval === 'object') return complaint('interval', `invalid interval string: ${interval.error}`)
  const delay = metric.initialDelay === '' ? 0 : parseGoDuration(metric.initialDelay)
  if (typeof delay === 'object') return complaint('initialDelay', `invalid startDelay string: ${delay.error}`)
  if (metric.providers === 0) return complaint('query', 'no provider specified')
  if (metric.providers > 1) return complaint('query', 'multiple providers specified')
  return undefined
}

function compileMetric(metric: MetricTemplate, rules: MetricRules, does: Behaviours): Metric {
  const isFormer = !does.readConditionsAnew
  const count = intOf(metric.count)
  const once = metric.interval === '' ? 1 : undefined
  return {
    name: metric.name,
    provider: providerOf(metric),
    intervalMs: durationMs(metric.interval),
    initialDelayMs: durationMs(metric.initialDelay),
    count: count === undefined || count === 0 ? once : count,
    success: metric.successCondition === '' ? undefined : compile(metric.successCondition, isFormer),
    failure: metric.failureCondition === '' ? undefined : compile(metric.failureCondition, isFormer),
    failureLimit: intOf(metric.failureLimit) ?? 0,
    inconclusiveLimit: intOf(metric.inconclusiveLimit) ?? 0,
    consecutiveErrorLimit: intOf(metric.consecutiveErrorLimit) ?? defaultConsecutiveErrorLimit,
    consecutiveSuccessLimit: intOf(metric.consecutiveSuccessLimit) ?? 0,
    isDryRun: isDryRun(metric.name, rules),
    keptMeasurements: keptOf(metric.name, rules),
  }
}

function providerOf({ web, job, address, query, timeoutSeconds }: MetricTemplate): Provider {
  if (web) {
    const { timeoutSeconds: seconds = 0, jsonPath, ...request } = web
    const timeoutMs = (seconds > 0 ? seconds : defaultWebTimeoutSeconds) * 1000
    return { kind: 'web', ...request, jsonPath: webJsonPath(jsonPath), timeoutMs }
  }
  if (job) return { kind: 'job', ...job }
  return { kind: 'prometheus', address, query, timeoutMs: (timeoutSeconds ?? defaultTimeoutSeconds) * 1000 }
}

function durationMs(text: string): number | undefined {
  if (text === '') return undefined
  const parsed = parseGoDuration(text)
  return typeof parsed === 'number' ? parsed : undefined
}

/** An IntOrString: text that is no number counts as 0, without an error. */
export function intOf(value: string | number | undefined): number | undefined {
  if (typeof value !== 'string') return value
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0
}
