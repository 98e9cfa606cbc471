// The programs that users have: how long they wait, and what they do when an answer is none.
import { z } from 'zod'
import { limits } from './limits.js'
import { aDuration, quantity } from './quantity.js'
import { percentage } from './units.js'

export interface ScenarioClients {
  /** For the answer to one attempt; without one, however long it takes. */
  readonly timeoutMs?: number
  readonly retries?: ScenarioRetries
  readonly connections?: ScenarioConnections
}

export interface ScenarioRetries {
  /** How often a request is sent again at most. */
  readonly attempts: number
  readonly backoffMs: number
  /** By which each pause is longer than the one before. */
  readonly factor: number
  /** A pause is anywhere from 1 - jitter to 1 + jitter times its length. */
  readonly jitterRatio: number
  /** Of all attempts under way, so many may be retries; without one, any number. */
  readonly budgetRatio?: number
  readonly statuses: readonly number[]
}

export interface ScenarioConnections {
  readonly count: number
  /** Without one, for as long as the pod is there. */
  readonly lifetimeMs?: number
}

const retries = z
  .strictObject({
    attempts: z.int().min(1).max(limits.retries).describe('How often a request is sent again at most.'),
    backoff: aDuration('The pause before it is sent again the first time (default 25ms, as Envoy).').optional(),
    factor: z
      .number()
      .min(1)
      .max(limits.retryFactor)
      .describe('By which each pause is longer than the one before (default 2).')
      .optional(),
    jitter: quantity(percentage, {
      doc: 'A pause is by so much longer or shorter, by chance (default 20%, as gRPC).',
    }).optional(),
    budget: quantity(percentage, {
      doc: "Envoy's retry budget: of all attempts under way so many may be retries, and three at any time (default: no limit).",
      positive: true,
    }).optional(),
    on: z
      .array(z.int().min(400).max(599).describe('A response code.'))
      .min(1)
      .max(limits.scenarioListItems)
      .describe('After which answers (default 502, 503 and 504).')
      .optional(),
  })
  .describe('Whether a request is sent again when its answer is an error (default: never).')

const connections = z
  .strictObject({
    count: z.int().min(1).max(limits.connections).describe('How many the clients keep open.'),
    lifetime: aDuration('How long one is used (default: as long as its pod is there).', { positive: true }).optional(),
  })
  .describe(
    'Connections that are used again and again, each with the pod that it was opened to: few of them skew the split that a Service makes by pods (default: every request chooses anew).',
  )

export const clients = z
  .strictObject({
    timeout: aDuration(
      'How long they wait for an answer; then they count a 504 (default: for ever, or 15s, as Envoy does, where something hangs).',
      { positive: true },
    ).optional(),
    retries: retries.optional(),
    connections: connections.optional(),
  })
  .describe('What sends the requests: a browser, an application, a proxy.')

export function clientsFrom({ timeout, retries, connections }: z.output<typeof clients> = {}): ScenarioClients {
  return {
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(retries === undefined ? {} : { retries: retriesFrom(retries) }),
    ...(connections === undefined ? {} : { connections: connectionsFrom(connections) }),
  }
}

function retriesFrom({ attempts, backoff, factor, jitter, budget, on }: z.output<typeof retries>): ScenarioRetries {
  return {
    attempts,
    backoffMs: backoff ?? 25,
    factor: factor ?? 2,
    jitterRatio: jitter ?? 0.2,
    ...(budget === undefined ? {} : { budgetRatio: budget }),
    statuses: on ?? [502, 503, 504],
  }
}

function connectionsFrom({ count, lifetime }: z.output<typeof connections>): ScenarioConnections {
  return { count, ...(lifetime === undefined ? {} : { lifetimeMs: lifetime }) }
}
