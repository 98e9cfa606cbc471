// The part of a scenario file about how long answers take.
import { z } from 'zod'
import { quantileRatio } from './latency.js'
import { limits } from './limits.js'
import { aDuration, quantity } from './quantity.js'
import { ALWAYS, checkPercentiles, complain, numberAt, valueAt } from './schema-checks.js'
import { formatDuration, formatPercentage, parseDuration, percentage } from './units.js'

const forms = z
  .strictObject({
    p50: aDuration('Half of them take at most this long.', { positive: true }).optional(),
    p99: aDuration('99 in 100 take at most this long.', { positive: true }).optional(),
    mean: aDuration('Exponentially distributed, with this mean.', { positive: true }).optional(),
    quantiles: z
      .record(z.string(), aDuration('How long so many take at most.', { positive: true }))
      .describe(
        'At least two quantiles such as `p50`, `p90` and `p99.9`, log-normal from each to the next; beyond the outer ones as the log-normal through the first and the last.',
      )
      .optional(),
    histogram: z
      .record(z.string(), quantity(percentage, { doc: 'Share of the answers.' }))
      .describe(
        'Shares of the answers by the longest that they take, evenly from the bound before on; they add up to 100%.',
      )
      .optional(),
  })
  .superRefine(checkLatency, ALWAYS)
  .describe('By p50 and p99 (log-normal), by mean, by quantiles or by histogram.')

export const latency = z
  .union([aDuration('Always the same.', { positive: true }), forms])
  .describe('How long an answer takes, log-normally if nothing else is said (stable: p50 40ms, p99 five times p50).')

type Context = z.core.$RefinementCtx<unknown>

const FORMS = ['mean', 'quantiles', 'histogram']

function checkLatency(written: unknown, context: Context): void {
  checkPercentiles(written, context)
  const said = ['p50', 'p99', ...FORMS].filter((form) => valueAt(written, form) !== undefined)
  const [first, second] = said.filter((form) => form !== 'p99' || !said.includes('p50'))
  if (second !== undefined) {
    complain(context, [second], `either \`${first}\` or \`${second}\`, not both`, 'Each is a whole law of its own.')
  }
  checkQuantiles(valueAt(written, 'quantiles'), context)
  checkHistogram(valueAt(written, 'histogram'), context)
}

function checkQuantiles(quantiles: unknown, context: Context): void {
  const names = keysOf(quantiles)
  if (names === undefined) return
  if (names.length > limits.histogramBuckets) return tellTooMany('quantiles', context)
  const known = names.flatMap((name) => {
    const ratio = quantileRatio(name)
    if (ratio !== undefined) return [{ name, ratio, ms: numberAt(context, 'quantiles', name) }]
    complain(context, ['quantiles', name], `\`${name}\` is no quantile such as \`p50\`, \`p90\` or \`p99.9\``)
    return []
  })
  if (names.length < 2) complain(context, ['quantiles'], 'a law needs two quantiles or more')
  known.sort((one, other) => one.ratio - other.ratio)
  for (const [index, { name, ratio, ms }] of known.entries()) {
    const before = known[index - 1]
    if (before === undefined) continue
    if (before.ratio === ratio) {
      complain(context, ['quantiles', name], `\`${name}\` is the same quantile as \`${before.name}\``)
    } else if (ms !== undefined && before.ms !== undefined && ms < before.ms) {
      const message = `${name} is ${formatDuration(ms)}, less than the ${before.name} of ${formatDuration(before.ms)}`
      complain(context, ['quantiles', name], message)
    }
  }
}

function checkHistogram(histogram: unknown, context: Context): void {
  const bounds = keysOf(histogram)
  if (bounds === undefined) return
  if (bounds.length > limits.histogramBuckets) return tellTooMany('histogram', context)
  const seen = new Map<number, string>()
  for (const bound of bounds) {
    const parsed = parseDuration(bound)
    const message = parsed.ok ? boundMessage(bound, parsed.value, seen.get(parsed.value)) : parsed.message
    if (message !== undefined) complain(context, ['histogram', bound], message, parsed.ok ? undefined : parsed.hint)
    if (parsed.ok) seen.set(parsed.value, bound)
  }
  const shares = bounds.map((bound) => numberAt(context, 'histogram', bound))
  if (shares.includes(undefined)) return
  const sum = shares.reduce<number>((total, share) => total + (share ?? 0), 0)
  if (Math.abs(sum - 1) < ROUNDING) return
  const told = formatPercentage(Number(sum.toPrecision(10)))
  complain(context, ['histogram'], `the shares add up to ${told}, not to 100%`)
}

function boundMessage(bound: string, ms: number, same: string | undefined): string | undefined {
  if (ms === 0) return `\`${bound}\` must be more than zero`
  return same === undefined ? undefined : `\`${bound}\` is the same bound as \`${same}\``
}

function tellTooMany(what: string, context: Context): void {
  complain(context, [what], `more than ${limits.histogramBuckets} entries`)
}

function keysOf(mapping: unknown): readonly string[] | undefined {
  return typeof mapping === 'object' && mapping !== null && !Array.isArray(mapping) ? Object.keys(mapping) : undefined
}

/** Of up to 200 percentages added, each the nearest double to what is written. */
const ROUNDING = 1e-9
