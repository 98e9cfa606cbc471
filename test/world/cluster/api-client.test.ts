// What a program hears of when the API server was away.
import { describe, expect, it } from 'vitest'
import { ApiClient, watchedAgainMs } from '../../../src/world/cluster/api-client.js'

const always = (value: number) => () => value

describe('A watch that broke', () => {
  it('is tried again after 0.8 s, and twice as late each time, up to 30 s; up to as much again by chance', () => {
    const earliest = [800, 2_400, 5_600, 12_000, 24_800, 50_400, 80_400, 110_400]
    for (const [index, triedMs] of earliest.entries()) {
      const justMissedMs = index === 0 ? 0 : earliest[index - 1]!
      expect(watchedAgainMs(0, justMissedMs + 1, always(0))).toBe(triedMs)
      expect(watchedAgainMs(0, triedMs, always(0))).toBe(triedMs)
      expect(watchedAgainMs(0, 2 * triedMs, always(0.9999999))).toBeLessThanOrEqual(2 * triedMs + 60_000)
    }
    expect(watchedAgainMs(500, 501, always(0.5))).toBe(500 + 1_200)
  })

  it('is there at once where the server was never away', () => {
    expect(watchedAgainMs(700, 700, always(0.5))).toBe(700)
  })
})

describe('A program', () => {
  it('sees each kind of object from when its watch is there', () => {
    const api = new ApiClient()
    expect(api.sees('Rollout', 0)).toBe(true)
    api.isAnswered = false
    expect(api.sees('Rollout', 1_000)).toBe(false)
    api.reconnect({ Rollout: 5_000 })
    expect(api.sees('Rollout', 4_999)).toBe(false)
    expect(api.sees('Rollout', 5_000)).toBe(true)
    expect(api.sees('ReplicaSet', 2_000)).toBe(true)
    api.reconnect({})
    expect(api.sees('Rollout', 2_000)).toBe(true)
  })
})
