// Looks at single pods: exact in distribution, however they fall between the changes of the world.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Flow } from '../../src/world/flow.js'
import { canaryWith, errors, expectMean, expectUncorrelated, minute, overSeeds, planOf, second } from './flights.js'

const together = planOf({ behaviours: canaryWith(errors(0.2, { onsetMs: 90 * second })) })
const apart = { ...together, looksApart: true }

const stablePods = [0, 1, 2]
const canaryPods = [10, 11]

function serve(flow: Flow, timeMs: number, canary: readonly number[] = canaryPods): void {
  flow.split(timeMs, [0.7, 0.3], [3, canary.length], [stablePods, canary])
}

function answersOf(flow: Flow, version: number, pod: number, code = 0): number {
  const cell = flow.cells.cellOf(version, pod)
  return cell === undefined ? Number.NaN : flow.cells.counts[flow.cells.index(cell, code)]!
}

describe('A pod that is looked at alone', () => {
  it('shows what came to it until then, and others don’t move', () => {
    const flow = new Flow(apart, new Tape(1))
    serve(flow, 0)
    flow.drawPod(minute, 1, 10)
    expect(answersOf(flow, 1, 10)).toBeGreaterThan(700)
    expect([answersOf(flow, 1, 11), answersOf(flow, 0, 0)]).toEqual([0, 0])
    flow.drawPod(2 * minute, 1, 99)
    flow.drawPod(2 * minute, 0, 0)
    expect(answersOf(flow, 0, 0)).toBeGreaterThan(2500)
  })

  it('has what a Poisson process brings between any two of its looks, independently of the other pods', () => {
    const flights = overSeeds(2000, apart, (flow) => {
      serve(flow, 0)
      flow.drawPod(7 * second, 1, 11)
      flow.drawPod(20 * second, 1, 10)
      const first = answersOf(flow, 1, 10)
      flow.draw(20 * second)
      flow.drawPod(20 * second, 1, 10)
      expect(answersOf(flow, 1, 10)).toBe(first)
      flow.drawPod(50 * second, 1, 10)
      flow.drawPod(50 * second, 1, 11)
      return [first, answersOf(flow, 1, 10) - first, answersOf(flow, 1, 11)]
    })
    const [first, second_, other] = [0, 1, 2].map((at) => flights.map((flight) => flight[at]!)) as [
      number[],
      number[],
      number[],
    ]
    const rate = 15 * 0.998
    for (const [draws, mean] of [
      [first, 20 * rate],
      [second_, 30 * rate],
      [other, 50 * rate],
    ] as const) {
      expectMean('count', draws, mean)
      expectMean(
        'variance',
        draws.map((draw) => (draw - mean) ** 2),
        mean,
      )
    }
    expectUncorrelated('one after the other', first, second_)
    expectUncorrelated('two pods', first, other)
  })

  it('leaves harm as it is in mean and variance, across faults, pods that come and go, and changes of weight', () => {
    const fly = (flow: Flow) => {
      serve(flow, 0)
      // Of coprime beats, so that looks come in all orders, and now and then at the same instant.
      for (let timeMs = second; timeMs <= 4 * minute; timeMs += second) {
        if (timeMs % 7_000 === 0) flow.drawPod(timeMs, 1, 10)
        if (timeMs % 11_000 === 0) flow.drawPod(timeMs, 1, 11)
        if (timeMs % 13_000 === 0) for (const pod of stablePods) flow.drawPod(timeMs, 0, pod)
        if (timeMs === 2 * minute) serve(flow, timeMs, [11, 12])
        if (timeMs === 3 * minute) flow.split(timeMs, [0.5, 0.5], [3, 2], [stablePods, [11, 12]])
      }
      const { requests, failed, excessRequests, exposedRequests, exposedUsers } = flow.finish(5 * minute)
      return [requests, failed, excessRequests, exposedRequests, exposedUsers]
    }
    const [alone, all] = [apart, together].map((plan) => overSeeds(1500, plan, fly)) as [number[][], number[][]]
    const column = (flights: number[][], at: number) => flights.map((flight) => flight[at]!)
    const mean = (draws: readonly number[]) => draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    for (const at of [0, 1, 2, 3, 4]) {
      const [one, other] = [column(alone, at), column(all, at)]
      const off = mean(one) - mean(other)
      const spread = (draws: readonly number[]) => mean(draws.map((draw) => (draw - mean(draws)) ** 2))
      expect(Math.abs(off) / Math.sqrt((spread(one) + spread(other)) / 1500), `number ${at}`).toBeLessThan(4)
      // A variance of 1,500 draws is known within 3.7 %.
      expect(Math.abs(spread(one) / spread(other) - 1), `variance ${at}`).toBeLessThan(4 * Math.sqrt(2) * 0.037)
    }
    // Exposed from 90 s on, 0.3 of 100 a second, and from 180 s on 0.5; of the good ones a fifth goes bad.
    const exposed = 30 * 90 + 50 * 120
    expectMean('exposed', column(alone, 3), exposed)
    expectMean('excess', column(alone, 2), exposed * 0.998 * 0.2)
  })

  it('is drawn by its own stream and the time: how many other pods are looked at changes nothing', () => {
    const counts = [[], [11], [11, 2, 1, 0]].map((others) => {
      const flow = new Flow(apart, new Tape(9))
      serve(flow, 0)
      for (let timeMs = 15 * second; timeMs <= minute; timeMs += 15 * second) {
        for (const pod of others) flow.drawPod(timeMs - 1 - pod, pod < 10 ? 0 : 1, pod)
        flow.drawPod(timeMs, 1, 10)
      }
      return answersOf(flow, 1, 10)
    })
    expect(new Set(counts).size).toBe(1)
  })
})
