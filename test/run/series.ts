// What Prometheus has of a flight, asked at times since the release.
import { expect } from 'vitest'
import { compile } from '../../src/metrics/promql/query.js'
import type { Plan } from '../../src/run/plan.js'

/** Values by pod of an instant query at a time since the release. */
export function valuesByPod(plan: Plan, query: string, sinceReleaseMs: number): Record<string, number> {
  const { startsAtMs, exposure, releaseAtMs } = plan.observation
  const value = compile(query).at(exposure.store, startsAtMs + releaseAtMs + sinceReleaseMs)
  if (value.kind !== 'vector') throw new Error(`${query} is a ${value.kind}`)
  return Object.fromEntries(value.samples.map((sample) => [sample.labels.get('pod') ?? '', sample.value]))
}

/** Of the one series that is selected: [seconds since the release, value]. */
export function samplesOf(
  plan: Plan,
  selector: string,
  overMs: number,
  sinceReleaseMs: number,
): (readonly [number, number])[] {
  const { startsAtMs, exposure, releaseAtMs } = plan.observation
  const value = compile(`${selector}[${overMs}ms]`).at(exposure.store, startsAtMs + releaseAtMs + sinceReleaseMs)
  if (value.kind !== 'matrix') throw new Error(`${selector} is a ${value.kind}`)
  expect(value.series.length).toBeLessThanOrEqual(1)
  const points = value.series[0]?.points ?? []
  return points.map((point) => [(point.timeMs - startsAtMs - releaseAtMs) / 1000, point.value] as const)
}
