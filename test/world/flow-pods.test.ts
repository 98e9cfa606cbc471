import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Flow } from '../../src/world/flow.js'
import { canaryWith, errors, expectMean, expectUncorrelated, minute, overSeeds, planOf } from './flights.js'

const plan = planOf({ behaviours: canaryWith(errors(0.2)) })

function answersOf(flow: Flow, version: number, pod: number, code = 0): number {
  const cell = flow.cells.cellOf(version, pod)
  return cell === undefined ? Number.NaN : flow.cells.counts[flow.cells.index(cell, code)]!
}

describe('Pods that are told apart', () => {
  it('get equal parts of what their version gets, independently of each other', () => {
    const flights = overSeeds(1000, plan, (flow) => {
      flow.split(
        0,
        [0.7, 0.3],
        [3, 2],
        [
          [0, 1, 2],
          [0, 1],
        ],
      )
      flow.draw(minute)
      return [0, 1].map((pod) => answersOf(flow, 1, pod))
    })
    const [one, other] = [0, 1].map((pod) => flights.map((flight) => flight[pod]!)) as [number[], number[]]
    expectMean('first pod', one, 0.15 * 6000 * 0.998 * 0.8)
    expectMean('second pod', other, 0.15 * 6000 * 0.998 * 0.8)
    expectUncorrelated('two pods', one, other)
  })

  it('begin with counters at zero, and keep them when they are gone', () => {
    const flow = new Flow(plan, new Tape(1))
    flow.split(
      0,
      [0.5, 0.5],
      [2, 2],
      [
        [0, 1],
        [0, 1],
      ],
    )
    flow.draw(minute)
    flow.split(
      minute,
      [0.5, 0.5],
      [2, 2],
      [
        [0, 1],
        [1, 2],
      ],
    )
    const gone = answersOf(flow, 1, 0)
    expect(answersOf(flow, 1, 2)).toBe(0)
    flow.draw(2 * minute)
    expect(answersOf(flow, 1, 0)).toBe(gone)
    expect(answersOf(flow, 1, 2)).toBeGreaterThan(1000)
    expect(answersOf(flow, 1, 1)).toBeGreaterThan(2000)
  })

  it('get what came while they served, also when they change between two looks', () => {
    const flights = overSeeds(500, plan, (flow) => {
      flow.split(0, [0.5, 0.5], [1, 1], [[0], [0]])
      flow.split(20_000, [0.5, 0.5], [1, 3], [[0], [0, 1, 2]])
      flow.split(50_000, [0.5, 0.5], [1, 2], [[0], [1, 2]])
      flow.draw(minute)
      return [0, 1].map((pod) => answersOf(flow, 1, pod, 1))
    })
    const errorRatio = 0.002 + 0.998 * 0.2
    expectMean(
      'first',
      flights.map(([first]) => first!),
      50 * errorRatio * (20 + 10),
    )
    expectMean(
      'second',
      flights.map(([, second]) => second!),
      50 * errorRatio * (10 + 5),
    )
  })

  it('leave what no pod answers to the version as a whole', () => {
    const flow = new Flow(plan, new Tape(1))
    flow.split(0, [0.5, 0.5], [1, 0], [[0], []])
    const harm = flow.finish(minute)
    expect(flow.cells.counts[flow.cells.index(1, 2)]).toBe(harm.canaryRequests)
    expect(flow.cells.count).toBe(3)
  })

  it('add up to the requests of the flight', () => {
    const flow = new Flow(plan, new Tape(1))
    flow.split(0, [0.5, 0.5], [12, 30], [[...Array(12).keys()], [...Array(30).keys()]])
    const harm = flow.finish(minute)
    expect(flow.cells.total()).toBe(harm.requests)
    expect(flow.cells.count).toBe(44)
  })

  it('draw the same whatever other pods there are', () => {
    const third = (others: number[]) => {
      const flow = new Flow(plan, new Tape(1))
      flow.split(0, [0.5, 0.5], [1, 2], [[0], [others[0]!, 3]])
      flow.draw(minute)
      return answersOf(flow, 1, 3)
    }
    expect(third([0])).toBe(third([17]))
  })
})
