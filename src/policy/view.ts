// What a policy may see and do: the world through the same keyhole that a real controller has.
import type { Loop } from '../kernel/loop.js'
import type { Cluster } from '../world/cluster/cluster.js'

export interface View {
  /** Time and timers. */
  readonly loop: Loop
  /** ReplicaSets, Services and routes, as the API server shows them. */
  readonly cluster: Cluster
  /** Asks the monitoring system; the answer may take a while. */
  query(text: string): Answer
  readonly journal: Journal
}

/** What a metrics server answers to an instant query, and how long it takes to. */
export type Answer = { readonly latencyMs: number } & (
  | { readonly kind: 'data'; readonly result: QueryResult }
  | { readonly kind: 'error'; readonly message: string }
)

/** The data of an answer, without the labels that no policy reads. */
export type QueryResult =
  | { readonly resultType: 'scalar'; readonly value: number }
  /** One number per series, in the order of the answer. */
  | { readonly resultType: 'vector'; readonly values: readonly number[] }
  | { readonly resultType: 'matrix'; readonly series: readonly (readonly number[])[] }
  | { readonly resultType: 'string'; readonly value: string; readonly unixSeconds: number }

/** Takes down what a controller decides, in the order in which it does. */
export interface Journal {
  /** An object of the policy itself was written: its rollout, one of its analysis runs. */
  wrote(object: object): void
  event(on: string, type: 'Normal' | 'Warning', reason: string, message: string): void
}
