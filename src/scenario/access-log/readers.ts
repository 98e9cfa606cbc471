// Which reader a format has.
import type { Replay } from '../traffic.js'
import { AccessLine } from './access-line.js'
import { CsvLine } from './csv-line.js'
import type { LogFormat } from './formats.js'
import { JsonLine } from './json-line.js'
import type { LineReader } from './line-reader.js'

export type LineFormat = Exclude<LogFormat, 'prometheus-rate' | 'prometheus-counter'>

export const lineFormats = ['combined', 'common', 'envoy', 'envoy-json', 'json', 'csv'] as const satisfies LineFormat[]

type Names = Pick<Replay, 'timeField' | 'countField'>

export function lineReaderFor(format: LineFormat, { timeField, countField }: Names): LineReader {
  switch (format) {
    case 'common':
    case 'combined':
    case 'envoy':
      return new AccessLine(format)
    case 'json':
      return new JsonLine(timeField ?? 'time', countField)
    case 'envoy-json':
      return new JsonLine('start_time', undefined)
    case 'csv':
      return new CsvLine(timeField, countField)
  }
}
