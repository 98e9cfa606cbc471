// How much later than possible a policy notices: beside the average time in which a sequential test would, that saw every
// request of the canary at once.
import { type Errors, expectedSize } from '../../judge/sprt.js'
import type { Tally } from '../tally.js'
import type { World } from './worlds.js'

export interface Limit {
  readonly world: string
  /** Of the canary's requests. */
  readonly requests: number
  /** As many of these came on average, from the onset until it was safe. */
  readonly requestsPerSecond: number
  readonly limitMs: number
  readonly detectionMs: number
  /** How many times as long it took. */
  readonly factor: number
}

/** What the sequential test is held to. */
export const limitErrors: Errors = { falseAborts: 0.01, missed: 0.01 }

/** For each fault that the policy nearly always detects: of others there is no time to compare. */
export function limitsOf(worlds: readonly World[], tallies: readonly Tally[]): readonly Limit[] {
  const healthy = worlds.findIndex(({ role }) => role === 'healthy')
  const own = ratio(tallies[healthy]!, 'blastRadius.requests.failed', 'blastRadius.requests.total')
  return worlds.flatMap(({ id, role }, index) => (role === 'fault' ? (limitIn(id, own, tallies[index]!) ?? []) : []))
}

function limitIn(world: string, healthy: number, tally: Tally): Limit | undefined {
  const [detections, safeties] = [tally.spread('detectionMs'), tally.spread('timeToSafeMs')]
  if (tally.runs === 0 || Math.min(detections.size, safeties.size) < nearlyAlways * tally.runs) return undefined
  const exposed = tally.spread('blastRadius.requests.exposed').mean
  const faulty = healthy + ratio(tally, 'blastRadius.requests.excess', 'blastRadius.requests.exposed')
  const requestsPerSecond = (1000 * exposed) / safeties.mean
  const requests = Math.max(1, expectedSize({ healthy, faulty: Math.min(1, faulty) }, limitErrors))
  const limitMs = (1000 * requests) / requestsPerSecond
  if (!(faulty > healthy) || !Number.isFinite(limitMs) || limitMs === 0) return undefined
  const detectionMs = detections.mean
  return { world, requests, requestsPerSecond, limitMs, detectionMs, factor: detectionMs / limitMs }
}

const nearlyAlways = 0.95

function ratio(tally: Tally, part: Parameters<Tally['spread']>[0], whole: Parameters<Tally['spread']>[0]): number {
  const [one, other] = [tally.spread(part).mean, tally.spread(whole).mean]
  return other > 0 ? one / other : 0
}
