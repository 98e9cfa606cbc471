// The part of a scenario file about the people behind the requests.
import { z } from 'zod'
import { limits } from './limits.js'
import { quantity } from './quantity.js'
import { ALWAYS } from './schema-checks.js'
import { count, duration, percentage } from './units.js'
import { type Activity, EQUAL_ACTIVITY, type RouteShare, type ScenarioUsers, type SegmentValue } from './users.js'
import { checkActivity, checkShares } from './users-checks.js'

const share = (doc: string) => quantity(percentage, { doc, positive: true })

const relativeActivity = (doc: string) => z.number().positive().max(limits.activity).describe(doc)

const headers = (whose: string) =>
  z
    .record(z.string().min(1), z.string())
    .describe(`Headers of ${whose}: routers that have a rule for them send them its way (default: none).`)

const wholeNumber = [
  z.int().min(1).describe('A whole number.'),
  quantity(count, { doc: 'A whole number with k or M.', positive: true }),
] as const

const activity = z
  .union([
    z
      .array(
        z
          .strictObject({
            share: share('Of the users.'),
            activity: relativeActivity('Requests of each of them, compared with those of the other classes.'),
          })
          .describe('Users who are equally active.'),
      )
      .min(1)
      .max(limits.activityClasses)
      .superRefine(checkShares, ALWAYS)
      .describe('Classes of users.'),
    z
      .strictObject({
        shape: z
          .number()
          .min(limits.leastShape)
          .max(limits.activity)
          .describe(
            'Gamma distributed: the smaller, the more of the requests come from few users (with 1 half of them come from one in 5, with 0.2 from one in 16).',
          )
          .optional(),
        p50: relativeActivity('Log-normal: half of the users make at most so many requests (default 1).').optional(),
        p99: relativeActivity('Log-normal: 99 in 100 make at most so many, compared with `p50`.').optional(),
      })
      .superRefine(checkActivity, ALWAYS)
      .describe('A spread: `shape`, or `p99` and `p50`.'),
  ])
  .describe('How users differ in their number of requests (default: not at all).')

const segmentValue = z.union([
  share('Of the users, who are as active as all others.'),
  z
    .strictObject({
      share: share('Of the users.'),
      activity: relativeActivity(
        'Requests of each of them, compared with those of the other segments (default 1).',
      ).optional(),
      headers: headers('their requests').optional(),
      routes: z
        .record(z.string().min(1), share('Of their requests.'))
        .superRefine(checkShares, ALWAYS)
        .describe('How their requests spread over the routes (default: as those of all others).')
        .optional(),
    })
    .describe('Users who differ in more than their number.'),
])

const route = z.union([
  share('Of the requests.'),
  z
    .strictObject({ share: share('Of the requests.'), headers: headers('its requests').optional() })
    .describe('A route whose requests differ.'),
])

/** Fields of `traffic`. */
export const usersFields = {
  users: z
    .union([
      ...wholeNumber,
      z
        .strictObject({
          count: z.union(wholeNumber).describe('How many there are.'),
          activity: activity.optional(),
        })
        .describe('Users who differ in how active they are.'),
    ])
    .describe('How many different users the requests come from (default 10k), and how active they are.')
    .optional(),
  segments: z
    .record(
      z.string().min(1),
      z.record(z.string().min(1), segmentValue).superRefine(checkShares, ALWAYS).describe('Its values, with shares.'),
    )
    .describe(
      'Ways in which users differ, such as `region: {eu: 60%, us: 40%}`, each independent of the others (default: none).',
    )
    .optional(),
  routes: z
    .record(z.string().min(1), route)
    .superRefine(checkShares, ALWAYS)
    .describe('Kinds of requests, such as `checkout`, with their shares of the requests (default: all are alike).')
    .optional(),
  sticky: z
    .union([
      z.literal([true, false, 'hash', 'resalted', 'cookie']).describe('How users are kept.'),
      z
        .strictObject({ cookie: quantity(duration, { doc: 'How long it lives.', positive: true }) })
        .describe('A cookie that ends.'),
    ])
    .describe(
      'Whether a router keeps a user on one version: by `hash` (or `true`) while the weight allows it, `resalted` until the next weight, by `cookie` from the first answer on; with `false` every request is weighed by itself (default: as the router is told).',
    )
    .optional(),
}

const people = z.strictObject(usersFields)

export function usersFrom({ users, segments, routes, sticky }: z.output<typeof people>): ScenarioUsers {
  const { count, activity } = typeof users === 'object' ? users : { count: users ?? 10_000, activity: undefined }
  const isCookie = typeof sticky === 'object'
  return {
    users: { count, activity: activityFrom(activity) },
    segments: Object.entries(segments ?? {}).map(([name, values]) => ({ name, values: entriesOf(values, valueFrom) })),
    routes: entriesOf(routes ?? {}, routeFrom),
    sticky: isCookie ? 'cookie' : sticky === true ? 'hash' : sticky === false ? 'request' : sticky,
    cookieMs: isCookie ? sticky.cookie : Number.POSITIVE_INFINITY,
  }
}

function activityFrom(activity: UsersActivity): Activity {
  if (activity === undefined) return EQUAL_ACTIVITY
  if (Array.isArray(activity)) return { kind: 'classes', classes: activity }
  const { shape, p50, p99 } = activity
  if (shape !== undefined) return { kind: 'gamma', shape }
  return { kind: 'log-normal', p50: p50 ?? 1, p99: p99! }
}

type UsersActivity = z.output<typeof activity> | undefined

function valueFrom(name: string, value: z.output<typeof segmentValue>): SegmentValue {
  if (typeof value === 'number') return { name, share: value, activity: 1, headers: {} }
  const { share, activity, headers, routes } = value
  const ofRoutes = routes && { routes: entriesOf(routes, (route, share) => ({ name: route, share })) }
  return { name, share, activity: activity ?? 1, headers: lowerCase(headers), ...ofRoutes }
}

function routeFrom(name: string, value: z.output<typeof route>): RouteShare {
  if (typeof value === 'number') return { name, share: value, headers: {} }
  return { name, share: value.share, headers: lowerCase(value.headers) }
}

function entriesOf<Value, Made>(
  values: Readonly<Record<string, Value>>,
  make: (name: string, value: Value) => Made,
): readonly Made[] {
  return Object.entries(values).map(([name, value]) => make(name, value))
}

/** Routers take no notice of the case of a header's name. */
function lowerCase(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
