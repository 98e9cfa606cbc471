// How much later than possible a policy notices.
import { describe, expect, it } from 'vitest'
import { expectedSize } from '../../../src/judge/sprt.js'
import type { Outcome } from '../../../src/run/record.js'
import { Tally } from '../../../src/study/tally.js'
import { limitErrors, limitsOf } from '../../../src/study/tune/limit.js'
import type { World } from '../../../src/study/tune/worlds.js'

const recipe = { scenario: 'x.yaml', audience: {}, files: new Map() }
const worlds: readonly World[] = [
  { id: 'scenario', title: '', role: 'fault', isWritten: true, recipe },
  { id: 'healthy', title: '', role: 'healthy', isWritten: false, recipe },
]

interface Figures {
  readonly exposed: number
  readonly failed: number
  readonly excess: number
  readonly detectionMs: number | null
}

function outcome({ exposed, failed, excess, detectionMs }: Figures): Outcome {
  const safeMs = detectionMs === null ? null : detectionMs + 1000
  return {
    verdict: detectionMs === null ? 'promoted' : 'aborted',
    missed: detectionMs === null,
    falseAbort: false,
    detectionMs,
    timeToSafeMs: safeMs,
    blastRadius: {
      requests: { total: 100_000, exposed, failed, excess },
      users: { total: 100, exposed: 1, harmed: 1 },
      userMinutes: 1,
      budgetSpentPercent: 1,
      peakWeightPercent: 5,
    },
    times: {
      releasedMs: 0,
      onsetMs: 0,
      firstExposedMs: 0,
      firstObservableMs: 0,
      firstFailedCheckMs: detectionMs,
      decidedMs: detectionMs,
      safeMs,
      promotedMs: null,
      endMs: 1,
    },
  }
}

function tallyOf(runs: readonly Figures[]): Tally {
  const tally = new Tally()
  for (const [seed, figures] of runs.entries()) tally.add(seed, outcome(figures))
  return tally
}

const healthy = tallyOf(Array.from({ length: 20 }, () => ({ exposed: 0, failed: 100, excess: 0, detectionMs: null })))
const detected: Figures = { exposed: 600, failed: 130, excess: 30, detectionMs: 59_000 }

describe('The limit of detection', () => {
  it('is how long the canary takes for as many requests as a sequential test needs', () => {
    const faulty = tallyOf(Array.from({ length: 20 }, () => detected))
    const [limit, ...others] = limitsOf(worlds, [faulty, healthy])
    // 600 requests in a minute, of which 5 % fail that would not have, beside 0.1 % that do anyway.
    const requests = expectedSize({ healthy: 0.001, faulty: 0.051 }, limitErrors)
    expect(others).toEqual([])
    expect(limit!.requests).toBeCloseTo(requests, 6)
    expect(limit!.requestsPerSecond).toBeCloseTo(10, 9)
    expect(limit!.limitMs).toBeCloseTo(100 * requests, 4)
    expect(limit!.factor).toBeCloseTo(59_000 / (100 * requests), 6)
  })

  it('is not told of what is often missed, or harms nobody', () => {
    const missed = Array.from({ length: 20 }, (_, run) => (run < 2 ? { ...detected, detectionMs: null } : detected))
    expect(limitsOf(worlds, [tallyOf(missed), healthy])).toEqual([])
    expect(limitsOf(worlds, [tallyOf([{ ...detected, excess: 0 }]), healthy])).toEqual([])
  })
})
