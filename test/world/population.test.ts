import { describe, expect, it } from 'vitest'
import { type Activity, EQUAL_ACTIVITY, type SegmentValue } from '../../src/scenario/users.js'
import { activityClasses } from '../../src/world/activity.js'
import { populationOf } from '../../src/world/population.js'
import { isSelected } from '../../src/world/strand.js'

const value = (name: string, share: number, more: Partial<SegmentValue> = {}): SegmentValue => ({
  name,
  share,
  activity: 1,
  headers: {},
  ...more,
})

const region = { name: 'region', values: [value('eu', 0.6), value('us', 0.4)] }
const plan = {
  name: 'plan',
  values: [value('free', 0.9), value('paid', 0.1, { activity: 5, headers: { 'x-plan': 'paid' } })],
}
const route = (name: string, share: number, headers = {}) => ({ name, share, headers })

function people(
  count: number,
  more: Partial<Parameters<typeof populationOf>[0]> = {},
  activity: Activity = EQUAL_ACTIVITY,
) {
  return populationOf({ users: { count, activity }, segments: [], routes: [], ...more })
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe('A population', () => {
  it('is one segment and one strand where nothing tells users and requests apart', () => {
    expect(people(500)).toEqual({
      users: 500,
      segments: [{ labels: {}, users: 500, groups: [{ users: 500, share: 1 }] }],
      strands: [{ route: undefined, segment: 0, labels: {}, headers: {}, share: 1 }],
    })
  })

  it('has a segment for every combination, and its requests by users and activity', () => {
    const { segments, strands } = people(1000, { segments: [region, plan] })
    expect(segments.map(({ labels, users }) => [...Object.values(labels), users])).toEqual([
      ['eu', 'free', 540],
      ['eu', 'paid', 60],
      ['us', 'free', 360],
      ['us', 'paid', 40],
    ])
    // 900 free users with one request, 100 paid ones with five.
    expect(strands.map(({ share }) => share)).toEqual([540 / 1400, 300 / 1400, 360 / 1400, 200 / 1400])
    expect(strands.map(({ headers }) => headers['x-plan'])).toEqual([undefined, 'paid', undefined, 'paid'])
  })

  it('has a strand for every route in every segment, with the headers of both', () => {
    const routes = [route('checkout', 0.1, { 'x-cart': 'full' }), route('browse', 0.9)]
    const { strands } = people(1000, { segments: [plan], routes })
    expect(strands.map((strand) => [strand.route, strand.segment, strand.headers])).toEqual([
      ['checkout', 0, { 'x-cart': 'full' }],
      ['browse', 0, {}],
      ['checkout', 1, { 'x-plan': 'paid', 'x-cart': 'full' }],
      ['browse', 1, { 'x-plan': 'paid' }],
    ])
    expect(sum(strands.map(({ share }) => share))).toBeCloseTo(1, 14)
    expect(strands[0]!.share).toBeCloseTo((0.1 * 900) / 1400, 14)
  })

  it('lets the users of a segment take other routes, with the headers that these have', () => {
    const routes = [route('checkout', 0.1, { 'x-cart': 'full' }), route('browse', 0.9)]
    const paid = value('paid', 0.5, { routes: [{ name: 'checkout', share: 1 }] })
    const { strands } = people(10, { segments: [{ name: 'plan', values: [value('free', 0.5), paid] }], routes })
    expect(strands.map((strand) => [...Object.values(strand.labels), strand.route, strand.share])).toEqual([
      ['free', 'checkout', 0.05],
      ['free', 'browse', 0.45],
      ['paid', 'checkout', 0.5],
    ])
    expect(strands[2]!.headers).toEqual({ 'x-cart': 'full' })
  })

  it.each([1, 2, 7, 99, 1001, 12_345])(
    'of %s has whole users who add up, however many segments and classes',
    (count) => {
      const activities: readonly Activity[] = [
        EQUAL_ACTIVITY,
        { kind: 'gamma', shape: 0.3 },
        { kind: 'log-normal', p50: 1, p99: 50 },
        {
          kind: 'classes',
          classes: [
            { share: 0.9, activity: 1 },
            { share: 0.1, activity: 30 },
          ],
        },
      ]
      for (const activity of activities) {
        const { segments, strands } = people(count, { segments: [region, plan] }, activity)
        const users = segments.flatMap(({ groups }) => groups.map((group) => group.users))
        expect(sum(users)).toBe(count)
        expect(users.every((each) => Number.isInteger(each) && each > 0)).toBe(true)
        for (const segment of segments) {
          expect(sum(segment.groups.map((group) => group.users))).toBe(segment.users)
          expect(sum(segment.groups.map(({ share }) => share))).toBeCloseTo(1, 12)
        }
        expect(sum(strands.map(({ share }) => share))).toBeCloseTo(1, 12)
      }
    },
  )

  it('takes a few of every activity where there are fewer users than classes', () => {
    const all = people(100_000, {}, { kind: 'gamma', shape: 0.5 }).segments[0]!.groups
    const few = people(10, {}, { kind: 'gamma', shape: 0.5 }).segments[0]!.groups
    expect(few).toHaveLength(10)
    // The least active of ten is not the least active of all, nor the most active the most.
    const activity = ({ users, share }: { users: number; share: number }) => share / users
    expect(activity(few[0]!) * 10).toBeGreaterThan(activity(all[0]!) * 100_000)
    expect(activity(few[9]!) * 10).toBeLessThan(activity(all.at(-1)!) * 100_000)
  })

  it('refuses users who are none', () => {
    for (const count of [0, 1.5, -1, Number.NaN]) expect(() => people(count)).toThrow(RangeError)
  })
})

describe('Strands are selected', () => {
  const { strands } = people(100, { segments: [region, plan], routes: [route('checkout', 0.1), route('browse', 0.9)] })
  const selected = (selector: Parameters<typeof isSelected>[1]) =>
    strands.filter((strand) => isSelected(strand, selector))

  it('by route, by segment, by both, or all of them', () => {
    expect(selected({})).toHaveLength(8)
    expect(selected({ route: 'checkout' })).toHaveLength(4)
    expect(selected({ segment: { plan: 'paid' } })).toHaveLength(4)
    expect(selected({ route: 'browse', segment: { plan: 'paid', region: 'us' } })).toHaveLength(1)
    expect(selected({ segment: { plan: 'gold' } })).toEqual([])
  })
})

describe('Classes of activity', () => {
  const spreads: readonly Activity[] = [
    { kind: 'gamma', shape: 0.05 },
    { kind: 'gamma', shape: 0.5 },
    { kind: 'gamma', shape: 20 },
    { kind: 'log-normal', p50: 1, p99: 1 },
    { kind: 'log-normal', p50: 3, p99: 60 },
  ]

  it.each(spreads)('keep all users and the mean of %j, and go up', (activity) => {
    const classes = activityClasses(activity)
    expect(sum(classes.map(({ share }) => share))).toBeCloseTo(1, 12)
    expect(sum(classes.map(({ share, activity }) => share * activity))).toBeCloseTo(1, 10)
    for (const [index, { activity }] of classes.entries()) {
      expect(activity).toBeGreaterThanOrEqual((classes[index - 1]?.activity ?? 0) - 1e-9)
    }
  })

  it('harm nearly as many as the gamma law itself: 1 - (1 + m/k)^-k', () => {
    for (const shape of [0.3, 0.5, 1, 4, 50]) {
      const classes = activityClasses({ kind: 'gamma', shape })
      for (const mean of [0.01, 0.1, 1, 10]) {
        const harmed = sum(classes.map(({ share, activity }) => share * -Math.expm1(-mean * activity)))
        expect(Math.abs(harmed / (1 - (1 + mean / shape) ** -shape) - 1)).toBeLessThan(0.003)
      }
    }
  })
})
