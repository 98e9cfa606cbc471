// A log that is replayed: every request of it is answered once, whoever looks when, and whatever happens meanwhile.
import { describe, expect, it } from 'vitest'
import { type Stream, Tape } from '../../src/kernel/random.js'
import { Arrivals } from '../../src/world/arrivals.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { Flow } from '../../src/world/flow.js'
import { alike } from '../../src/world/lanes.js'
import { Latency } from '../../src/world/latency/latency.js'
import { Traffic } from '../../src/world/traffic.js'
import { expectMoments } from '../kernel/goodness.js'
import { errors, minute, planOf } from './flights.js'

const end = 10 * minute

function logOf(dice: Stream, most: number): Arrivals {
  const counts = Array.from({ length: 590 }, () => Math.floor(dice.uniform() ** 2 * most))
  return new Arrivals(5_000, counts)
}

describe('A replayed log', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('is counted to the request at every look, seed %d', (seed) => {
    const dice = new Tape(`replay ${seed}`).stream('dice')
    const arrivals = logOf(dice, [1.2, 4, 300][seed % 3]!)
    const looksApart = seed % 4 === 0
    const flow = new Flow(
      planOf({
        traffic: Traffic.of(arrivals),
        answering: alike([
          new Behaviour({ errorRatio: 0.01, latency: Latency.fromPercentiles(50, 200), capacityPerPod: 20 }, []),
          new Behaviour({ errorRatio: 0.01, latency: Latency.fromPercentiles(50, 200), capacityPerPod: 15 }, [
            errors(0.4, { onsetMs: 2 * minute, endMs: 4 * minute, rampMs: minute }),
            errors(0.2, { onsetMs: 5 * minute }),
          ]),
        ]),
        horizonMs: end,
        looksApart,
        watched: [seed % 2 === 0, true],
        ...(seed % 5 === 0 ? { latencyBoundsMs: [100, 1000] } : {}),
      }),
      new Tape(seed),
    )
    const podNumbers = looksApart
      ? [
          [1, 2, 3, 4, 5],
          [6, 7],
        ]
      : undefined
    for (let at = 900; at < end; at += 1 + Math.floor(dice.uniform() ** 2 * minute)) {
      const canary = dice.uniform()
      if (dice.uniform() < 0.3) flow.split(at, [1 - canary, canary], [5, 2], podNumbers)
      if (looksApart && dice.uniform() < 0.3) flow.drawPod(at, 1, 6)
      flow.draw(at)
      expect(flow.cells.total()).toBe(arrivals.countBefore(at))
    }
    expect(flow.finish(end).requests).toBe(arrivals.total)
  })

  it('is split by chance all the same: binomially, within what has arrived', () => {
    const counts = Array.from({ length: 60 }, (_, second) => second % 7)
    const total = counts.reduce((sum, count) => sum + count)
    const traffic = Traffic.of(new Arrivals(0, counts))
    const flow = new Flow(planOf({ traffic, horizonMs: minute }), new Tape(0))
    const canary = Array.from({ length: 8000 }, (_, seed) => {
      flow.reset(new Tape(seed))
      flow.split(0, [0.7, 0.3], [5, 2])
      flow.split(30_000, [0.2, 0.8], [5, 2])
      return flow.finish(minute).canaryRequests
    })
    const early = counts.slice(0, 30).reduce((sum, count) => sum + count)
    const mean = early * 0.3 + (total - early) * 0.8
    const variance = early * 0.21 + (total - early) * 0.16
    const excess = early * 0.21 * (1 - 6 * 0.21) + (total - early) * 0.16 * (1 - 6 * 0.16)
    expectMoments('requests to the canary', canary, { mean, variance, fourth: 3 * variance ** 2 + excess })
  })
})
