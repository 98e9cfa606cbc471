// Measurements by a Job: started once, then looked at again and again until it has ended.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { View } from '../view.js'
import { type AnalysisRun, isTerminating, type Measurement } from './analysis-run.js'
import type { Metric } from './metric.js'
import type { JobTemplate } from './provider/provider.js'
import { uidOf } from './uid.js'
import type { Behaviours } from './version.js'

/** The next state of the measurement under way, or the first one of a new one. */
export function followJob(
  job: JobTemplate,
  metric: Metric,
  run: AnalysisRun,
  view: View,
  does: Behaviours,
): Measurement {
  const result = run.resultOf(metric)
  const last = result?.measurements.at(-1)
  if (last?.unfinished) {
    if (!isTerminating(run)) return look(job, last, view)
    return finished(last, view, does.doubtEndedJobs ? 'Inconclusive' : 'Successful', 'Metric Terminated')
  }
  const started = {
    phase: 'Running',
    value: nothing,
    message: '',
    startedAtMs: floorToSecond(view.loop.now),
    finishedAtMs: Number.NaN,
  } as const
  const name = nameOf(run, metric.name, 1 + (result ? result.count + result.error : 0))
  if (job.restartPolicy !== 'Never' && job.restartPolicy !== 'OnFailure') {
    const required = 'Required value: valid values: "OnFailure", "Never"'
    const message = `Job.batch "${name}" is invalid: spec.template.spec.restartPolicy: ${required}`
    return finished(started, view, 'Error', message)
  }
  const { image, backoffLimit, restartPolicy, activeDeadlineSeconds = Number.POSITIVE_INFINITY } = job
  const isRestarted = restartPolicy === 'OnFailure'
  const request = { source: metric.source, image, backoffLimit, isRestarted, deadlineMs: 1000 * activeDeadlineSeconds }
  const course = view.runJob!(request, () => {
    if (!does.doubtEndedJobs) run.work?.enqueueAt(course.endsAtMs + noticeMs)
  })
  const jobAndName = { name, course }
  if (does.doubtEndedJobs) return { ...started, unfinished: { job: jobAndName, resumeAtMs: view.loop.now } }
  return {
    ...started,
    unfinished: {
      job: jobAndName,
      get resumeAtMs() {
        return course.endsAtMs
      },
    },
  }
}

const nothing = () => undefined

/** From the end of a Job until the pass in which it is seen. */
const noticeMs = 5

/** As long as the name of an object may be at most: a long name of a metric is cut off. */
const longestName = 63

function nameOf(run: AnalysisRun, metric: string, ordinal: number): string {
  const uid = uidOf('AnalysisRun', run.name)
  const surplus = `${uid}.${metric}.${ordinal}`.length - longestName
  return `${uid}.${surplus > 0 ? metric.slice(0, -surplus) : metric}.${ordinal}`
}

function look(job: JobTemplate, measurement: Measurement, view: View): Measurement {
  const { name, course } = measurement.unfinished!.job!
  const { now } = view.loop
  const { ttlSecondsAfterFinished = Number.POSITIVE_INFINITY } = job
  if (course.endsAtMs + 1000 * ttlSecondsAfterFinished < now) {
    return finished(measurement, view, 'Error', `job.batch "${name}" not found`)
  }
  if (course.endsAtMs <= now) return finished(measurement, view, course.isSuccess ? 'Successful' : 'Failed', '')
  return { ...measurement, unfinished: { job: { name, course }, resumeAtMs: nextLookMs(measurement, now) } }
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
