// The part of a scenario file about who sends requests, and how many.
import { z } from 'zod'
import { logFormats } from './access-log/formats.js'
import { instant } from './instant.js'
import { limits } from './limits.js'
import { aDuration, quantity } from './quantity.js'
import { ALWAYS } from './schema-checks.js'
import { timeOfDay } from './time-of-day.js'
import type { Replay, ScenarioTraffic, Week } from './traffic.js'
import { checkBursts, checkPoints, checkReplay, checkTraffic, checkWeek } from './traffic-checks.js'
import { percentage, rate } from './units.js'
import { checkUsers } from './users-checks.js'
import { usersFields, usersFrom } from './users-schema.js'

const requestRate = (doc: string) => quantity(rate, { doc, most: limits.ratePerSecond })

const factor = (doc: string) => z.number().positive().max(limits.trafficFactor).describe(doc)

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(limits.scenarioListItems)

const point = z
  .strictObject({
    at: aDuration('When it begins to change, since the start of the scenario; the first point is at 0s.'),
    rate: requestRate('Requests a second from then on, or from the end of `ramp` on, of all users together.'),
    ramp: aDuration(
      'How long it takes from `at` on to get there, in a straight line from the rate before (default: a step).',
    ).optional(),
  })
  .describe('A change of the request rate.')

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const dayPart = (day: string) =>
  quantity(percentage, { doc: `What part of the traffic of a whole day comes on a ${day} (default 100%).` }).optional()

const week = z
  .strictObject({
    low: quantity(percentage, {
      doc: 'The rate twelve hours from the peak, as a part of that at the peak; between them it is a cosine (default 100%).',
    }).optional(),
    peak: quantity(timeOfDay, { doc: 'When most requests come, in UTC (default 14:00).' }).optional(),
    days: z
      .strictObject({
        mon: dayPart('Monday'),
        tue: dayPart('Tuesday'),
        wed: dayPart('Wednesday'),
        thu: dayPart('Thursday'),
        fri: dayPart('Friday'),
        sat: dayPart('Saturday'),
        sun: dayPart('Sunday'),
      })
      .describe('Days that have less; from 22:00 to 02:00 one day goes over into the next.')
      .optional(),
  })
  .superRefine(checkWeek, ALWAYS)
  .describe(
    'How the rate follows the time of day and the weekday, by the clock that `startsAt` sets (default: it does not).',
  )

const crowd = z
  .strictObject({
    at: aDuration('When it begins to come, since the start of the scenario.'),
    factor: factor('How many times the rate it brings.'),
    rise: aDuration('How long it takes to come, in a straight line (default: at once).').optional(),
    hold: aDuration('How long all of it stays (default 0s).').optional(),
    fall: aDuration(
      'How long it takes to go away, exponentially: a tenth of it is left after half of this (default: at once).',
    ).optional(),
  })
  .describe('A flash crowd.')

const bursts = z
  .strictObject({
    factor: factor('How many times the rate a burst has.'),
    every: aDuration('The mean time from the start of one to the start of the next.', { positive: true }),
    for: aDuration('How long one lasts on average: less than `every`.', { positive: true }),
  })
  .superRefine(checkBursts, ALWAYS)
  .describe('Times of more traffic that begin and end by chance, each after an exponential time (default: none).')

const noise = z
  .strictObject({
    deviation: quantity(percentage, {
      doc: 'The standard deviation of the factor by which the rate strays, whose mean is 1.',
      positive: true,
    }),
    every: aDuration('How long it strays to one side: after this long, a third of that is left (1/e).', {
      positive: true,
    }),
  })
  .describe('How the rate strays from what it should be, log-normally (default: it does not).')

const replay = z
  .strictObject({
    file: z.string().min(1).describe('The log, as seen from this file; it may be compressed with gzip.'),
    format: z.enum(logFormats).describe('What its lines are: see docs/traffic.md.'),
    fields: z
      .strictObject({
        time: z
          .string()
          .min(1)
          .describe('The field or column with the time (default: `time`; of CSV the first column).')
          .optional(),
        count: z
          .string()
          .min(1)
          .describe(
            'The field or column that says how many requests a line is (default: one; of CSV the second column).',
          )
          .optional(),
      })
      .describe('Where a line of JSON or CSV has what; `a.b` is `b` inside `a`.')
      .optional(),
    from: quantity(instant, { doc: 'What came before is left out (default: nothing).' }).optional(),
    until: quantity(instant, {
      doc: 'What came from then on is left out (default: what the flight is too short for).',
    }).optional(),
    scale: factor(
      'So many requests for each one in the log (default 1): their sum is rounded, and not each second.',
    ).optional(),
    at: aDuration(
      'When in the scenario the log, or its part, begins; nothing comes before and after (default 0s).',
    ).optional(),
  })
  .superRefine(checkReplay, ALWAYS)
  .describe('Requests as a log has counted them, to the request, instead of `rate`.')

export const traffic = z
  .strictObject({
    rate: z
      .union([
        requestRate('A constant rate.'),
        listOf(point).min(1).superRefine(checkPoints, ALWAYS).describe('A rate that changes.'),
      ])
      .describe(
        'Requests a second of all users together: one rate, or a list of points. Either this or `replay` is needed.',
      )
      .optional(),
    replay: replay.optional(),
    week: week.optional(),
    crowds: listOf(crowd).describe('Flash crowds, each on top of all else (default: none).').optional(),
    bursts: bursts.optional(),
    noise: noise.optional(),
    ...usersFields,
  })
  .superRefine(checkUsers, ALWAYS)
  .superRefine(checkTraffic, ALWAYS)
  .describe('Who sends requests, and how many.')

type TrafficFields = z.output<typeof traffic>

export function trafficFrom(fields: TrafficFields): ScenarioTraffic {
  const { rate: written = [], replay: log, week: days, crowds = [], bursts: burst, noise: strays, ...people } = fields
  const points = typeof written === 'number' ? [{ at: 0, rate: written }] : written
  return {
    points: points.map(({ at, rate: ratePerSecond, ramp = 0 }: z.output<typeof point>) => ({
      atMs: at,
      ratePerSecond,
      rampMs: ramp,
    })),
    ...(log && { replay: replayFrom(log) }),
    ...(days && { week: weekFrom(days) }),
    crowds: crowds.map(({ at, factor: times, rise = 0, hold = 0, fall = 0 }) => ({
      atMs: at,
      factor: times,
      riseMs: rise,
      holdMs: hold,
      fallMs: fall,
      untilMs: at + rise + hold + fall,
    })),
    ...(burst && { bursts: { factor: burst.factor, everyMs: burst.every, forMs: burst.for } }),
    ...(strays && { noise: { deviationRatio: strays.deviation, everyMs: strays.every } }),
    ...usersFrom(people),
  }
}

function weekFrom({ low = 1, peak = DEFAULT_PEAK_MS, days = {} }: z.output<typeof week>): Week {
  return { lowRatio: low, peakMs: peak, dayRatios: weekdays.map((day) => days[day] ?? 1) }
}

const DEFAULT_PEAK_MS = 14 * 3_600_000

function replayFrom({ file, format, fields = {}, from, until, scale = 1, at = 0 }: z.output<typeof replay>): Replay {
  return {
    file,
    format,
    ...(fields.time !== undefined && { timeField: fields.time }),
    ...(fields.count !== undefined && { countField: fields.count }),
    ...(from !== undefined && { fromMs: from }),
    ...(until !== undefined && { untilMs: until }),
    scale,
    atMs: at,
  }
}
