// Which signal of a scenario answers for which metric of the policy, and in which shape.
import type { Query } from '../../metrics/promql/query.js'
import { compile } from '../../metrics/promql/query.js'
import type { MetricSource } from '../../policy/view.js'
import type { Json } from '../../scenario/json.js'
import type { Signal, WorldSignal } from '../../scenario/signals.js'
import { type Hashes, queryOf } from './signal-query.js'

export interface BoundSignal {
  readonly signal: Signal
  /** Of a signal that reads the world. */
  readonly query: Query | undefined
  /** Where a single value goes, for those that answer in JSON. */
  readonly shape: Json | undefined
}

export class SignalBook {
  private readonly bound = new Map<string, BoundSignal>()
  private readonly queries = new Map<WorldSignal, Query>()

  constructor(private readonly hashes: Hashes) {}

  get isEmpty(): boolean {
    return this.bound.size === 0
  }

  /** What is read off the world, and how. */
  get reads(): readonly { readonly query: Query; readonly source: WorldSignal }[] {
    return [...this.queries].map(([source, query]) => ({ query, source }))
  }

  bind(asked: MetricSource, signal: Signal, shape: Json | undefined): void {
    this.bound.set(keyOf(asked), { signal, query: this.queryFor(signal), shape })
  }

  answering(asked: MetricSource): BoundSignal {
    const found = this.find(asked)
    if (!found) throw new Error(`no signal answers for metric ${asked.metric}`)
    return found
  }

  find(asked: MetricSource): BoundSignal | undefined {
    return this.bound.get(keyOf(asked))
  }

  private queryFor({ source }: Signal): Query | undefined {
    if (source.kind !== 'world') return undefined
    const query = this.queries.get(source) ?? compile(queryOf(source, this.hashes))
    this.queries.set(source, query)
    return query
  }
}

function keyOf({ template, metric, provider, text }: MetricSource): string {
  return `${template} ${metric} ${provider} ${text}`
}

export function fits(signal: Signal, { metric, template, provider, text }: MetricSource): boolean {
  return (
    (signal.metric ?? metric) === metric &&
    (signal.template ?? template) === template &&
    (signal.provider ?? provider) === provider &&
    text.includes(signal.match ?? '')
  )
}
