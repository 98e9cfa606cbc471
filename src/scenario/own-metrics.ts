// Metrics that the workload's own people have added: what a scenario says of them.

/** What a metric can count, and what kind of metric that makes it. */
export const countedThings = {
  requests: 'counter',
  successes: 'counter',
  errors: 'counter',
  latency: 'histogram',
  restarts: 'counter',
  pods: 'gauge',
  readyPods: 'gauge',
  availablePods: 'gauge',
} as const

export type CountedThing = keyof typeof countedThings

/** What stands for something in the value of a label. */
export const labelVariables = ['version', 'hash', 'pod', 'code', 'service', 'workload', 'namespace'] as const
export type LabelVariable = (typeof labelVariables)[number]

export const exposers = ['pods', 'gateway'] as const
export type Exposer = (typeof exposers)[number]

export interface OwnMetric {
  readonly name: string
  readonly help: string
  readonly counts: CountedThing
  /** Of one version only; of both when undefined. */
  readonly of: 'stable' | 'canary' | undefined
  /** Who counts requests and latency. */
  readonly at: Exposer
  /** Values may contain variables. */
  readonly labels: Readonly<Record<string, string>>
  /** Of the requests that it could count so many count. */
  readonly shareRatio: number
  /** What each of them adds. */
  readonly adds: number
  /** Whether its series are there, at zero, before the first that they count. */
  readonly isThereFromStart: boolean
  /** Upper bounds of a histogram; those of client libraries when undefined. */
  readonly bucketsMs: readonly number[] | undefined
  /** Milliseconds in one unit of a histogram. */
  readonly unitMs: number
}

/** `$code` or `${code}`; `$$` is a dollar. */
export const variablePattern = /\$(?:\$|\{(\w*)\}|(\w+))/g
