// One metric of an AnalysisRun, ready to be measured: its limits as numbers, its conditions compiled.

import { parseGoDuration } from '../../scenario/go-duration.js'
import type { MetricSource } from '../view.js'
import { type Arg, fill, type MetricTemplate, type SecretKey } from './analysis-template.js'
import { type Condition, compile } from './condition/condition.js'
import type { JsonPath } from './condition/web/json-path.js'
import { webJsonPath } from './condition/web-result.js'
import { isDryRun, keptOf, type MetricRules, noRules, ruleWithoutMetric } from './metric-rules.js'
import { providerComplaint } from './provider/complaint.js'
import { type ProviderTemplate, sourceOf, type WebTemplate } from './provider/provider.js'
import { type Behaviours, newest } from './version.js'

export interface Metric {
  readonly name: string
  readonly provider: Provider
  readonly source: MetricSource
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
  /** What the provider finds wrong with its fields, each time that it is asked. */
  readonly complaint: string | undefined
  /** What must not be read in messages. */
  readonly secrets: readonly string[]
}

export type Provider = Exclude<ProviderTemplate, WebTemplate> | Web

export interface Web extends Omit<WebTemplate, 'jsonPath'> {
  readonly jsonPath: JsonPath
}

const defaultConsecutiveErrorLimit = 4

/** Gives the value of a Secret's key, or the complaint of whoever asks for it. */
export type SecretLookup = (key: SecretKey) => string | { readonly error: string }

/** The metrics of a run, or the message with which the controller ends it at once. */
export function resolveMetrics(
  templates: readonly MetricTemplate[],
  args: readonly Arg[],
  rules: MetricRules = noRules,
  secretOf: SecretLookup = () => '',
  does: Behaviours = newest.does,
): readonly Metric[] | { readonly error: string } {
  const masked = mask(args)
  const missing = masked.find((arg) => arg.value === undefined)
  if (missing && templates.length > 0) return unresolvable(`argument ${JSON.stringify(missing.name)} was not supplied`)

  const filled = fillAll(templates, masked)
  if ('error' in filled) return unresolvable(filled.error)
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
  if (unused !== undefined) return invalid(unused)
  const revealed = reveal(args, secretOf)
  if ('error' in revealed) return unresolvable(revealed.error)
  const asked = fillAll(templates, revealed)
  if ('error' in asked) return unresolvable(asked.error)
  const secrets = revealed.flatMap(({ secret, value }) => (secret && value ? [value] : []))
  return filled.map((metric, index) => compileMetric(metric, asked[index]!, rules, secrets, does))
}

/** Limits and durations are read, and all is checked, with this in place of secrets. */
export function mask(args: readonly Arg[]): readonly Arg[] {
  return args.map((arg) => (arg.secret ? { ...arg, value: 'temp-for-secret' } : arg))
}

function fillAll(templates: readonly MetricTemplate[], args: readonly Arg[]) {
  const filled: MetricTemplate[] = []
  for (const template of templates) {
    const next = fill(template, args)
    if ('error' in next) return next
    filled.push(next)
  }
  return filled
}

function reveal(args: readonly Arg[], secretOf: SecretLookup): readonly Arg[] | { readonly error: string } {
  const revealed: Arg[] = []
  for (const arg of args) {
    const value = arg.secret ? secretOf(arg.secret) : arg.value
    if (typeof value === 'object') return value
    revealed.push({ ...arg, value })
  }
  return revealed
}

interface Complaint {
  readonly field: keyof MetricTemplate['places']
  /** What would mend it is the same for all of one code. */
  readonly code: string
  readonly message: string
}

/** What a run would say of a metric's limits and durations; undefined too where an argument isn't known. */
export function complaintOf(template: MetricTemplate, args: readonly Arg[]): Complaint | undefined {
  const filled = fill(template, args)
  return 'error' in filled ? undefined : complaintAbout(filled)
}

const unresolvable = (reason: string) => ({ error: `Unable to resolve metric arguments: ${reason}` })
const invalid = (reason: string) => ({ error: `Analysis spec invalid: ${reason}` })

/** What the controller finds wrong when the run starts; nothing before that looks at it. */
function complaintAbout(metric: MetricTemplate): Complaint | undefined {
  const failureLimit = intOf(metric.failureLimit) ?? 0
  const consecutiveSuccessLimit = intOf(metric.consecutiveSuccessLimit) ?? 0
  const inconclusiveLimit = intOf(metric.inconclusiveLimit) ?? 0
  const count = intOf(metric.count) ?? 0
  const complaint = (field: Complaint['field'], code: string, message: string): Complaint => ({ field, code, message })
  const negative = (field: Complaint['field'], message = `${field} must be >= 0`) =>
    complaint(field, 'limit-below-zero', message)
  if (consecutiveSuccessLimit < 0) return negative('consecutiveSuccessLimit')
  if (failureLimit < -1) return negative('failureLimit', 'failureLimit must be >= 0, or -1 to be disabled')
  if (failureLimit === -1 && consecutiveSuccessLimit === 0) {
    const message = 'failureLimit and consecutiveSuccessLimit cannot both be disabled'
    return complaint('failureLimit', 'limits-both-off', message)
  }
  if (inconclusiveLimit < 0) return negative('inconclusiveLimit')
  if ((intOf(metric.consecutiveErrorLimit) ?? 0) < 0) return negative('consecutiveErrorLimit')
  const tooSmall = (message: string) => complaint('count', 'count-below-limits', message)
  if (count > 0 && failureLimit >= 0 && count < failureLimit + consecutiveSuccessLimit) {
    const sum = `(${failureLimit} + ${consecutiveSuccessLimit})`
    const message = `count (${count}) must be >= failureLimit + consecutiveSuccessLimit ${sum} if both >= 0`
    return tooSmall(message)
  }
  if (count > 0 && count < consecutiveSuccessLimit) return tooSmall('count must be >= consecutiveSuccessLimit')
  if (count > 0 && count < inconclusiveLimit) return tooSmall('count must be >= inconclusiveLimit')
  if (count > 1 && metric.interval === '') {
    return complaint('count', 'count-without-interval', 'interval must be specified when count > 1')
  }
  const badDuration = (field: Complaint['field'], message: string) => complaint(field, 'invalid-duration', message)
  const interval = metric.interval === '' ? 0 : parseGoDuration(metric.interval)
  if (typeof interval === 'object') return badDuration('interval', `invalid interval string: ${interval.error}`)
  const delay = metric.initialDelay === '' ? 0 : parseGoDuration(metric.initialDelay)
  if (typeof delay === 'object') return badDuration('initialDelay', `invalid startDelay string: ${delay.error}`)
  if (metric.providers === 0) return complaint('provider', 'not-one-provider', 'no provider specified')
  if (metric.providers > 1) return complaint('provider', 'not-one-provider', 'multiple providers specified')
  return undefined
}

/** Limits and durations are those of the first, the question and the conditions those of the second. */
function compileMetric(
  metric: MetricTemplate,
  asked: MetricTemplate,
  rules: MetricRules,
  secrets: readonly string[],
  does: Behaviours,
): Metric {
  const isFormer = !does.readConditionsAnew
  const count = intOf(metric.count)
  const once = metric.interval === '' ? 1 : undefined
  return {
    name: metric.name,
    provider: providerOf(asked.provider!),
    source: sourceOf(metric.name, metric.template, asked.provider!),
    intervalMs: durationMs(metric.interval),
    initialDelayMs: durationMs(metric.initialDelay),
    count: count === undefined || count === 0 ? once : count,
    success: asked.successCondition === '' ? undefined : compile(asked.successCondition, isFormer),
    failure: asked.failureCondition === '' ? undefined : compile(asked.failureCondition, isFormer),
    failureLimit: intOf(metric.failureLimit) ?? 0,
    inconclusiveLimit: intOf(metric.inconclusiveLimit) ?? 0,
    consecutiveErrorLimit: intOf(metric.consecutiveErrorLimit) ?? defaultConsecutiveErrorLimit,
    consecutiveSuccessLimit: intOf(metric.consecutiveSuccessLimit) ?? 0,
    isDryRun: isDryRun(metric.name, rules),
    keptMeasurements: keptOf(metric.name, rules),
    complaint: providerComplaint(asked.provider!, metric.interval),
    secrets,
  }
}

function providerOf(provider: ProviderTemplate): Provider {
  return provider.kind === 'web' ? { ...provider, jsonPath: webJsonPath(provider.jsonPath) } : provider
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
