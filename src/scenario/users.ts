// What a scenario says of the people behind the requests: how many, how active, of which segments, and how routed.

export interface ScenarioUsers {
  readonly users: Users
  readonly segments: readonly Dimension[]
  readonly routes: readonly RouteShare[]
  /** Undefined: as the policy's router does. */
  readonly sticky: Stickiness | undefined
  /** How long one lives; infinity where it ends with the session, and the session outlasts the flight. */
  readonly cookieMs: number
}

export interface Users {
  readonly count: number
  /** How the users of one segment differ in their number of requests. */
  readonly activity: Activity
}

export type Activity =
  | { readonly kind: 'classes'; readonly classes: readonly ActivityClass[] }
  /** The mean of a user's requests is gamma distributed, so that their number is negative binomial. */
  | { readonly kind: 'gamma'; readonly shape: number }
  | { readonly kind: 'log-normal'; readonly p50: number; readonly p99: number }

/** So large a part of the users, with so many requests each: only relative to the other classes. */
export interface ActivityClass {
  readonly share: number
  readonly activity: number
}

/** A way in which users differ, such as their region. Dimensions don't depend on each other. */
export interface Dimension {
  readonly name: string
  readonly values: readonly SegmentValue[]
}

export interface SegmentValue {
  readonly name: string
  /** Of the users. */
  readonly share: number
  /** Requests of each of its users, relative to the other values. */
  readonly activity: number
  /** What their requests carry, by lower-case name. */
  readonly headers: Headers
  /** Without any, its users spread over the routes as all others do. */
  readonly routes?: readonly RoutePart[]
}

export interface RoutePart {
  readonly name: string
  readonly share: number
}

export interface RouteShare extends RoutePart {
  readonly headers: Headers
}

type Headers = Readonly<Record<string, string>>

/**
 * How a router that weighs versions treats the requests of one user:
 * `request`: each is weighed by itself;
 * `hash`: users are hashed once, and those whose bucket is below the weight get the canary;
 * `resalted`: every new weight hashes all users anew;
 * `cookie`: the first answer sets a cookie for the version it came from.
 */
export type Stickiness = 'request' | 'hash' | 'resalted' | 'cookie'

export const EQUAL_ACTIVITY: Activity = Object.freeze({
  kind: 'classes',
  classes: Object.freeze([Object.freeze({ share: 1, activity: 1 })]),
})
