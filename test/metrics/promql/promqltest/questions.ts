// A test script as questions to an engine: its series and queries without what they should yield.

import { formatFloat } from '../../../../src/metrics/float.js'
import type { PromqlQuestion } from '../answers.js'
import { readSeries, type SeriesValue } from '../series-notation.js'
import { type Evaluation, type Load, metricOf, readScript } from './script.js'

/** A series of so many steps, most of them without a sample, is left out. */
const STEPS_LIMIT = 100_000

/** Series with samples that are not simulated are left out, and what is asked of them is asked of none. */
export function questionsOf(script: string): PromqlQuestion[] {
  const questions: PromqlQuestion[] = []
  let loads: Load[] = []
  let isLoaded = false
  for (const command of readScript(script)) {
    if (command.kind !== 'eval') {
      loads = command.kind === 'clear' ? [] : [...loads, command]
      isLoaded = false
      continue
    }
    if (!isLoaded) questions.push(seriesOf(loads))
    isLoaded = true
    questions.push(queryOf(command))
  }
  return questions
}

function queryOf({ query, at, isRange }: Evaluation): PromqlQuestion {
  const [from, to, every] = [at.startMs / 1000, at.endMs / 1000, at.stepMs / 1000]
  return isRange ? { query, from, to, every, annotations: true } : { query, at: from, annotations: true }
}

/** All with the one step that those of the loads are multiples of. */
function seriesOf(loads: readonly Load[]): PromqlQuestion {
  const stepMs = loads.map((load) => load.stepMs).reduce(greatestCommonDivisor, 0) || 1000
  const series = new Map<string, string>()
  for (const load of loads) {
    for (const { text } of load.series) {
      const metric = metricOf(text)
      if (text.includes('{{') || text.startsWith('@st', metric.length)) continue
      const { labels, values } = readSeries(text)
      const factor = load.stepMs / stepMs
      if (factor === 1) series.set(JSON.stringify(labels), text)
      else if (factor * values.length < STEPS_LIMIT) series.set(JSON.stringify(labels), metric + spread(values, factor))
    }
  }
  return { series: [...series.values()], step: `${stepMs}ms` }
}

function spread(values: readonly SeriesValue[], factor: number): string {
  return values.map((value) => ` ${typeof value === 'number' ? formatFloat(value) : value} _x${factor - 1}`).join('')
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
