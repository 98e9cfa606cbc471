// Users exposed and harmed, by how a router treats them and how active they are, against closed forms.
import { describe, expect, it } from 'vitest'
import { poisson } from '../../src/kernel/poisson.js'
import { type Stream, Tape } from '../../src/kernel/random.js'
import type { Activity, Stickiness } from '../../src/scenario/users.js'
import { activityClasses } from '../../src/world/activity.js'
import { Audience, type AudiencePlan } from '../../src/world/audience.js'
import { Crowd } from '../../src/world/crowd.js'
import { populationOf } from '../../src/world/population.js'
import type { Reached } from '../../src/world/reached.js'
import { expectMean } from './flights.js'

const seeds = Array.from({ length: 1500 }, (_, seed) => seed)
const EQUAL: Activity = { kind: 'classes', classes: [{ share: 1, activity: 1 }] }

function planOf(users: number, stickiness: Stickiness, activity = EQUAL): AudiencePlan {
  return { ...populationOf({ users: { count: users, activity }, segments: [], routes: [] }), stickiness }
}

/** Steps at which the canary gets so many requests on average, of which a part is in excess. */
interface Step {
  readonly weight: number
  readonly requests: number
}

const failing = 0.05

function reached(plan: AudiencePlan, steps: readonly Step[], seed: number): Reached {
  const tape = new Tape(seed)
  const requests = tape.stream('requests')
  const audience = new Audience(plan)
  for (const { weight, requests: mean } of steps) {
    audience.reach(
      audience.at(weight),
      true,
      poisson(requests, mean * failing),
      poisson(requests, mean * (1 - failing)),
    )
  }
  return audience.count(tape.stream('users'))
}

/** The same, request by request. */
function played(plan: AudiencePlan, steps: readonly Step[], seed: number): Reached {
  const tape = new Tape(`played ${seed}`)
  const stream: Stream = tape.stream('requests')
  const crowd = new Crowd(plan, tape)
  const exposed = new Set<number>()
  const harmed = new Set<number>()
  for (const { weight, requests } of steps) {
    crowd.route(0, weight)
    const excess = poisson(stream, requests * failing)
    const spared = poisson(stream, requests * (1 - failing))
    for (let request = 0; request < excess + spared; request++) {
      const user = crowd.draw(stream, 0, true)
      exposed.add(user)
      if (request < excess) harmed.add(user)
    }
  }
  return { exposed: exposed.size, harmed: harmed.size }
}

const steps: readonly Step[] = [
  { weight: 0.05, requests: 300 },
  { weight: 0.2, requests: 1200 },
  { weight: 0.5, requests: 1500 },
]
const total = 3000
const users = 2000

const of = (key: keyof Reached, all: readonly Reached[]) => all.map((one) => one[key])

describe('Of users who are equally active', () => {
  it('each request finds another without stickiness: 1 - exp(-m)', () => {
    const all = seeds.map((seed) => reached(planOf(users, 'request'), steps, seed))
    expectMean('exposed', of('exposed', all), users * -Math.expm1(-total / users))
    expectMean('harmed', of('harmed', all), users * -Math.expm1((-total * failing) / users))
  })

  it('those below the largest weight are all there are with a hash', () => {
    const all = seeds.map((seed) => reached(planOf(users, 'hash'), steps, seed))
    const slices = [
      [0.05, 300 / 0.05 + 1200 / 0.2 + 1500 / 0.5],
      [0.15, 1200 / 0.2 + 1500 / 0.5],
      [0.3, 1500 / 0.5],
    ] as const
    const hit = (part: number) =>
      slices.reduce((sum, [share, perUser]) => sum + users * share * -Math.expm1((-part * perUser) / users), 0)
    expectMean('exposed', of('exposed', all), hit(1))
    expectMean('harmed', of('harmed', all), hit(failing))
  })

  it('every weight finds others when it hashes anew: 1 - prod(1 - w (1 - exp(-m/w)))', () => {
    const all = seeds.map((seed) => reached(planOf(users, 'resalted'), steps, seed))
    const spared = (part: number) =>
      steps.reduce((product, { weight, requests }) => {
        return product * (1 - weight * -Math.expm1((-part * requests) / (users * weight)))
      }, 1)
    expectMean('exposed', of('exposed', all), users * (1 - spared(1)))
    expectMean('harmed', of('harmed', all), users * (1 - spared(failing)))
  })

  it('with requests without end, a hash reaches its largest weight, and new ones 1 - prod(1 - w)', () => {
    const many = steps.map(({ weight }) => ({ weight, requests: 1_000_000 }))
    const exposed = (stickiness: Stickiness) =>
      of(
        'exposed',
        seeds.slice(0, 400).map((seed) => reached(planOf(users, stickiness), many, seed)),
      )
    expect(new Set(exposed('hash'))).toEqual(new Set([1000]))
    expect(new Set(exposed('request'))).toEqual(new Set([2000]))
    expectMean('exposed', exposed('resalted'), users * (1 - 0.95 * 0.8 * 0.5))
  })
})

describe('Of users who are gamma distributed in their activity', () => {
  const shape = 0.5
  const activity: Activity = { kind: 'gamma', shape }
  const classes = activityClasses(activity)

  it('fewer are reached by as many requests: 1 - (1 + m/k)^-k', () => {
    const plan = planOf(12_800, 'request', activity)
    const all = seeds.map((seed) => reached(plan, steps, seed))
    for (const [key, part] of [
      ['exposed', 1],
      ['harmed', failing],
    ] as const) {
      const mean = (part * total) / 12_800
      const discrete = classes.reduce((sum, one) => sum + one.share * -Math.expm1(-mean * one.activity), 0)
      expectMean(key, of(key, all), 12_800 * discrete)
      expect(Math.abs(discrete / (1 - (1 + mean / shape) ** -shape) - 1)).toBeLessThan(0.003)
    }
  })

  it('every weight has its part of each activity, with a hash', () => {
    const step = { weight: 0.25, requests: 3000 }
    const plan = planOf(12_800, 'hash', activity)
    const all = seeds.map((seed) => reached(plan, [step], seed))
    const mean = 3000 / 12_800 / 0.25
    const discrete = classes.reduce((sum, one) => sum + one.share * -Math.expm1(-mean * one.activity), 0)
    expectMean('exposed', of('exposed', all), 12_800 * 0.25 * discrete)
  })
})

describe('Counted users are those that single requests would have found', () => {
  const lively: Activity = {
    kind: 'classes',
    classes: [
      { share: 0.7, activity: 1 },
      { share: 0.25, activity: 6 },
      { share: 0.05, activity: 40 },
    ],
  }
  const few: readonly Step[] = [
    { weight: 0.1, requests: 30 },
    { weight: 0.4, requests: 60 },
    { weight: 0.1, requests: 20 },
    { weight: 1, requests: 25 },
  ]
  it.each(['request', 'hash', 'resalted'] as const)('%s', (stickiness) => {
    const plan = planOf(90, stickiness, lively)
    const counted = seeds.map((seed) => reached(plan, few, seed))
    const found = seeds.map((seed) => played(plan, few, seed))
    for (const key of ['exposed', 'harmed'] as const) {
      expectMean(
        `${key}, counted less found`,
        counted.map((one, seed) => one[key] - found[seed]![key]),
        0,
      )
      const squares = counted.map((one, seed) => one[key] ** 2 - found[seed]![key] ** 2)
      expectMean(`${key} squared, counted less found`, squares, 0)
    }
  })

  it('and the whole numbers of users of a weight are the same in both', () => {
    const plan = planOf(90, 'hash', lively)
    const crowd = new Crowd(plan, new Tape(1))
    for (const weight of [0.001, 0.1, 0.37, 0.999]) {
      crowd.route(0, weight)
      const below = Array.from({ length: 90 }, (_, user) => crowd.isOfCanary(0, user)).filter((is) => is).length
      const audience = new Audience(plan)
      audience.reach(audience.at(weight), true, 0, 1_000_000)
      expect(audience.count(new Tape(1).stream('users')).exposed).toBe(below)
      expect(Math.abs(below - 90 * weight)).toBeLessThan(1.5)
    }
  })
})

describe('Users of several segments', () => {
  const plan: AudiencePlan = {
    ...populationOf({
      users: { count: 1000, activity: EQUAL },
      segments: [
        {
          name: 'plan',
          values: [
            { name: 'free', share: 0.9, activity: 1, headers: {} },
            { name: 'paid', share: 0.1, activity: 1, headers: {} },
          ],
        },
      ],
      routes: [],
    }),
    stickiness: 'hash',
  }

  it('are reached by the weight that the router has for them: all paid ones by a header, a tenth of the others', () => {
    const audience = new Audience(plan)
    const free = audience.at(0.1, 0)
    const paid = audience.at(1, 1)
    expect(free).not.toBe(paid)
    audience.reach(free, true, 0, 100_000)
    audience.reach(paid, true, 100_000, 0)
    expect(audience.count(new Tape(1).stream('users'))).toEqual({ exposed: 190, harmed: 100 })
  })

  it('are numbered one after the other', () => {
    const crowd = new Crowd(plan, new Tape(1))
    const stream = new Tape(1).stream('draws')
    crowd.route(0, 0.1)
    crowd.route(1, 1)
    const seen = (segment: number, toCanary: boolean) => {
      const all = Array.from({ length: 20_000 }, () => crowd.draw(stream, segment, toCanary))
      return [Math.min(...all), Math.max(...all), new Set(all).size]
    }
    expect(seen(0, true)).toEqual([0, 89, 90])
    expect(seen(0, false)).toEqual([90, 899, 810])
    expect(seen(1, true)).toEqual([900, 999, 100])
  })
})

it('Cookies are nothing that counts can tell', () => {
  expect(() => new Audience(planOf(10, 'cookie'))).toThrow(RangeError)
})

it('A salt lasts as long as its weight', () => {
  const audience = new Audience(planOf(1000, 'resalted'))
  const [first, again] = [audience.at(0.1), audience.at(0.1)]
  expect(again).toBe(first)
  const other = audience.at(0.2)
  expect(other).not.toBe(first)
  expect(audience.at(0.1)).not.toBe(first)
  const nobody = audience.at(0)
  audience.at(0.3)
  expect(audience.at(0)).toBe(nobody)
  audience.reset()
  expect(audience.at(0.7)).toBe(0)
})

describe('Two routes of the same users', () => {
  const routes = ['checkout', 'browse'].map((name) => ({ name, share: 0.5, headers: {} }))
  const people = populationOf({ users: { count: 1000, activity: EQUAL }, segments: [], routes })
  const planWith = (stickiness: Stickiness): AudiencePlan => ({ ...people, stickiness })
  const many = 100_000

  it.each(['hash', 'resalted'] as const)('have the same users below the same weight, %s', (stickiness) => {
    const audience = new Audience(planWith(stickiness))
    const crowd = new Crowd(planWith(stickiness), new Tape(1))
    for (const strand of [0, 1]) {
      audience.reach(audience.at(0.3, strand), true, 0, many)
      crowd.route(strand, 0.3)
    }
    expect(audience.count(new Tape(1).stream('users')).exposed).toBe(300)
    const ofCanary = (strand: number) => Array.from({ length: 1000 }, (_, user) => crowd.isOfCanary(strand, user))
    expect(ofCanary(0)).toEqual(ofCanary(1))
    expect(ofCanary(0).filter((is) => is)).toHaveLength(300)
  })

  it('have those of the larger weight together, with a hash', () => {
    const audience = new Audience(planWith('hash'))
    audience.reach(audience.at(0.3, 0), true, 0, many)
    audience.reach(audience.at(1, 1), true, many, 0)
    expect(audience.count(new Tape(1).stream('users'))).toEqual({ exposed: 1000, harmed: 1000 })
  })
})
