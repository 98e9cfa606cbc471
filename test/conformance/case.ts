// A conformance case: the inputs under which a real controller was recorded.
import { parse } from 'yaml'

export interface Case {
  readonly about: string
  readonly manifests: string
  readonly pods?: Readonly<Record<string, PodScript>>
  readonly metrics?: readonly MetricScript[]
  readonly web?: readonly WebScript[]
  readonly do?: readonly Action[]
  readonly end: string
  readonly settle?: string
  readonly rest?: string
}

/** When pods of an image tag become ready, and what happens to them then. */
export interface PodScript {
  readonly ready?: string | readonly string[]
  /** Of a Job: ends so, so long after its beginning. */
  readonly exit?: number
  readonly after?: string
  readonly flips?: readonly { readonly at: string; readonly ready: boolean }[]
}

export interface MetricScript {
  readonly query?: string
  readonly match?: string
  readonly values: readonly { readonly at: string; readonly value: unknown; readonly latency?: string }[]
}

export interface WebScript {
  readonly name: string
  readonly values: readonly {
    readonly at?: string
    readonly status?: number
    readonly json?: unknown
    readonly text?: string
    readonly latency?: string
  }[]
}

/** What somebody does at a time since the release; exactly one of the verbs. */
export interface Action {
  readonly at: string
  readonly on?: string
  readonly image?: string
  readonly argo?: string
  readonly merge?: Record<string, unknown>
  readonly subresource?: string
  readonly pods?: string
  readonly ready?: boolean
  readonly count?: number
  readonly only?: readonly (number | string)[]
  readonly apply?: string
  readonly delete?: boolean
  /** A process of the control plane that ends at once, or is started again. */
  readonly kill?: string
  readonly start?: string
  /** Of an API server that is there again: when whose watches are, by kind. */
  readonly watched?: Readonly<Record<string, string>>
}

/** From the start of the command line tool until it has written (observed 85 to 130 ms). */
export const commandMs = 90

export function parseCase(text: string): Case {
  return parse(text) as Case
}

/** Milliseconds of `1s`, `4500ms`, `-60s`, `1m`. */
export function msOf(text: string | number): number {
  if (typeof text === 'number') return text * 1000
  const [, number, unit] = /^(-?[\d.]+)(ms|s|m|h)?$/.exec(text) ?? []
  const scale = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? 's']
  if (number === undefined || scale === undefined) throw new Error(`not a time: ${text}`)
  return Number(number) * scale
}
