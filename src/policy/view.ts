// What a policy may see and do: the world through the same keyhole that a real controller has.
import type { Loop } from '../kernel/loop.js'
import type { ProviderName } from '../scenario/provider-name.js'
import type { Reading } from '../scenario/signals.js'
import type { ApiClient } from '../world/cluster/api-client.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Program } from '../world/cluster/program.js'

export interface View {
  /** Time and timers. */
  readonly loop: Loop
  /** ReplicaSets, Services and routes, as the API server shows them. */
  readonly cluster: Cluster
  /** Asks the monitoring system; the answer may take a while. */
  query(text: string, range?: QueryRange): Answer
  /** Answers web metrics; absent where nothing does, and no policy with such metrics gets there. */
  readonly web?: (request: WebRequest) => WebAnswer
  /** Runs a Job; absent where nothing does. */
  readonly runJob?: (job: JobRequest, ended: () => void) => JobCourse
  /** Answers for all other monitoring systems; absent where nothing does. */
  readonly read?: (source: MetricSource) => Reading
  /** A plugin that steps may name; undefined where there is none of that name, absent where there are none at all. */
  readonly stepPlugin?: (name: string) => StepPlugin | undefined
  readonly journal: Journal
  /** The program that the controller is; without one it never ends. */
  readonly program?: Program
  /** How it reaches the API server; without one, always. */
  readonly api?: ApiClient
}

/** What an operator has added to the controller: a step waits for it. */
export interface StepPlugin {
  /** Its steps are passed over. */
  readonly isDisabled: boolean
  run(call: PluginCall): PluginAnswer
}

export interface PluginCall {
  /** As the step has it. */
  readonly config: unknown
  readonly nowMs: number
  /** What it answered the time before, NaN at first: it has no other memory. */
  readonly state: number
}

export interface PluginAnswer {
  readonly phase: 'Running' | 'Successful' | 'Failed' | 'Error'
  readonly message: string
  /** When it wants to be called again; the controller takes nothing that is short. */
  readonly requeueAfterMs: number
  readonly state: number
}

/** Asks for the values at each step of a time instead of those of now. */
export interface QueryRange {
  readonly startMs: number
  readonly endMs: number
  readonly stepMs: number
}

/** A metric of a template, and what it asks for. */
export interface MetricSource {
  readonly metric: string
  readonly template: string
  readonly provider: ProviderName
  /** The query, the address, the image. */
  readonly text: string
}

export interface WebRequest {
  readonly source: MetricSource
  readonly method: string
  readonly url: string
}

export type WebAnswer = { readonly latencyMs: number } & (
  | { readonly status: number; readonly body: string }
  /** Nobody answered, and why. */
  | { readonly error: string }
)

export interface JobRequest {
  readonly source: MetricSource
  readonly image: string
  /** How many failures of it don't count. */
  readonly backoffLimit: number
  /** Whether the container is started again in its pod; otherwise a new pod is. */
  readonly isRestarted: boolean
  /** How long it may run in all; infinity without a deadline. */
  readonly deadlineMs: number
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
  /** Nothing listens there. */
  | { readonly kind: 'refused' }
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
  /** Absent where nobody listens: then the messages aren't made either. */
  readonly event?: ((on: string, type: 'Normal' | 'Warning', reason: string, message: string) => void) | undefined
}
