// The controller of AnalysisRuns: takes the measurements that are due, judges, and says when to look again.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { isStill } from '../../world/cluster/program.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import type { View } from '../view.js'
import {
  type AnalysisRun,
  assessRun,
  isCompleted,
  isTerminating,
  type Measurement,
  MetricResult,
  type RunPhase,
} from './analysis-run.js'
import { measure } from './measure.js'
import type { Metric } from './metric.js'
import { timerLatenessMs } from './timers.js'
import { type Behaviours, newest } from './version.js'

/** After an error the controller asks again this much later, whatever the interval of the metric. */
const errorRetryMs = 10_000

interface Measured {
  readonly metric: Metric
  readonly measurement: Measurement
}

export class AnalysisController {
  private readonly measuring: { run: AnalysisRun; taken: Measured[]; isAsked: boolean; start: number }[] = []
  private readonly measuredHandler: number

  constructor(
    private readonly view: View,
    private readonly phaseChanged: () => void,
    private readonly does: Behaviours = newest.does,
  ) {
    this.measuredHandler = view.loop.handler((index) => {
      const { run, taken, isAsked, start } = this.measuring[index]!
      if (!isStill(view.program, start)) return
      run.measuring = false
      if (!run.deleted) this.conclude(run, taken, isAsked)
    })
  }

  start(run: AnalysisRun): void {
    run.work = new WorkItem(this.view.loop, () => this.pass(run), this.view.program)
    this.view.journal.wrote(run)
    // The new object is seen after it was made, before most else happens.
    run.work.enqueueAt(this.view.loop.now + timerLatenessMs)
  }

  /** The program has been started again and has found it: a measurement that was being taken came to nothing. */
  resume(run: AnalysisRun): void {
    run.measuring = false
    run.work?.enqueue()
  }

  terminate(run: AnalysisRun): void {
    if (run.terminate || isCompleted(run.phase)) return
    run.terminate = true
    this.view.journal.wrote(run)
    run.work?.enqueue()
  }

  /** The object is gone: what is being measured for it comes to nothing. */
  forget(run: AnalysisRun): void {
    run.deleted = true
    run.work?.forget()
    this.view.journal.wrote(run)
    this.phaseChanged()
  }

  private pass(run: AnalysisRun): void {
    if (run.measuring || run.deleted || isCompleted(run.phase)) return
    if ('error' in run.metrics) {
      if (this.view.api?.isAnswered === false) return run.work!.failed()
      return this.end(run, 'Error', run.metrics.error)
    }
    const { loop } = this.view
    const taken: Measured[] = []
    let longestMs = 0
    for (const metric of run.metrics) {
      if (!this.isDue(run, metric)) continue
      const { measurement, latencyMs } = measure(metric, run, this.view, this.does)
      taken.push({ metric, measurement })
      longestMs = Math.max(longestMs, latencyMs)
    }
    if (longestMs === 0) return this.conclude(run, taken, run.terminate)
    run.measuring = true
    this.measuring.push({ run, taken, isAsked: run.terminate, start: this.view.program?.starts ?? 1 })
    loop.at(loop.now + longestMs, 0, this.measuredHandler, this.measuring.length - 1)
  }

  private isDue(run: AnalysisRun, metric: Metric): boolean {
    const { now } = this.view.loop
    const result = run.resultOf(metric)
    if (isTerminating(run)) return result?.measurements.at(-1)?.unfinished !== undefined
    if (!result) {
      return metric.initialDelayMs === undefined || floorToSecond(run.startedAtMs) + metric.initialDelayMs <= now
    }
    const againMs = againAtMs(metric, result)
    return againMs !== undefined && againMs < now
  }

  private conclude(run: AnalysisRun, taken: readonly Measured[], isAsked: boolean): void {
    const { api } = this.view
    if (api?.isAnswered === false) return this.discard(run, taken)
    this.showAsSeen(run)
    const metrics = run.metrics as readonly Metric[]
    for (const { metric, measurement } of taken) {
      let result = run.resultOf(metric)
      if (!result) {
        result = new MetricResult(metric.name, metric.isDryRun)
        run.results.push(result)
      }
      result.add(measurement)
    }
    const { journal, loop } = this.view
    const { phase, message } = assessRun(run, metrics, isAsked, (metric, metricPhase) => {
      journal.event?.(
        `AnalysisRun/${run.name}`,
        typeOf(metricPhase),
        `Metric${metricPhase}`,
        `Metric '${metric.name}' Completed. Result: ${metricPhase}`,
      )
    })
    for (const metric of metrics) {
      const measurements = run.resultOf(metric)?.measurements
      while (measurements && measurements.length > metric.keptMeasurements) measurements.shift()
    }
    if (Number.isNaN(run.startedAtMs)) run.startedAtMs = floorToSecond(loop.now)
    if (isCompleted(phase)) return this.end(run, phase, message)
    const changed = phase !== run.phase
    run.phase = phase
    run.message = message
    journal.wrote(run)
    if (changed) this.phaseChanged()
    // A metric has spoiled the run: the other ones are closed in a pass of their own.
    if (isTerminating(run)) run.work!.enqueue()
    const nextMs = this.nextAtMs(run, metrics)
    if (nextMs !== Number.POSITIVE_INFINITY) run.work!.enqueueAt(Math.max(nextMs, loop.now) + timerLatenessMs)
  }

  /** What can't be written is as if it had never been measured: it is measured anew at each try. */
  private discard(run: AnalysisRun, taken: readonly Measured[]): void {
    run.work!.failed()
    for (const { metric, measurement } of taken) {
      const nextMs = measurement.finishedAtMs + (metric.intervalMs ?? errorRetryMs)
      run.work!.enqueueAt(Math.max(nextMs, this.view.loop.now) + timerLatenessMs)
    }
  }

  /**
   * As long as the controller doesn't hear of what it has written itself, it goes on from what was there before: each
   * measurement takes the place of the last one.
   */
  private showAsSeen(run: AnalysisRun): void {
    const { api, loop } = this.view
    if (api === undefined || api.sees('AnalysisRun', loop.now)) {
      run.lastSeen = undefined
      return
    }
    run.lastSeen ??= run.results.map((result) => result.copy())
    run.results.splice(0, run.results.length, ...run.lastSeen.map((result) => result.copy()))
  }

  private nextAtMs(run: AnalysisRun, metrics: readonly Metric[]): number {
    let nextMs = Number.POSITIVE_INFINITY
    for (const metric of metrics) {
      const result = run.resultOf(metric)
      const atMs = result ? againAtMs(metric, result) : run.startedAtMs + (metric.initialDelayMs ?? 0)
      if (atMs !== undefined && atMs < nextMs) nextMs = atMs
    }
    return nextMs
  }

  private end(run: AnalysisRun, phase: RunPhase, message: string): void {
    run.phase = phase
    run.message = message
    this.view.journal.wrote(run)
    this.view.journal.event?.(
      `AnalysisRun/${run.name}`,
      typeOf(phase),
      `AnalysisRun${phase}`,
      `Analysis Completed. Result: ${phase}`,
    )
    this.phaseChanged()
  }
}

function typeOf(phase: RunPhase): 'Normal' | 'Warning' {
  return phase === 'Failed' || phase === 'Error' ? 'Warning' : 'Normal'
}

/** When a metric that was measured is due again: its stored finish, in whole seconds, and the interval. */
function againAtMs(metric: Metric, result: MetricResult): number | undefined {
  if (isCompleted(result.phase)) return undefined
  if (result.last.unfinished) return result.last.unfinished.resumeAtMs
  if (metric.count !== undefined && result.count >= metric.count) return undefined
  if (result.last.phase === 'Error') return result.last.finishedAtMs + errorRetryMs
  // Without an interval the controller only repeats after an error; a metric can't get here otherwise.
  return result.last.finishedAtMs + (metric.intervalMs ?? errorRetryMs)
}
