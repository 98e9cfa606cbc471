// Pauses that are longer than the controller's resync: it arms no timer for them before the last of these.
import { expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout } from './plans.js'

function promotedAfterMinutes(canary: string, durationMinutes: number): number {
  const scenario = `
teaches: x
policy: policy.yaml
release: {at: 5m}
duration: ${durationMinutes}m
traffic: {rate: 10/s}
`
  const { times, verdict } = flyRecorded(planOf(scenario, rollout(5, canary)), 1)
  expect(verdict).toBe('promoted')
  return Math.round((times.promotedMs! - times.releasedMs) / 60_000)
}

it.each([10, 15, 20, 30, 45, 200])(
  'A pause of %i minutes ends in time, though nothing else wakes the controller',
  (minutes) => {
    expect(promotedAfterMinutes(`steps: [{setWeight: 20}, {pause: {duration: ${minutes}m}}]`, minutes + 30)).toBe(
      minutes,
    )
  },
)
