// Measurements by a Job: started once, then looked at again and again until it has ended.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { View } from '../view.js'
import { type AnalysisRun, isTerminating, type Measurement } from './analysis-run.js'
import type { Job, Metric } from './metric.js'
import type { Behaviours } from './version.js'

/** The next state of the measurement under way, or the first one of a new one. */
export function followJob(job: Job, metric: Metric, run: AnalysisRun, view: View, does: Behaviours): Measurement {
  const result = run.resultOf(metric)
  const last = result?.measurements.at(-1)
  if (last?.unfinished) {
    if (!isTerminating(run)) return look(last, view)
    return finished(last, view, does.doubtEndedJobs ? 'Inconclusive' : 'Successful', 'Metric Terminated')
  }
  const started = {
    phase: 'Running',
    value: nothing,
    message: '',
    startedAtMs: floorToSecond(view.loop.now),
    finishedAtMs: Number.NaN,
  } as const
  if (job.restartPolicy !== 'Never' && job.restartPolicy !== 'OnFailure') {
    const name = `${uid}.${metric.name}.${1 + (result ? result.count + result.error : 0)}`
    const required = 'Required value: valid values: "OnFailure", "Never"'
    const message = `Job.batch "${name}" is invalid: spec.template.spec.restartPolicy: ${required}`
    return finished(started, view, 'Error', message)
  }
  const course = view.runJob!(job)
  return { ...started, unfinished: { course, resumeAtMs: does.doubtEndedJobs ? view.loop.now : course.endsAtMs } }
}

/** The run's; the API server draws one by lot. */
const uid = '00000000-0000-0000-0000-000000000000'

const nothing = () => undefined

function look(measurement: Measurement, view: View): Measurement {
  const { course } = measurement.unfinished!
  const { now } = view.loop
  if (course.endsAtMs <= now) return finished(measurement, view, course.isSuccess ? 'Successful' : 'Failed', '')
  return { ...measurement, unfinished: { course, resumeAtMs: nextLookMs(measurement, now) } }
}

/**
 * The longer it runs the rarer the looks: √(2 · elapsed seconds) later. The object keeps whole seconds, and a time in
 * them that has passed already leaves the timer of the pass alone to count.
 */
function nextLookMs({ startedAtMs }: Measurement, now: number): number {
  const atMs = now + Math.sqrt((2 * (now - startedAtMs)) / 1000) * 1000
  const keptMs = floorToSecond(atMs)
  return keptMs > now ? keptMs : atMs
}

function finished(
  { unfinished: _, ...measurement }: Measurement,
  { loop }: View,
  phase: Measurement['phase'],
  message: string,
): Measurement {
  return { ...measurement, phase, message, finishedAtMs: floorToSecond(loop.now) }
}
