// The part of a scenario file about metrics that no exporter of the field has, but the workload's own people.
import { z } from 'zod'
import { dialectNames } from './dialects.js'
import { limits } from './limits.js'
import { checkOwnMetric, checkOwnMetrics } from './own-metric-checks.js'
import { type CountedThing, countedThings, exposers, labelVariables, type OwnMetric } from './own-metrics.js'
import { quantity } from './quantity.js'
import { ALWAYS } from './schema-checks.js'
import { duration, percentage } from './units.js'

const ownMetric = z
  .strictObject({
    name: z
      .string()
      .describe('Its name: of a counter with `_total`, as is the custom; of a histogram without `_bucket`.'),
    counts: z
      .enum(Object.keys(countedThings) as [CountedThing, ...CountedThing[]])
      .describe(
        'What it counts, which makes it a counter (requests, successes, errors, restarts), a histogram (latency) or a gauge.',
      ),
    of: z.enum(['stable', 'canary']).describe('Of which version alone (default: of both).').optional(),
    at: z
      .enum(exposers)
      .describe('Who counts requests and latency: each pod its own, or the gateway (default pods).')
      .optional(),
    labels: z
      .record(z.string(), z.string())
      .describe(
        `Labels beside those of the scraped pod. Values may contain ${labelVariables.map((name) => `$${name}`).join(', ')}; what is equal in all labels is one series.`,
      )
      .optional(),
    share: quantity(percentage, {
      doc: 'Of those requests so many count, such as orders among all of them (default 100%).',
      positive: true,
    }).optional(),
    adds: z.number().positive().describe('What each one adds, such as a price (default 1).').optional(),
    fromStart: z
      .boolean()
      .describe('Whether its series are there, at zero, before the first that they count (default false).')
      .optional(),
    buckets: z
      .array(quantity(duration, { doc: 'Upper end of a bucket.', positive: true }))
      .min(1)
      .max(limits.histogramBuckets)
      .describe('Upper ends of the buckets of latency, in order (default: 5ms to 10s, as client libraries).')
      .optional(),
    unit: z.enum(['seconds', 'milliseconds']).describe('Of latency (default seconds, as `le` has it, too).').optional(),
    help: z.string().describe('What `# HELP` says of it (default: nothing).').optional(),
  })
  .superRefine(checkOwnMetric, ALWAYS)
  .describe("A metric of the workload's own.")

export const ownMetrics = z
  .array(ownMetric)
  .max(limits.scenarioListItems)
  .superRefine(checkOwnMetrics, ALWAYS)
  .describe("Metrics that the workload's own people have added (default: none).")

const dialectName = z.enum(dialectNames)

export const dialect = z
  .union([
    dialectName.describe('One exporter.'),
    z.array(dialectName).min(1).max(dialectNames.length).describe('Several.'),
  ])
  .describe(
    'Whose metric names the queries use, beside those of kube-state-metrics and cAdvisor (default: those of the router of the policy, and app).',
  )

export function ownMetricFrom({
  counts,
  of,
  at,
  labels,
  share,
  adds,
  fromStart,
  buckets,
  unit,
  ...told
}: Fields): OwnMetric {
  return {
    name: told.name,
    help: told.help ?? '',
    counts,
    of,
    at: at ?? 'pods',
    labels: labels ?? {},
    shareRatio: share ?? 1,
    adds: adds ?? 1,
    isThereFromStart: fromStart ?? false,
    bucketsMs: buckets,
    unitMs: unit === 'milliseconds' ? 1 : 1000,
  }
}

type Fields = z.output<typeof ownMetric>
