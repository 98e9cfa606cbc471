// Counts the requests of a log as its bytes come in, whatever its size: chunks, then lines, then seconds.
import type { Replay } from '../traffic.js'
import { LineCounter } from './line-counter.js'
import type { LogCounter, Span } from './log-reading.js'
import { RangeQueryCounter } from './range-query.js'
import { lineReaderFor } from './readers.js'

export function logCounterFor(replay: Replay, span: Span): LogCounter {
  const { format } = replay
  if (format === 'prometheus-rate' || format === 'prometheus-counter') return new RangeQueryCounter(format, span)
  return new LineCounter(lineReaderFor(format, replay), format === 'csv', span)
}
