// The people behind the requests: whole users in segments and groups, and the strands their requests come in.
import type { RoutePart, RouteShare, ScenarioUsers } from '../scenario/users.js'
import { activityClasses } from './activity.js'
import type { Labels, Strand } from './strand.js'

export interface Population {
  /** All of them; those of all groups add up to it. */
  readonly users: number
  readonly segments: readonly Segment[]
  /** One, unless the scenario tells requests apart. */
  readonly strands: readonly Strand[]
}

/** The users with one value in each dimension. Whatever their route, a request of theirs falls on them alike. */
export interface Segment {
  /** By dimension; empty where there are none. */
  readonly labels: Labels
  /** At least one. */
  readonly users: number
  readonly groups: readonly Group[]
}

/** Users who are equally active. */
export interface Group {
  /** At least one. */
  readonly users: number
  /** Of the requests of their segment; those of all its groups sum to 1. */
  readonly share: number
}

/**
 * Users are whole: a segment gets those that its share comes to, rounded so that all are somewhere, and within it they
 * are spread over the classes of activity as evenly as whole users can be. Whoever gets no user sends no request.
 */
export function populationOf({ users: { count, activity }, segments: dimensions, routes }: People): Population {
  if (!(Number.isSafeInteger(count) && count > 0)) throw new RangeError(`${count} users`)
  const classes = activityClasses(activity)
  const kinds = combinationsOf(dimensions)
  const users = apportioned(
    count,
    kinds.map(({ share }) => share),
  )
  const peopled = kinds.flatMap((kind, index) => (users[index]! > 0 ? [{ kind, users: users[index]! }] : []))
  const members = peopled.map(({ users }) => spread(users, classes))
  const requests = members.map((groups, index) => {
    const perUser = groups.reduce((sum, { users, activity }) => sum + users * activity, 0)
    return peopled[index]!.kind.activity * perUser
  })
  const total = requests.reduce((sum, mean) => sum + mean, 0)
  return {
    users: count,
    segments: peopled.map(({ kind, users }, index) => {
      return { labels: kind.labels, users, groups: groupsOf(members[index]!) }
    }),
    strands: peopled.flatMap(({ kind }, segment) => {
      return strandsOf(kind, segment, requests[segment]! / total, routes)
    }),
  }
}

type People = Pick<ScenarioUsers, 'users' | 'segments' | 'routes'>

/** One value of each dimension. */
interface Combination {
  readonly labels: Labels
  readonly headers: Labels
  readonly share: number
  readonly activity: number
  readonly routes: readonly RoutePart[] | undefined
}

function combinationsOf(dimensions: People['segments']): readonly Combination[] {
  const all: Combination = { labels: {}, headers: {}, share: 1, activity: 1, routes: undefined }
  return dimensions.reduce<readonly Combination[]>(
    (combinations, { name, values }) =>
      combinations.flatMap((combination) =>
        values.map((value) => ({
          labels: { ...combination.labels, [name]: value.name },
          headers: { ...combination.headers, ...value.headers },
          share: combination.share * value.share,
          activity: combination.activity * value.activity,
          routes: value.routes ?? combination.routes,
        })),
      ),
    [all],
  )
}

/** Whole parts of a count in these proportions, by largest remainder; of equal remainders the first. */
function apportioned(count: number, shares: readonly number[]): readonly number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const exact = shares.map((share) => (count * share) / total)
  const parts = exact.map(Math.floor)
  const left = count - parts.reduce((sum, part) => sum + part, 0)
  const byRemainder = [...exact.keys()].sort((one, other) => {
    return exact[other]! - parts[other]! - (exact[one]! - parts[one]!) || one - other
  })
  for (const index of byRemainder.slice(0, left)) parts[index]!++
  return parts
}

interface Members {
  readonly users: number
  readonly activity: number
}

/** Rounded where the classes before one end: of few users every part of the classes gets some. */
function spread(users: number, classes: readonly { readonly share: number; readonly activity: number }[]): Members[] {
  const total = classes.reduce((sum, { share }) => sum + share, 0)
  let before = 0
  let below = 0
  return classes.flatMap(({ share, activity }, index) => {
    below += share
    const end = index === classes.length - 1 ? users : Math.round((users * below) / total)
    const members = end - before
    before = end
    return members > 0 ? [{ users: members, activity }] : []
  })
}

function groupsOf(members: readonly Members[]): readonly Group[] {
  const total = members.reduce((sum, { users, activity }) => sum + users * activity, 0)
  return members.map(({ users, activity }) => ({ users, share: (users * activity) / total }))
}

function strandsOf(
  { labels, headers, routes: own }: Combination,
  segment: number,
  share: number,
  routes: readonly RouteShare[],
): readonly Strand[] {
  const parts = own ?? routes
  if (parts.length === 0) return [{ route: undefined, segment, labels, headers, share }]
  const total = parts.reduce((sum, part) => sum + part.share, 0)
  return parts.map((part) => ({
    route: part.name,
    segment,
    labels,
    headers: { ...headers, ...routes.find(({ name }) => name === part.name)?.headers },
    share: (share * part.share) / total,
  }))
}
