// What monitoring systems other than Prometheus say in a scenario: which metrics a signal answers for, and from what.
import type { Json } from './json.js'
import type { ProviderName } from './provider-name.js'

export interface Signal {
  /** All of them must fit. */
  readonly metric?: string
  readonly template?: string
  readonly provider?: ProviderName
  /** Part of the query, the address or the image. */
  readonly match?: string
  readonly source: SignalSource
  /** What the answer looks like, with `$value` where the value goes. */
  readonly shape?: Json
  /** Of a Job: how long one try takes. */
  readonly takesMs?: number
  /** Of a Job that looks at the world: it fails above this. */
  readonly failsAbove?: number
}

export type SignalSource = WorldSignal | ScriptedSignal

export const readings = ['errorRatio', 'successRatio', 'latency', 'rate'] as const
export const sides = ['canary', 'stable', 'service'] as const

export interface WorldSignal {
  readonly kind: 'world'
  readonly reads: (typeof readings)[number]
  readonly of: (typeof sides)[number]
  readonly windowMs: number
  /** Of a latency. */
  readonly quantile: number
  readonly unit: SignalUnit
  /** How long after it was counted a request shows. */
  readonly delayMs: number
  /** Values change once in so long; 0 for whenever something was counted. */
  readonly resolutionMs: number
}

export const DEFAULT_WINDOW_MS = 60_000

/** In how many of it one request, one of seconds, one a second is. */
export const signalUnits = { ratio: 1, percent: 100, s: 1, ms: 1000, '/s': 1, '/m': 60, '/h': 3600 } as const

export type SignalUnit = keyof typeof signalUnits

/** The first one is what is meant where none is written. */
export const unitsOf: Readonly<Record<(typeof readings)[number], readonly [SignalUnit, ...SignalUnit[]]>> = {
  errorRatio: ['ratio', 'percent'],
  successRatio: ['ratio', 'percent'],
  latency: ['s', 'ms'],
  rate: ['/s', '/m', '/h'],
}

export interface ScriptedSignal {
  readonly kind: 'script'
  readonly points: readonly SignalPoint[]
}

/** From this time since the release on; before the first point there is nothing. */
export interface SignalPoint {
  readonly atMs: number
  readonly says: ScriptedAnswer
}

/** What a monitoring system says, before a provider puts it into the shape of its own answers. */
export type Reading =
  /** A number for each series or point. */
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  | { readonly kind: 'json'; readonly value: Json }
  /** A series without a value. */
  | { readonly kind: 'null' }
  /** Not even a series. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly message: string }

/** A web server can also reply with a status, and with what isn't JSON. */
export type ScriptedAnswer = Reading | { readonly kind: 'reply'; readonly status: number; readonly body: string }

export const signalWords = ['NaN', '+Inf', '-Inf', 'nil', 'empty'] as const

export type SignalWord = (typeof signalWords)[number]
