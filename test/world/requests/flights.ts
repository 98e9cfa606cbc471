// Flights that every fidelity flies, and how nearly they agree: the same numbers on average, within four standard errors.
import { Tape } from '../../../src/kernel/random.js'
import type { Answers } from '../../../src/world/answers.js'
import { Arrivals } from '../../../src/world/arrivals.js'
import type { AudiencePlan } from '../../../src/world/audience.js'
import { Behaviour } from '../../../src/world/behaviour.js'
import type { FlowPlan } from '../../../src/world/flow.js'
import type { Harm } from '../../../src/world/harm.js'
import { type Answering, alike } from '../../../src/world/lanes.js'
import { populationOf } from '../../../src/world/population.js'
import { Traffic } from '../../../src/world/traffic.js'
import { canaryWith, errors, faultOf, healthy, minute, planOf } from '../flights.js'
import { audienceOf } from '../people.js'

export const end = 10 * minute

/** A flight as every fidelity fly it: what is done to the world, and when. */
export interface Flight {
  readonly plan: FlowPlan
  readonly fly: (answers: Answers) => void
}

/** What is compared of a flight: its harm in numbers, and answers by version, code and latency class. */
function numbersOf(answers: Answers, harm: Harm): Map<string, number> {
  const { cells } = answers
  const numbers = new Map<string, number>()
  for (const [name, value] of Object.entries(harm)) if (typeof value === 'number') numbers.set(name, value)
  for (let version = 0; version < 2; version++) {
    for (const cell of cells.cellsOf(version)) {
      for (let code = 0; code < cells.codes; code++) {
        for (let latencyClass = 0; latencyClass < cells.classes; latencyClass++) {
          const name = `version ${version}, code ${code}, class ${latencyClass}`
          const count = cells.counts[cells.index(cell, code, latencyClass)]!
          numbers.set(name, (numbers.get(name) ?? 0) + count)
        }
        const sum = `version ${version}, code ${code}, milliseconds`
        numbers.set(sum, (numbers.get(sum) ?? 0) + cells.sumsMs[cell * cells.codes + code]!)
      }
    }
  }
  return numbers
}

export function collect(answers: Answers, { fly }: Flight, seeds: number): Map<string, number[]> {
  const all = new Map<string, number[]>()
  for (let seed = 0; seed < seeds; seed++) {
    answers.reset(new Tape(seed))
    fly(answers)
    for (const [name, number] of numbersOf(answers, answers.finish(end))) {
      all.set(name, [...(all.get(name) ?? []), number])
    }
  }
  return all
}

/** What of two collections differs by more than chance; some of it may be a matter of steps, too. */
export function differences(expected: Map<string, number[]>, found: Map<string, number[]>, steps = 1e-4): string[] {
  const off: string[] = []
  for (const [name, one] of expected) {
    const two = found.get(name) ?? []
    const mean = { expected: meanOf(one), found: meanOf(two) }
    const error = Math.sqrt((varianceOf(one) + varianceOf(two)) / one.length)
    // Where nothing varies, both are the same but for rounding and the steps of what moves.
    const tolerance = 4 * error + steps * Math.abs(mean.expected)
    if (!(Math.abs(mean.expected - mean.found) <= tolerance)) off.push(`${name}: ${JSON.stringify(mean)} ± ${error}`)
  }
  return off
}

/** Another behaviour for each strand and condition; pods in condition 2 answer none. */
const inLanes: Answering = {
  versions: 2,
  strands: [
    { share: 0.3, segment: 0 },
    { share: 0.7, segment: 0 },
  ],
  codes: [200, 500, 503],
  behaviour: (version, strand, condition) => lanes[version * 4 + strand * 2 + (condition % 2)]!,
  refuses: (condition) => condition === 2,
}

/** Users of two kinds of activity, on two routes. */
const twoRoutes: AudiencePlan = {
  ...populationOf({
    users: {
      count: 1000,
      activity: {
        kind: 'classes',
        classes: [
          { share: 0.9, activity: 1 },
          { share: 0.1, activity: 20 },
        ],
      },
    },
    segments: [],
    routes: [
      { name: 'checkout', share: 0.3, headers: {} },
      { name: 'browse', share: 0.7, headers: {} },
    ],
  }),
  stickiness: 'resalted',
}

const lanes = [0, 0, 0.01, 0.02, 0.1, 0.3, 0.05, 0.2].map(
  (ratio) => new Behaviour({ ...healthy, errorRatio: ratio }, []),
)

/** Nobody waits for longer than 300 ms, and the canary slows down. */
const clients = { codes: [200, 500, 503, 504], timeoutMs: 300 }
const slower = faultOf({ kind: 'latency', change: { kind: 'add', ms: 150 } }, { rampMs: 4 * minute })
const impatient: Answering = {
  ...alike([new Behaviour(healthy, [], clients), new Behaviour(healthy, [slower], clients)]),
  ...clients,
}

export const flights: Readonly<Record<string, Flight>> = {
  'a bad canary in steps': {
    plan: planOf({ behaviours: canaryWith(errors(0.3)), horizonMs: end }),
    fly: (answers) => {
      answers.split(minute, [0.95, 0.05], [5, 1])
      answers.split(4 * minute, [0.6, 0.4], [4, 2])
      answers.split(8 * minute, [1, 0], [5, 0])
    },
  },
  'sticky users, whose weight goes up and down': {
    plan: planOf({ behaviours: canaryWith(errors(0.02)), audience: audienceOf(500, 'hash') }),
    fly: (answers) => {
      for (const [minutes, weight] of [0.02, 0.3, 0.1, 0.8, 0].entries()) {
        answers.split(minutes * 2 * minute, [1 - weight, weight], [5, 1])
      }
    },
  },
  'an error ratio that ramps under traffic that ramps': {
    plan: planOf({
      traffic: new Traffic([
        { atMs: 0, requestsPerSecond: 20 },
        { atMs: 3 * minute, requestsPerSecond: 20 },
        { atMs: 9 * minute, requestsPerSecond: 200 },
      ]),
      behaviours: canaryWith(errors(0.5, { onsetMs: 2 * minute, rampMs: 6 * minute })),
    }),
    fly: (answers) => {
      answers.split(minute, [0.5, 0.5], [5, 5])
      answers.draw(5 * minute)
    },
  },
  'too few pods under a rate that rises and falls': {
    plan: planOf({
      traffic: new Traffic([
        { atMs: 0, requestsPerSecond: 0 },
        { atMs: 5 * minute, requestsPerSecond: 150 },
        { atMs: 8 * minute, requestsPerSecond: 150 },
        { atMs: 9 * minute, requestsPerSecond: 0 },
      ]),
      behaviours: [0, 1].map(() => new Behaviour({ ...healthy, capacityPerPod: 20 }, [])),
      stablePods: 6,
    }),
    fly: (answers) => {
      answers.split(2 * minute, [0.7, 0.3], [4, 1])
      answers.resize(7 * minute, 8)
    },
  },
  'latency that grows, against an objective': {
    plan: planOf({
      behaviours: canaryWith(faultOf({ kind: 'latency', change: { kind: 'add', ms: 300 } }, { rampMs: 5 * minute })),
      latencyBoundsMs: [50, 100, 250, 500, 1000],
      objective: { ratio: 0.99, windowMs: 1e9, latencyMs: 250 },
    }),
    fly: (answers) => {
      answers.split(0, [0.8, 0.2], [5, 1])
      for (let at = 1; at < 9; at++) answers.draw(at * minute)
    },
  },
  'pods told apart, some without an answer': {
    plan: planOf({ behaviours: canaryWith(errors(0.1)), latencyBoundsMs: [100], looksApart: true }),
    fly: (answers) => {
      answers.split(0, [1, 0], [3, 0], [[1, 2, 3], []])
      answers.split(
        minute,
        [0.5, 0.5],
        [3, 2],
        [
          [1, 2, 3],
          [4, 5],
        ],
      )
      answers.drawPod(2 * minute, 1, 4)
      answers.split(3 * minute, [0.5, 0.5], [2, 0], [[1, 2], []])
      answers.split(4 * minute, [0.9, 0.1], [2, 1], [[1, 2], [6]])
    },
  },
  'clients that give up on slow answers': {
    plan: { ...planOf({ latencyBoundsMs: [100, 250, 1000] }), answering: impatient },
    fly: (answers) => {
      answers.split(minute, [0.6, 0.4], [5, 2])
      for (let at = 1; at < 100; at++) answers.draw(minute + at * 5000)
    },
  },
  'a log, replayed to the request': {
    plan: planOf({
      traffic: Traffic.of(new Arrivals(30_000, [700, 0, 3, 1500, 20, ...Array.from({ length: 400 }, () => 40)])),
      behaviours: canaryWith(errors(0.2)),
    }),
    fly: (answers) => {
      answers.split(31_000, [0.5, 0.5], [5, 2])
      answers.draw(2 * minute)
      answers.split(3 * minute, [0.9, 0.1], [5, 2])
    },
  },
  'two strands, and a condition of some pods': {
    plan: { ...planOf(), answering: inLanes, audience: twoRoutes },
    fly: (answers) => {
      const groups = [
        [
          { condition: 0, podNumbers: [1, 2, 3] },
          { condition: 2, podNumbers: [4] },
        ],
        [
          { condition: 0, podNumbers: [5] },
          { condition: 1, podNumbers: [6, 7] },
        ],
      ]
      answers.split(
        minute,
        [0.5, 0.5, 0.9, 0.1],
        [4, 3],
        [
          [1, 2, 3, 4],
          [5, 6, 7],
        ],
        groups,
      )
      answers.turn(6 * minute, () => {})
      answers.split(8 * minute, [1, 0, 1, 0], [4, 0], [[1, 2, 3, 4], []])
    },
  },
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function varianceOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers)
  return numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / (numbers.length - 1)
}
