// An AnalysisRun: its measurements, and how they become the phase of a metric and of the run.
import type { WorkItem } from '../../world/cluster/work-queue.js'
import type { JobCourse } from '../view.js'
import type { Metric } from './metric.js'

export type RunPhase = '' | 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive'
/** Running: a Job, or another's judgement, has been started and not seen to end. */
export type MeasurementPhase = 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive'
export type RunType = 'Background' | 'Step' | 'PrePromotion' | 'PostPromotion'

export interface Measurement {
  readonly phase: MeasurementPhase
  /** What was measured, as the controller writes it; written when somebody reads it, as most flights aren't read. */
  readonly value: () => string | undefined
  readonly message: string
  /** Both in whole seconds; NaN for what hasn't finished. */
  readonly startedAtMs: number
  readonly finishedAtMs: number
  readonly unfinished?: {
    readonly resumeAtMs: number
    /** Of a Job, and the name that it has. */
    readonly job?: { readonly name: string; readonly course: JobCourse }
  }
}

/** What is kept of one metric. Limits go by the counters; of the measurements only the last ones are kept. */
export class MetricResult {
  phase: RunPhase = 'Running'
  message = ''
  count = 0
  successful = 0
  failed = 0
  inconclusive = 0
  error = 0
  consecutiveError = 0
  consecutiveSuccess = 0
  readonly measurements: Measurement[] = []

  constructor(
    readonly name: string,
    readonly isDryRun = false,
  ) {}

  get last(): Measurement {
    return this.measurements.at(-1)!
  }

  copy(): MetricResult {
    const copy = new MetricResult(this.name, this.isDryRun)
    const { measurements, ...counts } = this
    return Object.assign(copy, counts, { measurements: [...measurements] })
  }

  add(measurement: Measurement): void {
    if (this.measurements.at(-1)?.unfinished) this.measurements.pop()
    this.measurements.push(measurement)
    if (measurement.unfinished) return
    if (measurement.phase === 'Error') {
      this.error++
      this.consecutiveError++
      this.consecutiveSuccess = 0
      return
    }
    this.count++
    this.consecutiveError = 0
    this.consecutiveSuccess = measurement.phase === 'Successful' ? this.consecutiveSuccess + 1 : 0
    if (measurement.phase === 'Successful') this.successful++
    else if (measurement.phase === 'Failed') this.failed++
    else this.inconclusive++
  }
}

/** How the metrics in dry-run mode have come out. */
export interface DryRunSummary {
  count: number
  error: number
  failed: number
  inconclusive: number
  successful: number
}

export class AnalysisRun {
  phase: RunPhase = ''
  message = ''
  /** NaN until the first pass has ended. */
  startedAtMs = Number.NaN
  terminate = false
  deleted = false
  /** A pass waits for its slowest query; until then no other begins. */
  measuring = false
  /** In the order of the first answers; by metric index it is found through `resultOf`. */
  readonly results: MetricResult[] = []
  /** From the end of the first pass. */
  dryRunSummary: DryRunSummary | undefined
  work: WorkItem | undefined
  /** What the controller knows of the results, where it doesn't hear of those that it has written since. */
  lastSeen: readonly MetricResult[] | undefined

  constructor(
    readonly name: string,
    /** Undefined for a run that belongs to no Rollout. */
    readonly type: RunType | undefined,
    /** Template hash of the version that is judged. */
    readonly hash: string,
    readonly stepIndex: number,
    /** What can't even start holds the message that ends it. */
    readonly metrics: readonly Metric[] | { readonly error: string },
  ) {}

  resultOf(metric: Metric): MetricResult | undefined {
    return this.results.find(({ name }) => name === metric.name)
  }
}

export function isCompleted(phase: RunPhase): boolean {
  return phase === 'Successful' || phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive'
}

const severity: readonly RunPhase[] = ['Successful', 'Running', 'Pending', 'Inconclusive', 'Error', 'Failed']

/** The higher the worse. */
export function severityOf(phase: RunPhase): number {
  return severity.indexOf(phase)
}

/** A run ends early when somebody asked for it, or when one metric already spoils it. */
export function isTerminating(run: AnalysisRun, isAsked = run.terminate): boolean {
  return isAsked || run.results.some((result) => isBad(result) && !result.isDryRun)
}

function isBad({ phase }: MetricResult): boolean {
  return isCompleted(phase) && phase !== 'Successful'
}

function assessMetric(metric: Metric, result: MetricResult, terminating: boolean): RunPhase {
  if (isCompleted(result.phase)) return result.phase
  if (result.last.unfinished) return 'Running'
  const { consecutiveSuccessLimit } = metric
  const violated = violatedLimit(metric, result)
  if (violated) return violated.phase
  if (consecutiveSuccessLimit > 0 && result.consecutiveSuccess >= consecutiveSuccessLimit) return 'Successful'
  if (metric.count !== undefined && result.count >= metric.count) {
    if (consecutiveSuccessLimit === 0) return 'Successful'
    return metric.failureLimit >= 0 ? 'Inconclusive' : 'Failed'
  }
  return terminating ? 'Successful' : 'Running'
}

/** Of several broken limits the last one tells: errors over inconclusive over failed measurements. */
function violatedLimit(
  metric: Metric,
  result: MetricResult,
): { readonly phase: MeasurementPhase; readonly reason: string } | undefined {
  const { consecutiveErrorLimit, inconclusiveLimit, failureLimit } = metric
  if (result.consecutiveError > consecutiveErrorLimit) {
    const reason = `consecutiveErrors (${result.consecutiveError}) > consecutiveErrorLimit (${consecutiveErrorLimit})`
    return { phase: 'Error', reason }
  }
  if (result.inconclusive > inconclusiveLimit) {
    return {
      phase: 'Inconclusive',
      reason: `inconclusive (${result.inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`,
    }
  }
  if (failureLimit >= 0 && result.failed > failureLimit) {
    return { phase: 'Failed', reason: `failed (${result.failed}) > failureLimit (${failureLimit})` }
  }
  return undefined
}

/**
 * Phase and message of the run from its metrics, in the order of the spec; the phases of the metrics are written.
 * `isAsked` is whether somebody had asked for its end when the pass began: what comes later is for the next pass.
 */
export function assessRun(
  run: AnalysisRun,
  metrics: readonly Metric[],
  isAsked: boolean,
  completed: (metric: Metric, phase: RunPhase) => void,
): { readonly phase: RunPhase; readonly message: string } {
  const terminating = isTerminating(run, isAsked)
  let allCompleted = true
  let worst: RunPhase | undefined
  let message = isAsked ? 'Run Terminated' : ''
  const summary = { count: 0, error: 0, failed: 0, inconclusive: 0, successful: 0 }
  run.dryRunSummary = summary
  for (const metric of metrics) {
    if (metric.isDryRun) summary.count++
    const result = run.resultOf(metric)
    if (!result) {
      allCompleted = false
      continue
    }
    const phase = assessMetric(metric, result, terminating)
    if (phase !== result.phase) {
      result.phase = phase
      result.message = result.last.message
      if (isCompleted(phase)) completed(metric, phase)
    }
    if (!isCompleted(phase)) {
      allCompleted = false
      continue
    }
    if (metric.isDryRun) {
      worst ??= 'Successful'
      sumUp(metric, result, summary)
      continue
    }
    if (worst !== undefined && severityOf(phase) <= severityOf(worst)) continue
    worst = phase
    const violated = violatedLimit(metric, result)
    if (violated) {
      message = `Metric "${metric.name}" assessed ${phase} due to ${violated.reason}`
      if (result.message !== '') message += `: "Error Message: ${result.message}"`
    }
  }
  if (terminating) return { phase: worst ?? 'Successful', message }
  return allCompleted && worst !== undefined ? { phase: worst, message } : { phase: 'Running', message: '' }
}

function sumUp(metric: Metric, result: MetricResult, summary: DryRunSummary): void {
  const violated = violatedLimit(metric, result)
  if (violated) result.message = `Metric assessed ${result.phase} due to ${violated.reason}`
  switch (violated?.phase) {
    case 'Error':
      summary.error++
      break
    case 'Failed':
      summary.failed++
      break
    case 'Inconclusive':
      summary.inconclusive++
      break
    default:
      summary.successful++
  }
}
