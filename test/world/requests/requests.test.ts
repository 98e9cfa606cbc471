import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import type { Answers } from '../../../src/world/answers.js'
import { BrokenLaw } from '../../../src/world/broken-law.js'
import { Flow } from '../../../src/world/flow.js'
import { Requests } from '../../../src/world/requests/requests.js'
import type { RequestSample } from '../../../src/world/requests/sampler.js'
import { minute, planOf } from '../flights.js'

import { collect, differences, end, flights } from './flights.js'

describe('Requests one by one', () => {
  it.each(Object.keys(flights))('agree with the flow: %s', (name) => {
    const flight = flights[name]!
    const flow = collect(new Flow(flight.plan, new Tape(0)), flight, 80)
    const requests = collect(new Requests(flight.plan, new Tape(0)), flight, 80)
    expect(differences(flow, requests), 'seeds 0 to 79').toEqual([])
  })

  it.each(Object.keys(flights))('come out the same under the same seed, and otherwise under another: %s', (name) => {
    const { plan, fly } = flights[name]!
    const flown = (requests: Requests) => {
      fly(requests)
      return JSON.stringify([requests.finish(end), [...requests.cells.counts], [...requests.cells.sumsMs]])
    }
    const requests = new Requests(plan, new Tape(1))
    const first = flown(requests)
    expect(flown(new Requests(plan, new Tape(1)))).toBe(first)
    requests.reset(new Tape(2))
    expect(flown(requests)).not.toBe(first)
    requests.reset(new Tape(1))
    expect(flown(requests)).toBe(first)
  })

  it.each(Object.keys(flights))('come out the same however often somebody looks: %s', (name) => {
    const { plan, fly } = flights[name]!
    const quiet = new Requests(plan, new Tape(1))
    const watched = new Requests(plan, new Tape(1))
    fly(quiet)
    fly(lookingAllTheTime(watched))
    expect(watched.finish(end)).toEqual(quiet.finish(end))
    expect(watched.cells.counts).toEqual(quiet.cells.counts)
    expect(watched.cells.sumsMs).toEqual(quiet.cells.sumsMs)
  })

  it.each(Object.keys(flights))('come out the same when some are shown one by one: %s', (name) => {
    const { plan, fly } = flights[name]!
    const quiet = new Requests(plan, new Tape(1))
    const shown = new Requests(plan, new Tape(1))
    const samples: RequestSample[] = []
    shown.sample({ every: 7, take: (sample) => samples.push(sample) })
    fly(quiet)
    fly(shown)
    const harm = quiet.finish(end)
    expect(shown.finish(end)).toEqual(harm)
    expect(shown.cells.counts).toEqual(quiet.cells.counts)
    expect(samples.length).toBe(Math.ceil(harm.requests / 7))
  })
})

describe('The laws of requests one by one', () => {
  it('do not let time go back', () => {
    const requests = new Requests(planOf(), new Tape(1))
    requests.draw(minute)
    expect(() => requests.draw(minute - 1)).toThrow(BrokenLaw)
  })

  it('do not lose requests that a split sends nowhere', () => {
    const requests = new Requests(planOf(), new Tape(1))
    expect(() => requests.split(minute, [0.5, 0.4], [5, 5])).toThrow(BrokenLaw)
    expect(() => requests.split(minute, [1], [5])).toThrow(BrokenLaw)
  })

  it('notice an answer from where no request is sent, and one that is counted twice', () => {
    const canary = new Requests(planOf(), new Tape(1))
    canary.draw(minute)
    canary.cells.counts[canary.cells.index(1, 0)]! += 1
    expect(() => canary.split(2 * minute, [1, 0], [5, 0])).toThrow('no request goes where none is sent')
    const stable = new Requests(planOf(), new Tape(1))
    stable.draw(minute)
    stable.cells.counts[stable.cells.index(0, 0)]! += 1
    expect(() => stable.finish(end)).toThrow('every answer is counted once')
  })
})

/** The same answers, looked at before everything that is done to them. */
function lookingAllTheTime(answers: Requests): Answers {
  let nowMs = 0
  const lookUntil = (timeMs: number) => {
    for (; nowMs < timeMs; nowMs += 777) answers.draw(nowMs)
  }
  return {
    cells: answers.cells,
    traffic: answers.traffic,
    hasExposed: () => false,
    served: (timeMs, partOf) => answers.served(timeMs, partOf),
    reset: (tape) => answers.reset(tape),
    split: (timeMs, ...split) => {
      lookUntil(timeMs)
      answers.split(timeMs, ...split)
    },
    resize: (timeMs, pods) => {
      lookUntil(timeMs)
      answers.resize(timeMs, pods)
    },
    turn: (timeMs, act) => {
      lookUntil(timeMs)
      answers.turn(timeMs, act)
    },
    draw: lookUntil,
    drawPod: lookUntil,
    finish: (timeMs) => answers.finish(timeMs),
  }
}
