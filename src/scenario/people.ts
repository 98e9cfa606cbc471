// What people do during a release: when, and which command.

export const phases = ['progressing', 'paused', 'degraded', 'healthy'] as const
export const commands = ['promote', 'promote-full', 'abort', 'retry', 'undo', 'pause', 'restart', 'scale'] as const

export type Command = (typeof commands)[number]

export interface Person {
  readonly does: Command
  /** How many replicas are asked for, by whoever scales. */
  readonly replicas?: number
  readonly trigger: Trigger
}

export type Trigger =
  /** Since the release. */
  | { readonly atMs: number }
  /** Each time that the rollout has got into the phase, if it is still in it after that time. */
  | { readonly phase: (typeof phases)[number]; readonly afterMs: number }
  | Page

/** Each time that alerts with this name and these labels begin to fire, if one of them still does after that time. */
export interface Page {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
  readonly afterMs: number
}
