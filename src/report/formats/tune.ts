// What came of tuning as it is printed.
import type { TuneReport } from '../../study/tune/report.js'
import type { Formats } from '../page.js'
import { tuneText } from '../tune.js'

export const tuneFormats: Formats<TuneReport, 'text' | 'json'> = {
  text: (report, { paint, columns }) => tuneText(report, paint, columns),
  json: (report) => JSON.stringify(report),
}
