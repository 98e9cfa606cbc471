// How requests touch each other in a flight, as its plan: what the scenario says of clients and of places in pods.
import type { Scenario } from '../scenario/scenario.js'
import type { ConnectionPlan, Coupling, RetryPlan } from '../world/coupling.js'
import { behaviourOf, codesOf } from './service-plan.js'
import type { Stack } from './stacks.js'

/** Undefined where no request touches another. */
export function couplingOf(scenario: Scenario, stacks: readonly Stack[]): Coupling | undefined {
  const { retries, connections } = scenario.clients
  const places = stacks.map(({ version }) => behaviourOf(scenario, version).places)
  if (!retries && !connections && places.every((ofPod) => ofPod === undefined)) return undefined
  return {
    places,
    ...(retries ? { retries: retryPlanOf(retries, codesOf(scenario)) } : {}),
    ...(connections ? { connections: connectionPlanOf(connections) } : {}),
  }
}

type Clients = Scenario['clients']

function retryPlanOf(retries: NonNullable<Clients['retries']>, codes: readonly number[]): RetryPlan {
  const { attempts, backoffMs, factor, jitterRatio, budgetRatio, statuses } = retries
  return {
    attempts,
    backoffMs,
    factor,
    jitter: jitterRatio,
    budget: budgetRatio ?? Number.POSITIVE_INFINITY,
    // What nobody ever answers needs no retry.
    on: statuses.map((status) => codes.indexOf(status)).filter((code) => code >= 0),
  }
}

function connectionPlanOf({ count, lifetimeMs }: NonNullable<Clients['connections']>): ConnectionPlan {
  return { count, lifetimeMs: lifetimeMs ?? Number.POSITIVE_INFINITY }
}
