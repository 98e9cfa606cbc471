// Expressions that no step changes: constants, and what `@` pins down. Evaluated once a run, at its first step.

import { type Expression, withoutParens } from './ast.js'
import type { Moment, PlanNode, Run, ScalarNode, VectorNode } from './plan.js'
import { Vector } from './vector.js'

/** Their results hang on the instant of the evaluation even if their arguments don't. */
const OF_THE_INSTANT = new Set([
  ...['time', 'timestamp', 'predict_linear', 'minute', 'hour', 'day_of_week', 'day_of_month', 'day_of_year'],
  ...['days_in_month', 'month', 'year'],
])

/**
 * As Prometheus decides. It leaves the parameter of an aggregation out of account: `topk(scalar(up), vector(1))` takes
 * the `up` of the first step for all (3.15).
 */
export function isStepInvariant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return true
    case 'selector':
    case 'subquery':
      return expression.anchor !== undefined
    case 'matrix':
      return isStepInvariant(expression.selector)
    case 'paren':
    case 'unary':
    case 'aggregate':
      return isStepInvariant(expression.inner)
    case 'binary':
      return isStepInvariant(expression.left) && isStepInvariant(expression.right)
    case 'call':
      return isCallStepInvariant(expression.name, expression.args)
  }
}

function isCallStepInvariant(name: string, args: readonly Expression[]): boolean {
  if (!args.every(isStepInvariant)) return false
  // When a sample was taken is up to the sample; of anything else, timestamp() is the time.
  if (name === 'timestamp') return withoutParens(args[0]!).kind === 'selector'
  return !OF_THE_INSTANT.has(name)
}

/** Range vectors have windows of their own, and a constant is found faster than remembered. */
export function evaluatedOnce(expression: Expression, node: PlanNode): PlanNode {
  if (node.type === 'matrix' || expression.kind === 'number' || !isStepInvariant(expression)) return node
  return node.type === 'scalar' ? new ScalarOnce(node) : new VectorOnce(node)
}

function firstStep(run: Run): Moment {
  return { timeMs: run.startMs, run: { ...run, endMs: run.startMs } }
}

class ScalarOnce implements ScalarNode {
  readonly type = 'scalar'
  #run: Run | undefined
  #value = 0

  constructor(readonly inner: ScalarNode) {}

  scalar(moment: Moment): number {
    const { run } = moment
    if (run.isParameter) return this.inner.scalar(moment)
    if (this.#run !== run) {
      this.#value = this.inner.scalar(firstStep(run))
      this.#run = run
    }
    return this.#value
  }
}

class VectorOnce implements VectorNode {
  readonly type = 'vector'
  #run: Run | undefined
  #vector = new Vector()

  constructor(readonly inner: VectorNode) {}

  vector(moment: Moment): Vector {
    const { run } = moment
    if (run.isParameter) return this.inner.vector(moment)
    if (this.#run !== run) {
      this.#run = undefined
      this.#vector = this.inner.vector(firstStep(run))
      this.#run = run
    }
    return this.#vector
  }
}
