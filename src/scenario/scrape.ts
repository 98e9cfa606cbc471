// How Prometheus collects in a scenario: when it scrapes, when it is down, and which targets don't answer.

export interface Scrape {
  readonly intervalMs: number
  /** From a scrape until queries see it. */
  readonly delayMs: number
  /** Each scrape comes late by up to so much. */
  readonly jitterMs: number
  /** Whether each target has an instant of its own within the interval. */
  readonly spread: boolean
  /** When Prometheus itself is down. */
  readonly gaps: readonly Span[]
  /** When targets don't answer. */
  readonly down: readonly TargetDown[]
}

export interface Span {
  /** Since the release. */
  readonly atMs: number
  /** Infinity if it lasts until the end. */
  readonly forMs: number
}

export interface TargetDown extends Span {
  readonly of: TargetKind
}

/** The pods of a version, or the gateway in front of both. */
export const targetKinds = ['canary', 'stable', 'gateway'] as const
export type TargetKind = (typeof targetKinds)[number]
