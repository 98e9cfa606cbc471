// One flight as it is printed: its timeline and its verdict.
import type { StoredRun } from '../../run/record.js'
import type { Formats } from '../page.js'
import { timelineText } from '../timeline.js'
import { verdictText } from '../verdict.js'

export const runFormats: Formats<StoredRun, 'text' | 'json'> = {
  text: (run, { paint }) => {
    const timeline = timelineText(run.timeline, run.times.releasedMs, paint)
    return `${timeline}\n\n${verdictText(run, run.teaches, paint)}`
  },
  json: (run) => JSON.stringify(run),
}
