// Reads the log that a scenario replays, and says what is wrong with it.
import { pathFrom } from '../files.js'
import { instant } from '../instant.js'
import { limits } from '../limits.js'
import type { ScenarioFile } from '../load.js'
import { type Place, type Problems, wholeFile } from '../problem.js'
import type { Scenario } from '../scenario.js'
import type { Replay } from '../traffic.js'
import { peakFactor } from '../traffic-checks.js'
import { formatDuration, formatRate } from '../units.js'
import type { LogFormat } from './formats.js'
import { logCounterFor } from './log-counter.js'
import type { LogReading, Span } from './log-reading.js'
import { lineFormats, lineReaderFor } from './readers.js'

export type LogContent =
  /** Uncompressed. Throws a BrokenLog where it can't be read on. */
  | { readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly missing: true }
  | { readonly isDirectory: true }
  /** Why it could not be read. */
  | { readonly unreadable: string }

/** Logs are too large to be read as other files are. */
export interface Logs {
  open(path: string): Promise<LogContent>
}

export class BrokenLog extends Error {
  override readonly name = 'BrokenLog'
}

/** The scenario with the requests of its log, if it replays one; without a scenario, if that went wrong. */
export async function withLog(file: ScenarioFile, logs: Logs, problems: Problems): Promise<ScenarioFile> {
  const { scenario } = file
  const replay = scenario?.traffic.replay
  if (!scenario || !replay) return file
  const path = pathFrom(file.placeOf([]).file, replay.file)
  const placeOf = (...field: string[]) => file.placeOf(['traffic', 'replay', ...field])
  const span = spanOf(replay, scenario)
  const reading = await read(path, replay, span, placeOf('file'), logs, problems)
  const counts = reading && countsOf(reading, replay, span, scenario, { path, placeOf, problems })
  if (counts === undefined) return { ...file, scenario: undefined }
  const traffic = Object.freeze({ ...scenario.traffic, replay: Object.freeze({ ...replay, file: path, counts }) })
  return { ...file, scenario: Object.freeze({ ...scenario, traffic }) }
}

/** Where there is no `from` the log's first request tells, and nobody knows yet how much of it the flight has time for. */
function spanOf({ fromMs, untilMs, atMs }: Replay, { durationMs }: Scenario): Span {
  const from = fromMs === undefined ? Number.NEGATIVE_INFINITY : fromMs / 1000
  const until = untilMs === undefined ? Number.POSITIVE_INFINITY : untilMs / 1000
  return { from, until: Math.min(until, from === Number.NEGATIVE_INFINITY ? until : from + flown(durationMs - atMs)) }
}

function flown(durationMs: number): number {
  return Math.ceil(durationMs / 1000)
}

async function read(
  path: string,
  replay: Replay,
  span: Span,
  mentioned: Place,
  logs: Logs,
  problems: Problems,
): Promise<LogReading | undefined> {
  const content = await logs.open(path)
  if ('missing' in content) problems.error('file-missing', mentioned, `there is no file \`${path}\``)
  else if ('isDirectory' in content) {
    problems.error('file-is-directory', mentioned, `\`${path}\` is a directory, not a file`)
  } else if ('unreadable' in content) {
    problems.error('file-unreadable', mentioned, `\`${path}\` cannot be read: ${content.unreadable}`)
  } else {
    const counter = logCounterFor(replay, span)
    try {
      for await (const chunk of content.chunks) counter.push(chunk)
      return counter.finish()
    } catch (error) {
      if (!(error instanceof BrokenLog)) throw error
      problems.error('log-broken', wholeFile(path), error.message)
    }
  }
  return undefined
}

/** Any log ends with a second in which nothing comes. */
const QUIET_MS = 60_000

interface Told {
  readonly path: string
  placeOf(...field: string[]): Place
  readonly problems: Problems
}

function countsOf(
  reading: LogReading,
  replay: Replay,
  span: Span,
  { durationMs, traffic }: Scenario,
  told: Told,
): readonly number[] | undefined {
  const { good, isFull, counts } = reading
  if (good === 0) return tellNoneGood(reading, replay, told)
  tellFlaws(reading, replay, told)
  tellDoubt(reading, told)
  if (isFull) return tellTooLong(told)
  const [earliest = Number.NaN] = counts.seconds()
  const from = replay.fromMs === undefined ? earliest : span.from
  const until = Math.min(span.until, from + flown(durationMs - replay.atMs), reading.last + 1)
  const most = limits.ratePerSecond / (replay.scale * peakFactor(traffic.crowds, traffic.bursts?.factor))
  const scaled: number[] = []
  let sum = 0
  let whole = 0
  for (let second = from; second < until; second++) {
    if (counts.of(second) > most) return tellTooMany(second, told)
    sum += counts.of(second) * replay.scale
    // Not each second is rounded but what has come so far, so that the whole stays right.
    const soFar = Math.floor(sum + 0.5)
    scaled.push(soFar - whole)
    whole = soFar
  }
  if (whole === 0) return tellNothingThere(reading, told)
  const missingMs = durationMs - replay.atMs - 1000 * scaled.length
  if (missingMs > QUIET_MS && replay.untilMs === undefined) tellShort(missingMs, told)
  return scaled
}

function tellDoubt({ doubt }: LogReading, { placeOf, problems }: Told): void {
  if (doubt === undefined) return
  const hint = 'Of requests a second write `format: prometheus-rate`.'
  problems.warning('log-no-counter', placeOf('format'), `these are hardly the values of a counter: ${doubt}`, { hint })
}

function tellNoneGood(
  { flawed, flaws }: LogReading,
  { format, timeField }: Replay,
  { path, problems }: Told,
): undefined {
  const [flaw] = flaws
  if (flaw === undefined) {
    problems.error('file-empty', wholeFile(path), 'this log holds no requests')
    return
  }
  const place = { file: path, line: flaw.line, column: flaw.column }
  const like = lineFormats.find((each) => each !== format && isLike(each, flaw.text))
  const lines = flawed === 1 ? `this is no line of \`${format}\`` : `none of ${flawed} lines is one of \`${format}\``
  const message = `${lines}: ${flaw.message}`
  const hint = like
    ? `It looks like \`${like}\`: say \`format: ${like}\`.`
    : timeField === undefined && hasNames[format]?.test(flaw.text)
      ? 'Say where the time is: `fields: {time: …}`.'
      : undefined
  problems.error('log-format', place, flaw.line === 0 ? flaw.message : message, { hint })
}

/** What a line is like whose fields people can name. */
const hasNames: { readonly [Format in LogFormat]?: RegExp } = { json: /^\s*\{/, csv: /[,;\t]/ }

function isLike(format: (typeof lineFormats)[number], text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  return lineReaderFor(format, {}).read(bytes, 0, bytes.length) === 'requests'
}

/** The first few by themselves, and then how many there are. */
function tellFlaws({ flaws, flawed, good }: LogReading, { format }: Replay, { path, problems }: Told): void {
  for (const { line, column, message } of flaws) {
    const text = line === 0 ? `left out: ${message}` : `left out, as no line of \`${format}\`: ${message}`
    problems.warning('log-line', { file: path, line, column }, text)
  }
  if (flawed <= flaws.length) return
  const message = `${flawed} of ${flawed + good} lines are left out, which are no lines of \`${format}\``
  problems.warning('log-line', wholeFile(path), message)
}

function tellTooLong({ path, placeOf, problems }: Told): undefined {
  const message = `the requests of \`${path}\` lie in more than ${limits.logHours} hours`
  const hint = 'Say which part of it is to be replayed, by `from` and `until`.'
  problems.error('limit-log-hours', placeOf('file'), message, { hint })
}

function tellTooMany(second: number, { path, placeOf, problems }: Told): undefined {
  const instantText = instant.format(1000 * second)
  const message = `\`${path}\` has more requests at ${instantText} than the limit of ${formatRate(limits.ratePerSecond)}`
  problems.error('limit-rate', placeOf('file'), `${message}, or has them by \`scale\`, \`crowds\` and \`bursts\``)
}

function tellNothingThere({ first, last }: LogReading, { path, placeOf, problems }: Told): undefined {
  const times = `its times are from ${instant.format(1000 * first)} to ${instant.format(1000 * last)}`
  const message = `nothing of \`${path}\` is left to replay`
  problems.error('log-range', placeOf('file'), message, {
    hint: `Look at \`from\`, \`until\` and \`scale\`: ${times}.`,
  })
}

function tellShort(missingMs: number, { path, placeOf, problems }: Told): void {
  const message = `\`${path}\` ends ${formatDuration(missingMs)} before the flight: from then on nothing arrives`
  problems.warning('log-short', placeOf('file'), message, {
    hint: 'Make the flight shorter, or say `until` where the log ends.',
  })
}
