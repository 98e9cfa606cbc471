// Requests as a Prometheus has counted them: the JSON of a range query, whose series are summed.
import { isJsonObject, type Json } from '../json.js'
import { limits } from '../limits.js'
import type { LogCounter, LogReading, Span } from './log-reading.js'
import { SecondCounts } from './second-counts.js'
import { addEvenly } from './spread.js'

/** Seconds and values of a series. */
type Samples = readonly (readonly [number, number])[]

/**
 * A rate holds for the time since the sample before, since rate() looks back; for no longer than the shortest step of
 * the series, so that what is missing isn't made up. A counter's increase came evenly since the sample before; where it
 * falls it has begun again at zero.
 */
export class RangeQueryCounter implements LogCounter {
  private readonly chunks: Uint8Array[] = []
  private size = 0

  constructor(
    private readonly format: 'prometheus-rate' | 'prometheus-counter',
    private readonly span: Span,
  ) {}

  push(chunk: Uint8Array): void {
    this.size += chunk.length
    if (this.size <= limits.rangeQueryBytes) this.chunks.push(chunk.slice())
    else this.chunks.length = 0
  }

  finish(): LogReading {
    if (this.size > limits.rangeQueryBytes) return nothing(`this file has more than ${limits.rangeQueryBytes} bytes`)
    const text = decoded(this.chunks)
    const series = seriesIn(text)
    if (series === undefined) return nothing('this is not the JSON of a range query (a matrix)', text)
    const counts = new SecondCounts()
    const reading = { good: 0, flawed: 0, first: Number.NaN, last: Number.NaN, isFull: false }
    for (const written of series) {
      const samples = written.filter(([second, value]) => second >= 0 && value >= 0 && value < Number.POSITIVE_INFINITY)
      reading.good += samples.length
      reading.flawed += written.length - samples.length
      for (const { from, until, count } of this.pieces(samples)) {
        reading.first = from < reading.first || Number.isNaN(reading.first) ? from : reading.first
        reading.last = until - 1 > reading.last || Number.isNaN(reading.last) ? until - 1 : reading.last
        const isOutside = until <= this.span.from || from >= this.span.until
        if (!isOutside && !addEvenly(counts, from, until, count)) reading.isFull = true
      }
    }
    const message = `samples that are no counts (NaN, infinite or negative): ${reading.flawed}`
    const flaws = reading.flawed > 0 ? [{ line: 0, column: 0, message, text: '' }] : []
    const doubt = this.format === 'prometheus-counter' ? doubtOf(series) : undefined
    return { counts, flaws, ...reading, ...(doubt === undefined ? {} : { doubt }) }
  }

  private *pieces(samples: Samples): Generator<{ from: number; until: number; count: number }> {
    const gaps = samples.slice(1).map(([second], index) => second - samples[index]![0])
    const step = Math.min(...gaps.filter((gap) => gap > 0))
    for (const [index, [until, value]] of samples.entries()) {
      const [last, valueBefore] = samples[index - 1] ?? [Number.NEGATIVE_INFINITY, value]
      const from = this.format === 'prometheus-rate' ? Math.max(last, until - step) : last
      if (!(from < until && from >= 0)) continue
      const increase = value < valueBefore ? value : value - valueBefore
      yield { from, until, count: this.format === 'prometheus-rate' ? value * (until - from) : increase }
    }
  }
}

/** What tells the rates of a counter from the counter: they go up and down, are no whole numbers, or hardly grow. */
function doubtOf(series: readonly Samples[]): string | undefined {
  const values = series.flat().map(([, value]) => value)
  if (values.some((value) => Number.isFinite(value) && !Number.isInteger(value))) return 'some are no whole numbers'
  const changes = series.flatMap((samples) => samples.slice(1).map(([, value], index) => value - samples[index]![1]))
  const falls = changes.filter((change) => change < 0).length
  if (falls > 1 && falls > changes.length * MOST_FALLS) return `they fall ${falls} times in ${changes.length}`
  const growth = changes.reduce((sum, change) => sum + Math.max(0, change), 0)
  return changes.length > 1 && growth < changes.length ? 'they grow by less than one from each to the next' : undefined
}

/** A counter begins again at zero when a process does: more rarely than it is looked at. */
const MOST_FALLS = 0.1

function nothing(message: string, text = ''): LogReading {
  const flaws = [{ line: 0, column: 0, message, text }]
  return { counts: new SecondCounts(), good: 0, flawed: 1, flaws, first: Number.NaN, last: Number.NaN, isFull: false }
}

function decoded(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
}

/** Of the whole answer, of its data, or of the list of results alone, as promtool prints it. */
function seriesIn(text: string): readonly Samples[] | undefined {
  let value: Json | undefined
  try {
    value = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  const data = isJsonObject(value) && isJsonObject(value['data']) ? value['data'] : value
  const result = isJsonObject(data) ? data['result'] : data
  if (!Array.isArray(result)) return undefined
  const series = (result as readonly Json[]).map((each) => (isJsonObject(each) ? samplesIn(each['values']) : undefined))
  return series.every((each) => each !== undefined) ? series : undefined
}

function samplesIn(values: Json | undefined): Samples | undefined {
  if (!Array.isArray(values)) return undefined
  const samples = (values as readonly Json[]).map((sample) => {
    const [time, value] = Array.isArray(sample) ? (sample as readonly Json[]) : []
    return typeof time === 'number' && typeof value === 'string'
      ? ([Math.floor(time), Number(value)] as const)
      : undefined
  })
  return samples.every((each) => each !== undefined) ? samples : undefined
}
