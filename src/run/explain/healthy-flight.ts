// A flight in which nothing is wrong, and what the metrics of the policy measured in it.

import { Query } from '../../metrics/promql/query.js'
import { AnalysisRun } from '../../policy/argo/analysis-run.js'
import type { Metric } from '../../policy/argo/metric.js'
import type { Verdict } from '../../scenario/budget.js'
import type { Flying } from '../flying.js'
import type { Observation } from '../observation.js'
import { verdictOf } from '../outcome.js'
import type { Plan } from '../plan.js'
import { Simulation } from '../simulation.js'
import { Timeline, type TimelineEntry } from '../timeline.js'
import { type Emptiness, emptinessOf } from './emptiness.js'
import { type Measured, numbersOf } from './measurements.js'

export interface HealthyFlight {
  readonly verdict: Verdict
  /** Since the release. */
  readonly lastedMs: number
  /** What the clock of Prometheus showed then. */
  readonly endedAtMs: number
  readonly measured: readonly Measured[]
  /** Those that began to fire. */
  readonly fired: readonly FiredAlert[]
}

export interface FiredAlert {
  readonly alert: string
  /** Since the release. */
  readonly atMs: number
  readonly value: string
}

const lookMs = 60_000

/** Ends with the release; the series that it made stay in the plan's store. */
export function flyHealthily(plan: Plan): HealthyFlight {
  const { releaseAtMs, durationMs, seed } = plan.scenario
  let listener: Listener | undefined
  const flying = new Simulation(plan).takeOff(seed, (begun) => {
    listener = new Listener(
      () => begun.loop.now,
      () => begun.loop.now >= releaseAtMs,
      plan.observation,
    )
    return listener
  })
  flying.advance(Math.min(durationMs, releaseAtMs + lookMs))
  while (flying.loop.now < durationMs && !isOver(flying)) {
    flying.advance(Math.min(durationMs, flying.loop.now + lookMs))
  }
  const { rollout } = flying.controller
  const endedMs = isOver(flying) ? lastChangeOf(flying) : flying.loop.now
  return {
    verdict: verdictOf(plan, rollout),
    lastedMs: endedMs - releaseAtMs,
    endedAtMs: plan.observation.startsAtMs + flying.loop.now,
    measured: listener!.taken,
    fired: listener!.fired,
  }
}

function isOver({ controller, course }: Flying): boolean {
  const isDecided = !Number.isNaN(course.promotedMs) || !Number.isNaN(course.decidedMs)
  return isDecided && controller.everyRun.every(({ phase }) => phase !== '' && phase !== 'Running')
}

function lastChangeOf({ course }: Flying): number {
  return Number.isNaN(course.promotedMs) ? course.decidedMs : course.promotedMs
}

/** Knows of each measurement which metric it was of, and looks at once why it is empty: samples are soon forgotten. */
class Listener extends Timeline {
  private readonly runs = new Map<string, AnalysisRun>()
  readonly taken: Measured[] = []
  private heard = 0

  constructor(
    private readonly nowMs: () => number,
    isOpen: () => boolean,
    private readonly observation: Observation,
  ) {
    super(nowMs, isOpen, new Map())
  }

  override wrote(object: object): void {
    if (object instanceof AnalysisRun) this.runs.set(object.name, object)
    super.wrote(object)
    for (; this.heard < this.entries.length; this.heard++) this.hear(this.entries[this.heard]!)
  }

  get fired(): readonly FiredAlert[] {
    return this.entries.flatMap((entry) =>
      entry.what === 'alert' && entry.change === 'firing'
        ? [{ alert: entry.alert, atMs: entry.atMs - this.observation.releaseAtMs, value: entry.value }]
        : [],
    )
  }

  private hear(entry: TimelineEntry): void {
    if (entry.what !== 'measurement') return
    const metrics = this.runs.get(entry.run)?.metrics
    const metric = Array.isArray(metrics) && (metrics as readonly Metric[]).find(({ name }) => name === entry.metric)
    const { phase, value, message } = entry
    if (!metric) return
    const isEmpty = numbersOf(value, message)?.length === 0
    this.taken.push({ metric, phase, value, message, emptiness: isEmpty ? this.emptinessOf(metric) : undefined })
  }

  private emptinessOf({ provider }: Metric): Emptiness | undefined {
    const { queries, exposure, startsAtMs } = this.observation
    const query = provider.kind === 'prometheus' ? queries.get(provider.query) : undefined
    return query instanceof Query ? emptinessOf(query, exposure.store, startsAtMs + this.nowMs()) : undefined
  }
}
