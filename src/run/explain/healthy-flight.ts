// A flight in which nothing is wrong, and what the metrics of the policy measured in it.
import { AnalysisRun } from '../../policy/argo/analysis-run.js'
import type { Metric } from '../../policy/argo/metric.js'
import type { Verdict } from '../../scenario/budget.js'
import { verdictOf } from '../outcome.js'
import type { Plan } from '../plan.js'
import { type Flying, Simulation } from '../simulation.js'
import { Timeline } from '../timeline.js'

export interface HealthyFlight {
  readonly verdict: Verdict
  /** Since the release. */
  readonly lastedMs: number
  readonly measured: readonly Measured[]
}

/** One measurement, as the controller wrote it. */
export interface Measured {
  readonly metric: Metric
  readonly phase: string
  readonly value: string | null
  readonly message: string
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
      new Map(),
    )
    return listener
  })
  flying.advance(Math.min(durationMs, releaseAtMs + lookMs))
  while (flying.loop.now < durationMs && !isOver(flying)) {
    flying.advance(Math.min(durationMs, flying.loop.now + lookMs))
  }
  const { rollout } = flying.controller
  const endedMs = isOver(flying) ? lastChangeOf(flying) : flying.loop.now
  return { verdict: verdictOf(plan, rollout), lastedMs: endedMs - releaseAtMs, measured: listener!.taken }
}

function isOver({ controller, course }: Flying): boolean {
  const isDecided = !Number.isNaN(course.promotedMs) || !Number.isNaN(course.decidedMs)
  return isDecided && controller.everyRun.every(({ phase }) => phase !== '' && phase !== 'Running')
}

function lastChangeOf({ course }: Flying): number {
  return Number.isNaN(course.promotedMs) ? course.decidedMs : course.promotedMs
}

/** Knows of each measurement which metric it was of. */
class Listener extends Timeline {
  private readonly runs = new Map<string, AnalysisRun>()

  override wrote(object: object): void {
    if (object instanceof AnalysisRun) this.runs.set(object.name, object)
    super.wrote(object)
  }

  get taken(): readonly Measured[] {
    return this.entries.flatMap((entry) => {
      if (entry.what !== 'measurement') return []
      const metrics = this.runs.get(entry.run)?.metrics
      const metric = Array.isArray(metrics) && (metrics as readonly Metric[]).find(({ name }) => name === entry.metric)
      const { phase, value, message } = entry
      return metric ? [{ metric, phase, value, message }] : []
    })
  }
}
