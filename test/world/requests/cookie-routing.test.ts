import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { Requests } from '../../../src/world/requests/requests.js'
import type { RequestSample } from '../../../src/world/requests/sampler.js'
import { canaryWith, errors, expectMean, forever, minute, planOf } from '../flights.js'
import { audienceOf } from '../people.js'

const end = 10 * minute
const users = 2000
const rate = 100

function planWith(lifetimeMs: number) {
  const cookies = { lifetimeMs, isRenewed: false, outlastsWeight: false }
  return planOf({ behaviours: canaryWith(errors(0.5)), audience: audienceOf(users), cookies, horizonMs: end })
}

/** Each request, by the user it comes from. */
function flown(seed: number, lifetimeMs: number, weights: readonly number[]) {
  const requests = new Requests(planWith(lifetimeMs), new Tape(seed))
  const samples: RequestSample[] = []
  requests.sample({ every: 1, take: (sample) => samples.push(sample) })
  for (const [index, weight] of weights.entries()) {
    requests.split((index * end) / weights.length, [1 - weight, weight], [5, 5])
  }
  return { harm: requests.finish(end), samples }
}

describe('Requests whose router sets cookies', () => {
  it('of one user stay with the version of the first, whatever the weight becomes, until it is 0', () => {
    const { samples, harm } = flown(1, forever, [0.2, 0.6, 0.1])
    const versions = new Map<number, number>()
    for (const { user, version } of samples) {
      expect(versions.get(user) ?? version).toBe(version)
      versions.set(user, version)
    }
    expect(harm.requests).toBe(samples.length)
    const stopped = flown(1, forever, [0.2, 0])
    expect(stopped.samples.filter(({ timeMs, version }) => version === 1 && timeMs >= end / 2)).toEqual([])
    expect(stopped.harm.canaryRequests).toBeGreaterThan(1000)
  })

  it('reach the canary as often as first requests were weighed, not as often as the weight says now', () => {
    const half = end / 2
    const later = Array.from({ length: 40 }, (_, seed) => {
      const requests = new Requests(planWith(forever), new Tape(seed))
      requests.split(0, [0.8, 0.2], [5, 5])
      requests.draw(half)
      const ofCanary = () => requests.cells.counts.reduce((sum, count, at) => (at < row ? sum : sum + count), 0)
      const row = requests.cells.codes * requests.cells.classes
      const before = ofCanary()
      requests.split(half, [0.2, 0.8], [5, 5])
      requests.finish(end)
      return ofCanary() - before
    })
    // Who has not come in the first half is weighed by the second weight, whenever in the second half that is.
    const isNew = Math.exp((-rate * half) / 1000 / users)
    const mean = ((rate * half) / 1000) * (0.2 * (1 - isNew) + 0.8 * isNew)
    expectMean('requests of the canary in the second half, seeds 0 to 39', later, mean)
  })

  it('are weighed anew when the cookie has ended', () => {
    const { samples } = flown(3, minute, [0.5])
    const turns = new Map<number, Set<number>>()
    for (const { user, version } of samples) turns.set(user, (turns.get(user) ?? new Set()).add(version))
    expect([...turns.values()].some((versions) => versions.size === 2)).toBe(true)
  })

  it('keep the laws of harm, and count user-minutes by the requests that were exposed', () => {
    const flights = Array.from({ length: 30 }, (_, seed) => {
      const requests = new Requests(planWith(forever), new Tape(seed))
      requests.split(0, [0.7, 0.3], [5, 5])
      return requests.finish(end)
    })
    for (const { exposedRequests, canaryRequests } of flights) expect(exposedRequests).toBe(canaryRequests)
    expectMean(
      'user-minutes, seeds 0 to 29',
      flights.map(({ userMinutes }) => userMinutes),
      users * 0.3 * 10,
    )
  })
})
