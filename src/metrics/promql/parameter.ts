// The parameter of an aggregation, which Prometheus 3.15 forgets when it prepares a query's `@`.

import type { Moment, Run, ScalarNode } from './plan.js'

export class Parameter implements ScalarNode {
  readonly type = 'scalar'
  #outer: Run | undefined
  #run: Run | undefined

  constructor(readonly inner: ScalarNode) {}

  scalar({ timeMs, run }: Moment): number {
    // What nodes remember, they remember of one run.
    if (this.#outer !== run) this.#run = { ...run, isParameter: true }
    this.#outer = run
    return this.inner.scalar({ timeMs, run: this.#run! })
  }
}
