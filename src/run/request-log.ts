// Requests as lines of a log, each a JSON object: what an access log would say of them, and what no access log knows.
import type { RequestSample } from '../world/requests/sampler.js'
import type { Plan } from './plan.js'
import { canary } from './stacks.js'

/** Somebody who wants some of the requests as they come, in lines of a log. */
export interface RequestLog {
  /** Every how many requests; the first one is told. */
  readonly every: number
  write(line: string): void
}

/** In the order of its fields. Those of a request that no pod answered don't name one. */
export function requestLine(plan: Plan, sample: RequestSample, podName: (id: number) => string): string {
  const { flow, scenario, service, stacks } = plan
  const { timeMs, user, strand, version, pod, code, durationMs, attempts, waitMs } = sample
  const { route, labels } = flow.audience.strands[strand]!
  return JSON.stringify({
    time: instantText(scenario.startsAtMs + timeMs),
    user: `user-${user}`,
    ...(route === undefined ? {} : { route }),
    ...(Object.keys(labels).length === 0 ? {} : { segment: labels }),
    version: stacks[version]!.version === canary ? 'canary' : 'stable',
    ...(pod === undefined ? {} : { pod: podName(pod) }),
    status: service.codes[code],
    duration_ms: rounded(durationMs),
    attempts,
    wait_ms: rounded(waitMs),
  })
}

/** RFC 3339, in UTC, to the microsecond. */
function instantText(timeMs: number): string {
  const microseconds = Math.floor(timeMs * 1000)
  const wholeMs = Math.floor(microseconds / 1000)
  const rest = String(microseconds - 1000 * wholeMs).padStart(3, '0')
  return `${new Date(wholeMs).toISOString().slice(0, 23)}${rest}Z`
}

function rounded(ms: number): number {
  return Math.round(1000 * ms) / 1000
}
