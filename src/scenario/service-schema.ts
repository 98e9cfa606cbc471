// The part of a scenario file about how the versions of the service behave.
import { z } from 'zod'
import { memory } from './cluster-schema.js'
import { latency } from './latency-schema.js'
import { limits } from './limits.js'
import { aDuration, quantity } from './quantity.js'
import { ALWAYS, checkPercentiles, complain, numberAt, valueAt } from './schema-checks.js'
import { formatPercentage, latencyChange, percentage, rate } from './units.js'

const percentiles = (doc: string) =>
  z
    .strictObject({
      p50: aDuration('Half of them take at most this long.', { positive: true }).optional(),
      p99: aDuration('99 in 100 take at most this long.', { positive: true }).optional(),
    })
    .superRefine(checkPercentiles, ALWAYS)
    .describe(doc)

const capacity = z
  .union([
    quantity(rate, {
      doc: 'Requests a second: what is more is shed with 503.',
      most: limits.ratePerSecond,
      positive: true,
    }),
    z
      .strictObject({
        concurrency: z.int().min(1).max(limits.places).describe('How many it serves at once, each for its latency.'),
        queue: z
          .int()
          .min(0)
          .max(limits.places)
          .describe('How many wait when it is full; the next one is shed with 503 (default 0).')
          .optional(),
      })
      .describe('By the requests that it serves at once.'),
  ])
  .describe('What one pod can serve (default: everything).')

const cold = z
  .strictObject({
    for: aDuration('How long it takes to wear off, in a straight line.', { positive: true }),
    latency: quantity(latencyChange, { doc: 'How much slower it answers at first.' }).optional(),
    errors: quantity(percentage, { doc: 'Share of answers that fail at first, on top.', positive: true }).optional(),
  })
  .superRefine(checkCold, ALWAYS)
  .describe(
    'What a pod does worse when it has just become ready: caches are empty, code is not compiled (default: nothing).',
  )

const errors = (doc: string) =>
  z
    .union([
      quantity(percentage, { doc: 'All with status 500.' }),
      z
        .record(z.string(), quantity(percentage, { doc: 'Share of answers with this status.' }))
        .superRefine(checkErrors, ALWAYS)
        .describe('By status, such as `{500: 0.1%, 404: 1%}`.'),
    ])
    .describe(doc)
    .optional()

const part = z
  .strictObject({
    route: z.string().min(1).describe('Requests of this route of `traffic.routes`.').optional(),
    segment: z
      .record(z.string(), z.string())
      .describe('Requests of users of this segment of `traffic.segments`, such as `{plan: paid}`.')
      .optional(),
    errors: errors('Share of answers that are errors (default: as of the others).'),
    latency: latency.optional(),
  })
  .superRefine(checkPart, ALWAYS)
  .describe('Requests that are answered otherwise than the rest; of several that a request is of, the last one counts.')

export const behaviour = (doc: string) =>
  z
    .strictObject({
      errors: errors('Share of answers that are errors (stable: 0.1%, with status 500).'),
      latency: latency.optional(),
      start: z
        .union([
          aDuration('Always the same.'),
          percentiles('How long from creation to ready, log-normally (p99 five times p50).'),
        ])
        .describe('How long a pod takes from its creation until it is ready (stable: 10s).')
        .optional(),
      capacity: capacity.optional(),
      cpuPerRequest: aDuration(
        'CPU time that a request takes: what a HorizontalPodAutoscaler sees of it, 20 a second at 10ms as 200m.',
        { positive: true },
      ).optional(),
      memory: memory.optional(),
      shutdown: aDuration(
        'How long it goes on answering when it is told to end (SIGTERM), before it does; the grace period of the manifest ends it (stable: 0s).',
      ).optional(),
      cold: cold.optional(),
      parts: z
        .array(part)
        .max(limits.scenarioListItems)
        .describe('By route and segment (default: all are alike).')
        .optional(),
    })
    .describe(doc)

export type BehaviourFields = z.output<ReturnType<typeof behaviour>>

type Context = z.core.$RefinementCtx<unknown>

function checkCold(written: unknown, context: Context): void {
  const isEmpty = valueAt(written, 'latency') === undefined && valueAt(written, 'errors') === undefined
  const isMisspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  if (isEmpty && !isMisspelt) complain(context, [], 'what is worse while it is cold? Write `latency`, `errors` or both')
}

function checkPart(written: unknown, context: Context): void {
  const has = (key: string) => valueAt(written, key) !== undefined
  if (context.issues.some((issue) => issue.code === 'unrecognized_keys')) return
  if (!has('route') && !has('segment'))
    complain(context, [], 'a part of which requests? Write `route`, `segment` or both')
  if (!has('errors') && !has('latency')) complain(context, [], 'what is different? Write `errors`, `latency` or both')
}

/** Statuses that are errors, and together no more than all answers. */
function checkErrors(errors: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return
  const statuses = Object.keys(errors)
  if (statuses.length === 0) complain(context, [], 'with what statuses? Write a share, or such as {500: 0.1%}')
  let sum = 0
  for (const status of statuses) {
    if (!/^[45]\d\d$/.test(status)) {
      complain(context, [status], `\`${status}\` is no status of an error: they are from 400 to 599`)
    }
    sum += numberAt(context, status) ?? 0
  }
  if (sum > 1 + ROUNDING) complain(context, [], `these are ${formatPercentage(sum)} of all answers together`)
}

const ROUNDING = 1e-9
