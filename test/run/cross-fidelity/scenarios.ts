// Random scenarios of everything in which a flow claims to be as good as requests one by one.
import { Dice } from './dice.js'
import { type Kind, policyOf } from './policies.js'
import { faultOf } from './troubles.js'
import { clusterOf, durationS, serviceOf, trafficOf } from './worlds.js'

export interface Written {
  readonly scenario: string
  readonly policy: string
  /** What it replays. */
  readonly log: string | undefined
}

export function scenarioOf(seed: string): Written {
  const dice = new Dice(seed)
  const kind = dice.among<Kind>(['routed', 'routed', 'routed', 'plain', 'plain', 'blue-green'])
  const seconds = durationS(dice)
  const { traffic, people, log } = trafficOf(dice, kind === 'routed', seconds)
  const hasDependency = dice.chance(0.3)
  const cluster = dice.maybe(0.35, () => ({ cluster: clusterOf(dice) }))
  const surroundings = { people, hasDependency, hasNodes: JSON.stringify(cluster).includes('nodes') }
  const faults = Array.from({ length: dice.among([0, 1, 1, 1, 2, 2, 3]) }, () => faultOf(dice, surroundings))
  // What is spoiled changes each 5s, and with it all that pods do which get slower or warmer: right, but a second a flight.
  const isPoisoned = faults.some((fault) => 'poison' in fault)
  const written = {
    teaches: 'Both fidelities see the same.',
    policy: 'policy.yaml',
    release: { at: dice.seconds(60, 120), image: 'shop:2' },
    duration: `${seconds}s`,
    traffic,
    service: serviceOf(dice, people, !isPoisoned),
    ...dice.maybe(0.3, () => ({ clients: { timeout: dice.among(['400ms', '1s', '3s', '10s']) } })),
    ...(hasDependency ? { dependencies: [dependencyOf(dice, people.routes)] } : {}),
    ...cluster,
    faults,
    ...dice.maybe(0.08, () => ({ people: [{ at: dice.seconds(100, 300), do: dice.among(['abort', 'promote']) }] })),
    observability: { ...(kind === 'routed' ? {} : { dialect: 'app' }), scrape: scrapeOf(dice) },
    slo: { objective: '99.9%', window: '30d', latency: dice.among(['150ms', '500ms', '1s']) },
  }
  const canSeeHeaders = JSON.stringify(traffic).includes('x-plan') && kind === 'routed'
  const policy = policyOf(dice, kind, canSeeHeaders, errorRatioOf(written))
  return { scenario: JSON.stringify(written, undefined, 1), policy, log }
}

/** About what a canary comes to. */
function errorRatioOf({ service, faults }: { service: ReturnType<typeof serviceOf>; faults: readonly unknown[] }) {
  const percents = [service.stable.errors, ...faults.map((fault) => (fault as { errors?: string }).errors ?? '0%')]
  return percents.reduce((sum, percent) => sum + Number.parseFloat(percent) / 100, 0)
}

function dependencyOf(dice: Dice, routes: readonly string[]) {
  const ofSome = routes.length > 0 && dice.chance(0.5)
  return { name: 'payments', share: dice.percent(20, 100), ...(ofSome ? { routes: [dice.among(routes)] } : {}) }
}

function scrapeOf(dice: Dice) {
  return {
    interval: dice.among(['5s', '10s', '15s']),
    ...dice.maybe(0.2, () => ({ delay: dice.seconds(1, 40) })),
    ...dice.maybe(0.2, () => ({ jitter: dice.seconds(1, 4) })),
    ...dice.maybe(0.3, () => ({ spread: true })),
    ...dice.maybe(0.1, () => ({ gaps: [{ at: '100s', for: dice.seconds(20, 120) }] })),
    ...dice.maybe(0.1, () => ({ down: [{ of: 'canary', at: '60s', for: dice.seconds(20, 120) }] })),
  }
}
