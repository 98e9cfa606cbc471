// The part of a scenario file about what monitoring systems other than Prometheus say.
import { z } from 'zod'
import type { Json } from './json.js'
import { limits } from './limits.js'
import { providerNames } from './provider-name.js'
import { aDuration, quantity } from './quantity.js'
import { ALWAYS } from './schema-checks.js'
import { checkPoint, checkSignal } from './signal-checks.js'
import {
  DEFAULT_WINDOW_MS,
  readings,
  type ScriptedAnswer,
  type Signal,
  type SignalSource,
  type SignalUnit,
  type SignalWord,
  sides,
  signalUnits,
  signalWords,
  unitsOf,
} from './signals.js'
import { percentage } from './units.js'

const aWord = (doc: string) => z.string().min(1).describe(doc).optional()

const point = z
  .strictObject({
    at: aDuration('Time since the release from which on this is said; before the first point nothing is.'),
    value: z
      .union([
        z.number().describe('A number; of a Job its exit code.'),
        z.enum(signalWords).describe('No number, a series without a value (`nil`), or not even a series (`empty`).'),
        z.array(z.number()).min(1).max(limits.scenarioListItems).describe('A number for each series or point.'),
      ])
      .describe('What is said: a number, several, or one of `NaN`, `+Inf`, `-Inf`, `nil`, `empty`.')
      .optional(),
    json: z.unknown().describe('The answer as JSON (web, newRelic, skywalking).').optional(),
    error: z
      .string()
      .min(1)
      .describe('Nothing is said, and this is why: the measurement is an Error with it.')
      .optional(),
    status: z.int().min(100).max(599).describe('Status of the answer (web; 200 if not said).').optional(),
    text: z.string().describe('The body of the answer as it is (web).').optional(),
  })
  .superRefine(checkPoint, ALWAYS)
  .describe('What is said from some time on.')

export const signal = z
  .strictObject({
    metric: aWord('Answers for metrics of this name; of several signals that fit, the first one answers.'),
    template: aWord('Answers for metrics of this AnalysisTemplate.'),
    provider: z
      .enum(providerNames.filter((name) => name !== 'prometheus'))
      .describe('Answers for metrics of this provider.')
      .optional(),
    match: aWord('Answers for metrics whose query, address, image or plugin contains this text.'),
    reads: z
      .enum(readings)
      .describe('Reads this off the requests of the flight, as they are counted at the gateway.')
      .optional(),
    of: z.enum(sides).describe('Whose requests: of one version, or of both (default: service).').optional(),
    over: aDuration('The time over which requests are counted, a multiple of the scrape interval (default 1m).', {
      least: 1_000,
    }).optional(),
    quantile: quantity(percentage, {
      doc: 'Which latency: so many take at most that long (default 99%).',
      positive: true,
    }).optional(),
    unit: z
      .enum(Object.keys(signalUnits) as [SignalUnit, ...SignalUnit[]])
      .describe('Of the value (default: ratio, s or /s, by what is read).')
      .optional(),
    delay: aDuration(
      'How long it takes from the scrape that counts a request until it shows (default 0s, at most 1h).',
      {
        most: limits.scrapeDelayMs,
      },
    ).optional(),
    resolution: aDuration('Values change once in so long only, such as once a minute (default: with each scrape).', {
      positive: true,
      most: limits.scrapeDelayMs,
    }).optional(),
    json: z
      .unknown()
      .describe('What the answer looks like, with `$value` in the place of the value (web, newRelic, skywalking).')
      .optional(),
    takes: aDuration('How long a Job runs, each time that it tries (default 10s).', { positive: true }).optional(),
    failsAbove: z.number().describe('A Job fails if at its end the value is above this.').optional(),
    values: z
      .array(point)
      .min(1)
      .max(limits.scenarioListItems)
      .describe('Instead of reading: what is said from which time on.')
      .optional(),
  })
  .superRefine(checkSignal, ALWAYS)
  .describe('What a monitoring system other than Prometheus says, a web server, a Job, a plugin.')

type SignalFields = z.output<typeof signal>
type PointFields = z.output<typeof point>

export function signalFrom(fields: SignalFields): Signal {
  const { metric, template, provider, match, json, takes, failsAbove } = fields
  const written = { metric, template, provider, match, shape: json as Json | undefined, takesMs: takes, failsAbove }
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined))
  return { ...(given as Omit<Signal, 'source'>), source: sourceFrom(fields) }
}

/** The schema has seen to it that there is exactly one of the two. */
function sourceFrom({ values, reads = 'errorRatio', ...fields }: SignalFields): SignalSource {
  if (values) return { kind: 'script', points: values.map((point) => ({ atMs: point.at, says: answerFrom(point) })) }
  return {
    kind: 'world',
    reads,
    of: fields.of ?? 'service',
    windowMs: fields.over ?? DEFAULT_WINDOW_MS,
    quantile: fields.quantile ?? 0.99,
    unit: fields.unit ?? unitsOf[reads][0],
    delayMs: fields.delay ?? 0,
    resolutionMs: fields.resolution ?? 0,
  }
}

function answerFrom({ value, json, error, status, text }: PointFields): ScriptedAnswer {
  if (error !== undefined) return { kind: 'error', message: error }
  if (status !== undefined || text !== undefined) {
    const body = text ?? (json === undefined ? '' : JSON.stringify(json))
    return { kind: 'reply', status: status ?? 200, body }
  }
  if (json !== undefined) return { kind: 'json', value: json as Json }
  if (Array.isArray(value)) return { kind: 'numbers', values: value }
  return typeof value === 'number' ? { kind: 'numbers', values: [value] } : wordFrom(value ?? 'empty')
}

function wordFrom(word: SignalWord): ScriptedAnswer {
  if (word === 'nil') return { kind: 'null' }
  if (word === 'empty') return { kind: 'empty' }
  return { kind: 'numbers', values: [numbersOf[word]] }
}

const numbersOf = { NaN: Number.NaN, '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY }
