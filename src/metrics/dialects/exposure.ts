// Decides which metric families and series any query can see, so that only those are kept.

import { METRIC_NAME } from '../labels.js'
import type { Matcher, Wanted } from '../matcher.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import { type Dialect, type Family, isOfRequests, type RequestFamily } from './dialect.js'

export class Exposure {
  /** Families at least one selector may match. */
  readonly families: readonly Family[]
  /** The bucket bounds any selector may see: the latency bins in which the world must count. */
  readonly latencyBoundsMs: readonly number[]

  constructor(
    readonly store: Store,
    dialects: readonly Dialect[],
    readonly selectors: readonly Wanted[],
    /** The response codes the world counts, in the order of its counts. */
    readonly codes: readonly string[],
  ) {
    const all = dialects.flatMap(({ families }) => families)
    this.families = all.filter((family) => selectors.some((selector) => mayMatch(selector, family)))
    const withBuckets = this.families
      .filter(isOfRequests)
      .filter((family) => selectors.some((selector) => mayMatchBuckets(selector, family)))
    this.latencyBoundsMs = unionOfBounds(withBuckets)
  }

  /** The series with these labels, if any selector wants it. */
  wanted(labels: Readonly<Record<string, string>>): Series | undefined {
    const isWanted = this.selectors.some(({ matchers }) => rejecting(matchers, labels) === undefined)
    return isWanted ? this.store.series(this.store.labels.of(labels)) : undefined
  }
}

/** The names under which a family appears in the store. */
export function exposedNames({ name, quantity }: Family): readonly string[] {
  return quantity === 'latency' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
}

/** Whether a selector can match any series of a family, judged by name and by the labels every series of it has. */
function mayMatch(selector: Wanted, family: Family): boolean {
  return exposedNames(family).some((name) => mayMatchNamed(selector, family, name))
}

function mayMatchBuckets(selector: Wanted, family: Family): boolean {
  return family.quantity === 'latency' && mayMatchNamed(selector, family, `${family.name}_bucket`)
}

function mayMatchNamed({ matchers }: Wanted, family: Family, name: string): boolean {
  const known: Readonly<Record<string, string>> = { ...family.fixed, [METRIC_NAME]: name }
  return matchers.every((matcher) => {
    const value = known[matcher.label]
    return value === undefined || accepts(matcher, value)
  })
}

/** The first matcher that keeps a selector from a series. */
export function rejecting(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): Matcher | undefined {
  return matchers.find((matcher) => !accepts(matcher, labels[matcher.label] ?? ''))
}

/** An argument not filled in yet ({{args.service}}) may become anything. */
function accepts({ value, accepts: matches }: Matcher, labelValue: string): boolean {
  return value.includes('{{') || matches(labelValue)
}

function unionOfBounds(families: readonly RequestFamily[]): readonly number[] {
  const bounds = new Set(families.flatMap(({ bounds: own = [], unitMs = 1 }) => own.map((bound) => bound * unitMs)))
  return Object.freeze([...bounds].sort((a, b) => a - b))
}
