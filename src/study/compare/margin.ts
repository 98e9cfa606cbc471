// How much worse a policy may be than another, as people write it: `5%`, or `users.harmed:5%`.
import { budgetMetrics } from '../../scenario/budget.js'
import { nearName } from '../../scenario/near-name.js'
import type { ComparedMetric } from './metrics.js'

export interface Margin {
  readonly metric: ComparedMetric
  /** Of the first policy's figure; of shares, of all runs. */
  readonly margin: number
}

/** What a margin is about that names nothing. */
const usual: readonly ComparedMetric[] = ['users.harmed', 'detect', 'missed', 'false_abort', 'duration']

const known = Object.keys(budgetMetrics).filter((name) => name !== 'verdict') as readonly ComparedMetric[]

export class MarginError extends Error {}

/** Several are separated by commas; what is said of a metric by name counts, whatever is said of all. */
export function parseMargins(texts: readonly string[]): readonly Margin[] {
  const found = new Map<ComparedMetric, number>()
  const written = texts.flatMap((text) => text.split(',')).map((text) => parseMargin(text.trim()))
  for (const { margin } of written.filter(({ metric }) => metric === undefined))
    for (const each of usual) found.set(each, margin)
  for (const { metric, margin } of written) if (metric !== undefined) found.set(metric, margin)
  return known.flatMap((metric) => (found.has(metric) ? [{ metric, margin: found.get(metric)! }] : []))
}

function parseMargin(text: string): { readonly metric: ComparedMetric | undefined; readonly margin: number } {
  const colon = text.lastIndexOf(':')
  const metric = colon < 0 ? undefined : metricOf(text.slice(0, colon))
  const margin = /^(\d+(?:\.\d+)?)%$/.exec(text.slice(colon + 1))
  if (!margin)
    throw new MarginError(`\`${text}\` is no margin: it is a percentage such as \`5%\` or \`users.harmed:5%\``)
  return { metric, margin: Number(margin[1]) / 100 }
}

function metricOf(name: string): ComparedMetric {
  const metric = known.find((each) => each === name)
  if (metric !== undefined) return metric
  if (name === 'verdict') throw new MarginError('verdicts are not compared: `missed` and `false_abort` are')
  const near = nearName(name, known)
  throw new MarginError(
    near === undefined
      ? `unknown metric \`${name}\`. Known are: ${known.join(', ')}`
      : `unknown metric \`${name}\`: did you mean \`${near}\`?`,
  )
}
