// What the API answers from.
import type { GroupState } from '../rules/ruler.js'
import type { Store } from '../store.js'

export interface Sources {
  readonly store: Store
  /** What the clock of the server shows. */
  readonly nowMs: number
  readonly families: readonly ExposedFamily[]
  readonly groups: readonly GroupState[]
  readonly scrapeIntervalMs: number
  /** Of Coalmine. */
  readonly version: string
  /** Real time since the request came in: a core without a clock can't tell. */
  readonly elapsedMs: () => number
}

/** A family as its targets expose it: `up` is none, Prometheus adds it. */
export interface ExposedFamily {
  /** Of a histogram without _bucket, _sum and _count. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
}

/** Exporters of several sides share families: each once. */
export function onceByName(families: readonly ExposedFamily[]): ExposedFamily[] {
  return families.filter(({ name }, index) => families.findIndex((family) => family.name === name) === index)
}
