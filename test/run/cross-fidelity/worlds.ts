// Random traffic, users, versions, clients and clusters, as scenarios write them.
import type { Dice } from './dice.js'

export interface People {
  readonly routes: readonly string[]
  readonly segments: Readonly<Record<string, readonly string[]>>
}

/** Headers by which routers know them. */
export const paidHeaders = { 'x-plan': 'paid' }

export const durationS = (dice: Dice) => 60 * dice.whole(8, 13)

export function trafficOf(dice: Dice, isRouted: boolean, seconds: number) {
  const people = peopleOf(dice)
  const shapes = {
    ...dice.maybe(0.15, () => ({
      week: { low: dice.percent(20, 90), peak: dice.among(['00:00', '06:00', '20:00']) },
    })),
    ...dice.maybe(0.2, () => ({ crowds: [crowdOf(dice)] })),
    ...dice.maybe(0.15, () => ({ bursts: { factor: dice.whole(2, 4), every: dice.seconds(120, 400), for: '30s' } })),
    ...dice.maybe(0.15, () => ({ noise: { deviation: dice.percent(5, 25), every: dice.seconds(60, 300) } })),
  }
  const rate = dice.chance(0.15) ? { replay: { file: 'counts.csv', format: 'csv' } } : { rate: rateOf(dice) }
  const traffic = {
    ...rate,
    ...shapes,
    // A log has its hours and days already.
    ...('replay' in rate ? { week: undefined } : {}),
    users: usersOf(dice),
    ...(people.written.segments ? { segments: people.written.segments } : {}),
    ...(people.written.routes ? { routes: people.written.routes } : {}),
    ...(isRouted ? { sticky: dice.among([false, 'hash', 'resalted']) } : {}),
  }
  const log = 'replay' in rate ? logOf(dice, seconds) : undefined
  return { traffic, people: people.known, log }
}

function rateOf(dice: Dice) {
  if (dice.chance(0.6)) return `${dice.whole(25, 80)}/s`
  return [
    { at: '0s', rate: `${dice.whole(20, 60)}/s` },
    {
      at: dice.seconds(100, 250),
      rate: `${dice.whole(20, 90)}/s`,
      ...dice.maybe(0.7, () => ({ ramp: dice.seconds(30, 90) })),
    },
    { at: dice.seconds(360, 420), rate: `${dice.whole(10, 70)}/s`, ramp: dice.seconds(1, 100) },
  ]
}

function crowdOf(dice: Dice) {
  return {
    at: dice.seconds(120, 400),
    factor: dice.whole(2, 4),
    rise: dice.seconds(10, 60),
    ...dice.maybe(0.5, () => ({ hold: dice.seconds(10, 60) })),
    fall: dice.seconds(30, 200),
  }
}

/** Requests of ten seconds a line. */
function logOf(dice: Dice, seconds: number): string {
  const lines = Array.from({ length: Math.ceil(seconds / 10) }, (_, at) => {
    const time = new Date(Date.UTC(2026, 2, 2, 11, 30, 10 * at)).toISOString()
    return `${time},${dice.whole(100, 700)}`
  })
  return `${lines.join('\n')}\n`
}

function usersOf(dice: Dice) {
  const count = dice.among([300, 2000, 8000, 20_000])
  switch (dice.whole(0, 4)) {
    case 0:
      return { count, activity: { shape: dice.among([0.2, 1, 3]) } }
    case 1:
      return { count, activity: { p50: 1, p99: dice.among([3, 30]) } }
    case 2:
      return {
        count,
        activity: [
          { share: '75%', activity: 1 },
          { share: '25%', activity: dice.among([3, 20]) },
        ],
      }
    default:
      return count
  }
}

function peopleOf(dice: Dice) {
  const isRouteKnown = dice.chance(0.3)
  const routes = dice.chance(0.4)
    ? { checkout: { share: '20%', ...(isRouteKnown ? { headers: paidHeaders } : {}) }, browse: '80%' }
    : undefined
  const plan = {
    free: { share: '80%' },
    paid: {
      share: '20%',
      activity: dice.among([1, 5]),
      ...(dice.chance(0.5) && !(routes && isRouteKnown) ? { headers: paidHeaders } : {}),
      ...(routes ? dice.maybe(0.4, () => ({ routes: { checkout: '60%', browse: '40%' } })) : {}),
    },
  }
  const segments = dice.chance(0.4)
    ? { plan, ...dice.maybe(0.4, () => ({ region: { eu: '60%', us: '40%' } })) }
    : undefined
  const known: People = {
    routes: routes ? Object.keys(routes) : [],
    segments: Object.fromEntries(Object.entries(segments ?? {}).map(([name, values]) => [name, Object.keys(values)])),
  }
  return { written: { routes, segments }, known }
}

export function serviceOf(dice: Dice, people: People, canBeCold: boolean) {
  const stable = {
    errors: dice.percent(0, 2),
    latency: latencyOf(dice),
    start: dice.chance(0.5) ? dice.seconds(2, 20) : { p50: '8s', p99: dice.seconds(12, 40) },
    ...dice.maybe(0.15, () => ({ capacity: `${dice.whole(8, 40)}/s` })),
    ...dice.maybe(0.15, () => ({ shutdown: dice.seconds(1, 20) })),
    ...partsOf(dice, people),
  }
  const canary = {
    ...dice.maybe(0.3, () => ({ errors: dice.percent(0, 6) })),
    ...dice.maybe(0.3, () => ({ latency: latencyOf(dice) })),
    ...dice.maybe(0.2, () => ({ start: dice.seconds(5, 30) })),
    ...dice.maybe(0.1, () => ({ capacity: `${dice.whole(5, 30)}/s` })),
    ...dice.maybe(canBeCold ? 0.2 : 0, () => ({
      cold: { for: dice.seconds(30, 120), latency: 'x3', errors: dice.percent(1, 5) },
    })),
    ...partsOf(dice, people),
  }
  return { stable, canary }
}

export function latencyOf(dice: Dice) {
  const ms = dice.whole(20, 200)
  switch (dice.whole(0, 4)) {
    case 0:
      return `${ms}ms`
    case 1:
      return { mean: `${ms}ms` }
    case 2:
      return { quantiles: { p50: `${ms}ms`, p90: `${2 * ms}ms`, p99: `${dice.whole(5, 12) * ms}ms` } }
    case 3:
      return { histogram: { [`${ms}ms`]: '20%', [`${5 * ms}ms`]: '72%', [`${20 * ms}ms`]: '8%' } }
    default:
      return { p50: `${ms}ms`, p99: `${dice.whole(3, 10) * ms}ms` }
  }
}

function partsOf(dice: Dice, people: People) {
  const part = whoseOf(dice, people)
  if (part === undefined || dice.chance(0.6)) return {}
  return { parts: [{ ...part, errors: dice.percent(0, 8), ...dice.maybe(0.5, () => ({ latency: latencyOf(dice) })) }] }
}

/** A route or a segment; undefined where nobody is told apart. */
export function whoseOf(dice: Dice, { routes, segments }: People) {
  const names = Object.keys(segments)
  const hasRoutes = routes.length > 0
  if (!hasRoutes && names.length === 0) return undefined
  const bySegment = names.length > 0 && (!hasRoutes || dice.chance(0.5))
  const byRoute = hasRoutes && (!bySegment || dice.chance(0.3))
  const name = dice.among(names)
  return {
    ...(byRoute ? { route: dice.among(routes) } : {}),
    ...(bySegment ? { segment: { [name]: dice.among(segments[name]!) } } : {}),
  }
}

export function clusterOf(dice: Dice) {
  return {
    ...dice.maybe(0.5, () => ({
      nodes: [
        { name: 'n1', zone: 'a' },
        { name: 'n2', zone: 'b' },
      ],
    })),
    ...dice.maybe(0.5, () => ({ schedule: dice.seconds(1, 4), pull: { p50: '3s', p99: '12s' } })),
    endpoints: { add: dice.seconds(0, 4), remove: dice.among(['0s', '2s', '6s']) },
  }
}
