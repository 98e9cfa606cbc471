// Measurements by Kayenta: a judgement is asked for, and its score is fetched 15 seconds later.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { View } from '../view.js'
import { type AnalysisRun, isTerminating, type Measurement } from './analysis-run.js'
import type { Metric } from './metric.js'
import { phaseOfScore } from './provider/kayenta.js'
import type { KayentaTemplate } from './provider/provider.js'

const againMs = 15_000

/** The first state of a measurement, or the last one: the score is there when it is first asked for. */
export function askKayenta(kayenta: KayentaTemplate, metric: Metric, run: AnalysisRun, view: View): Measurement {
  const { now } = view.loop
  const last = run.resultOf(metric)?.measurements.at(-1)
  if (last?.unfinished) return isTerminating(run) ? last : score(kayenta, last, metric, view)
  return {
    phase: 'Running',
    value: () => undefined,
    message: '',
    startedAtMs: floorToSecond(now),
    finishedAtMs: Number.NaN,
    unfinished: { resumeAtMs: floorToSecond(now + againMs) },
  }
}

function score(kayenta: KayentaTemplate, running: Measurement, metric: Metric, view: View): Measurement {
  const { unfinished: _, ...measurement } = running
  const finishedAtMs = floorToSecond(view.loop.now)
  const reading = view.read!(metric.source)
  const number = reading.kind === 'numbers' ? reading.values[0] : undefined
  if (number === undefined || !Number.isFinite(number)) {
    const message = reading.kind === 'error' ? reading.message : 'Missing Score'
    return { ...measurement, phase: 'Error', message, finishedAtMs }
  }
  const whole = Math.trunc(number)
  return { ...measurement, phase: phaseOfScore(kayenta, whole), value: () => String(whole), finishedAtMs }
}
