// The part of a scenario file about how Prometheus collects.
import { z } from 'zod'
import { limits } from './limits.js'
import { aDuration } from './quantity.js'
import { ALWAYS, complain, DEFAULT_SCRAPE_MS, numberAt } from './schema-checks.js'
import { type Scrape, type Span, targetKinds } from './scrape.js'
import { formatDuration } from './units.js'

const span = {
  at: aDuration('When it begins, as time since the release (default 0s).').optional(),
  for: aDuration('How long it lasts (default: until the end).', { positive: true }).optional(),
}

const gap = z
  .strictObject(span)
  .describe(
    'A time in which Prometheus is down: it scrapes nothing and answers nobody, and writes no staleness markers.',
  )

const targetDown = z
  .strictObject({
    of: z.enum(targetKinds).describe('Whose metrics: those of the pods of a version, or of the gateway.'),
    ...span,
  })
  .describe('A time in which targets do not answer: `up` is 0, their series are stale, and they go on counting.')

export const scrape = z
  .strictObject({
    interval: aDuration('Time between two scrapes of a target (default 15s, at least 100ms).', {
      least: limits.scrapeIntervalMs,
    }).optional(),
    delay: aDuration('Time from a scrape until queries see it (default 0s, at most 1h).', {
      most: limits.scrapeDelayMs,
    }).optional(),
    jitter: aDuration(
      'Each scrape comes late by a time drawn from 0s to this, less than the interval (default 0s).',
    ).optional(),
    spread: z
      .boolean()
      .describe(
        'Whether each target is scraped at its own instant of the interval, as Prometheus does (default: all at once).',
      )
      .optional(),
    gaps: z
      .array(gap)
      .max(limits.scenarioListItems)
      .describe('When Prometheus itself is down (default: never).')
      .optional(),
    down: z
      .array(targetDown)
      .max(limits.scenarioListItems)
      .describe('When targets do not answer (default: when their container does not run).')
      .optional(),
  })
  .superRefine(checkJitter, ALWAYS)
  .describe('How Prometheus collects.')

type ScrapeFields = z.output<typeof scrape>

export function scrapeFrom({ interval, delay, jitter, spread, gaps, down }: ScrapeFields = {}): Scrape {
  return {
    intervalMs: interval ?? DEFAULT_SCRAPE_MS,
    delayMs: delay ?? 0,
    jitterMs: jitter ?? 0,
    spread: spread ?? false,
    gaps: (gaps ?? []).map(spanFrom),
    down: (down ?? []).map((each) => ({ of: each.of, ...spanFrom(each) })),
  }
}

function spanFrom(fields: z.output<typeof gap>): Span {
  return { atMs: fields.at ?? 0, forMs: fields.for ?? Number.POSITIVE_INFINITY }
}

/** A scrape that came later than the next one is due would be the next one. */
function checkJitter(_: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const interval = numberAt(context, 'interval') ?? DEFAULT_SCRAPE_MS
  const jitter = numberAt(context, 'jitter')
  if (jitter === undefined || jitter < interval) return
  complain(context, ['jitter'], `\`jitter\` must be less than the scrape interval of ${formatDuration(interval)}`)
}
