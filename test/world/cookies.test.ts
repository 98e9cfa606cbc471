import { describe, expect, it } from 'vitest'
import { type CookiePlan, Cookies } from '../../src/world/cookies.js'

const [stable, canary] = [0, 1]
const session: CookiePlan = { lifetimeMs: Number.POSITIVE_INFINITY, isRenewed: false, outlastsWeight: false }
const open = { shares: [0.9, 0.1], pods: [5, 1] }

/** Comes at these times, would get these versions by weight, and gets those that are returned. */
type Visit = readonly [
  timeMs: number,
  byWeight: number,
  change?: { readonly shares?: readonly number[]; readonly pods?: readonly number[] },
]

function visits(plan: CookiePlan, times: readonly Visit[]) {
  const cookies = new Cookies(plan, 3)
  return times.map(([timeMs, byWeight, change]) => cookies.versionOf(1, timeMs, { ...open, ...change, byWeight }))
}

describe('A cookie', () => {
  it('keeps a user on the version of the first answer', () => {
    expect(
      visits(session, [
        [0, canary],
        [1e9, stable],
        [2e9, stable],
      ]),
    ).toEqual([canary, canary, canary])
    expect(
      visits(session, [
        [0, stable],
        [1e9, canary],
      ]),
    ).toEqual([stable, stable])
  })

  it('is of one user alone', () => {
    const cookies = new Cookies(session, 2)
    cookies.versionOf(0, 0, { ...open, byWeight: canary })
    expect(cookies.versionOf(1, 1, { ...open, byWeight: stable })).toBe(stable)
  })

  it('ends some time after it was set, and the next answer sets another', () => {
    const plan = { ...session, lifetimeMs: 100 }
    expect(
      visits(plan, [
        [0, canary],
        [60, stable],
        [120, stable],
        [150, canary],
        [219, canary],
        [220, canary],
      ]),
    ).toEqual([canary, canary, stable, stable, stable, canary])
  })

  it('lives on while the user keeps coming, where every answer renews it', () => {
    const plan = { ...session, lifetimeMs: 100, isRenewed: true }
    expect(
      visits(plan, [
        [0, canary],
        [60, stable],
        [120, stable],
        [219, stable],
        [319, stable],
      ]),
    ).toEqual([canary, canary, canary, canary, stable])
  })

  it('for a version without pods leads nowhere: the request is weighed, and gets the cookie of where it went', () => {
    const gone = { pods: [5, 0] }
    expect(
      visits(session, [
        [0, canary],
        [1, stable, gone],
        [2, canary],
      ]),
    ).toEqual([canary, stable, stable])
  })

  it('for a version without weight leads nowhere, or there while it has pods, as the router does', () => {
    const closed = { shares: [1, 0] }
    const times: readonly Visit[] = [
      [0, canary],
      [1, stable, closed],
      [2, stable, { ...closed, pods: [5, 0] }],
    ]
    expect(visits(session, times)).toEqual([canary, stable, stable])
    expect(visits({ ...session, outlastsWeight: true }, times)).toEqual([canary, canary, stable])
  })

  it('is forgotten with the flight', () => {
    const cookies = new Cookies({ ...session, lifetimeMs: 100 }, 1)
    cookies.versionOf(0, 0, { ...open, byWeight: canary })
    cookies.reset()
    expect(cookies.versionOf(0, 1, { ...open, byWeight: stable })).toBe(stable)
  })

  it('is not kept for more users than there is memory for', () => {
    expect(() => new Cookies(session, 2 ** 40)).toThrow(RangeError)
  })
})
