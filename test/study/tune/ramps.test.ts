// The simple ramps that tuned policies are held against.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OwnPilot } from '../../../src/study/crew.js'
import { compareRamps, rampsText, simpleRamps } from './ramps.js'

describe('Simple ramps', () => {
  it('take as long as the policy, or what the documentation shows', () => {
    const lengths = simpleRamps(720).map(({ steps }) => steps.reduce((sum, [, seconds]) => sum + seconds, 0))
    expect(lengths).toEqual([720, 720, 40, 600, 300])
    const [, power] = simpleRamps(720)
    // As many requests of the canary in each step, but for the rounding.
    for (const [weight, seconds] of power!.steps) expect(weight * seconds).toBeGreaterThan(1800)
  })

  it('fly in the place of the steps of a shipped policy', async () => {
    const path = join(import.meta.dirname, '..', '..', '..', 'scenarios', 'caught-by-background-analysis.yaml')
    const rows = await compareRamps(path, { crew: new OwnPilot(), size: { candidates: 1, runs: 3 }, runs: 3 })
    const [time, power] = rows
    expect(time!.simple.durationMs.value).toBeGreaterThan(720_000)
    // Its first step has a fourth of the other's users.
    expect(power!.simple.harm.value).toBeLessThan(time!.simple.harm.value / 2)
    expect(rampsText(rows).split('\n')).toHaveLength(2 + rows.length)
  })
})
