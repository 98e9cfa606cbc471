// What a case's metrics, web servers and Jobs answer.
import type { Loop } from '../../src/kernel/loop.js'
import type { Answer, JobCourse, JobRequest, View, WebAnswer } from '../../src/policy/view.js'
import { backoffMs, jobSyncMs } from '../../src/run/signals/jobs.js'
import { floorToSecond } from '../../src/world/cluster/cluster.js'
import { type Case, type MetricScript, msOf } from './case.js'
import { NotPlayable } from './not-playable.js'
import { tagOf } from './puppets.js'
import type { Trace } from './trace.js'

export const metricsAddress = 'http://metrics'

/** `sinceMs` counts from the release. */
export function answersOf(
  script: Case,
  trace: Trace,
  sinceMs: () => number,
  loop: Loop,
): Required<Pick<View, 'query' | 'web' | 'runJob' | 'read'>> {
  const answers = new Answers(script, trace, sinceMs, loop)
  return {
    query: (text, range) => {
      if (range) throw new NotPlayable('a range query')
      return answers.query(text)
    },
    web: ({ url }) => answers.web(url),
    runJob: (job) => answers.runJob(job),
    read: ({ provider }) => {
      throw new NotPlayable(`answers of ${provider}`)
    },
  }
}

class Answers {
  constructor(
    private readonly script: Case,
    private readonly trace: Trace,
    private readonly sinceMs: () => number,
    private readonly loop: Loop,
  ) {}

  query(query: string): Answer {
    const script = this.script.metrics?.find((metric) => fits(metric, query))
    const sinceMs = this.sinceMs()
    const { value, latency } = script?.values.findLast(({ at }) => msOf(at) <= sinceMs) ?? {}
    const latencyMs = latency === undefined ? 0 : msOf(latency)
    this.trace.say({ query, answer: value ?? 'empty' })
    if (value === 'error') return { kind: 'error', message: 'server_error: server error: 503', latencyMs }
    if (value === undefined || value === 'empty')
      return { kind: 'data', result: { resultType: 'vector', values: [] }, latencyMs }
    const values = Array.isArray(value) ? value.map(Number) : [Number(value)]
    return { kind: 'data', result: { resultType: 'vector', values }, latencyMs }
  }

  web(url: string): WebAnswer {
    const name = url.slice(`${metricsAddress}/web/`.length)
    const script = this.script.web?.find((web) => web.name === name)
    const sinceMs = this.sinceMs()
    const value = script?.values.findLast(({ at = '-1h' }) => msOf(at) <= sinceMs)
    const { status = value ? 200 : 404, json = {}, text = JSON.stringify(json), latency = '0s' } = value ?? {}
    this.trace.say({ web: name, status })
    if (text === 'null') throw new NotPlayable('an answer that the controller dies of')
    return { status, body: text, latencyMs: msOf(latency) }
  }

  /** A puppet tells no time of its end: the Job's controller takes that of its creation for it. */
  runJob({ image, backoffLimit, deadlineMs }: JobRequest): JobCourse {
    const { exit = 0, after } = this.script.pods?.[tagOf(image)] ?? {}
    const afterMs = after === undefined ? Number.POSITIVE_INFINITY : msOf(after)
    const retries = exit === 0 ? 0 : backoffLimit
    let startMs = this.loop.now
    for (let failures = 1; failures <= retries; failures++) {
      startMs = Math.max(startMs + afterMs, floorToSecond(startMs) + backoffMs * 2 ** (failures - 1))
    }
    const endsAtMs = startMs + afterMs + jobSyncMs
    const deadlineAtMs = floorToSecond(this.loop.now) + deadlineMs
    return { endsAtMs: Math.min(endsAtMs, deadlineAtMs), isSuccess: exit === 0 && endsAtMs <= deadlineAtMs }
  }
}

function fits({ query, match }: MetricScript, asked: string): boolean {
  return query === asked || (match !== undefined && new RegExp(match).test(asked))
}
