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
  /** Answers web metrics; absent where nothing does, and no policy with such metrics gets there. */
  readonly web?: (request: WebRequest) => WebAnswer
  /** Runs a Job; absent where nothing does. */
  readonly runJob?: (job: JobRequest) => JobCourse
  readonly journal: Journal
}

export interface WebRequest {
  readonly method: string
  readonly url: string
}

export interface WebAnswer {
  readonly latencyMs: number
  readonly status: number
  readonly body: string
}

export interface JobRequest {
  readonly image: string
  /** How many pods of it may fail before it does. */
  readonly backoffLimit: number
}

/** What becomes of a Job: when its object tells of the end, and of which. */
export interface JobCourse {
  readonly endsAtMs: number
  readonly isSuccess: boolean
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
