// Jobs in a flight: they try until they succeed, have failed too often, or have run out of time.
import type { Loop } from '../../kernel/loop.js'
import type { JobCourse, JobRequest } from '../../policy/view.js'
import { floorToSecond } from '../../world/cluster/cluster.js'

/** A Job's controller collects the ends of pods for a second (observed 1.015 to 1.025 s with 1.36). */
export const jobSyncMs = 1020

/** The first wait before another try, of the controller for a new pod as of the kubelet for the same one. */
export const backoffMs = 10_000
const longestPodBackoffMs = 600_000
const longestContainerBackoffMs = 300_000

interface Running {
  readonly request: JobRequest
  readonly triesMs: number
  readonly isFailure: () => boolean
  /** Is told when the end is known. */
  readonly ended: () => void
  readonly course: { endsAtMs: number; isSuccess: boolean }
  readonly deadlineAtMs: number
  failures: number
}

export class Jobs {
  private readonly all: Running[] = []
  private readonly tried: number

  constructor(private readonly loop: Loop) {
    this.tried = loop.handler((index) => this.conclude(index))
  }

  start(request: JobRequest, triesMs: number, isFailure: () => boolean, ended: () => void): JobCourse {
    const { now } = this.loop
    const deadlineAtMs = floorToSecond(now) + request.deadlineMs
    const course = { endsAtMs: deadlineAtMs, isSuccess: false }
    const index = this.all.push({ request, triesMs, isFailure, ended, course, deadlineAtMs, failures: 0 }) - 1
    this.tryAt(index, now)
    return course
  }

  private tryAt(index: number, startMs: number): void {
    const { triesMs, deadlineAtMs } = this.all[index]!
    if (startMs + triesMs < deadlineAtMs) this.loop.at(startMs + triesMs, 0, this.tried, index)
  }

  private conclude(index: number): void {
    const job = this.all[index]!
    const { now } = this.loop
    const isSuccess = !job.isFailure()
    if (!isSuccess) job.failures++
    if (isSuccess || job.failures > job.request.backoffLimit) {
      job.course.endsAtMs = Math.min(job.deadlineAtMs, now + jobSyncMs)
      job.course.isSuccess = isSuccess && now + jobSyncMs <= job.deadlineAtMs
      job.ended()
      return
    }
    const longestMs = job.request.isRestarted ? longestContainerBackoffMs : longestPodBackoffMs
    const waitMs = Math.min(longestMs, backoffMs * 2 ** (job.failures - 1))
    // The end of a pod is kept in whole seconds.
    this.tryAt(index, (job.request.isRestarted ? now : floorToSecond(now)) + waitMs)
  }
}
