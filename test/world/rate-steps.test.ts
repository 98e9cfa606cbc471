// The steps that a moving rate goes in: every one of them follows the one before, whichever way it goes.
import { describe, expect, it } from 'vitest'
import { rateStep } from '../../src/world/rate-steps.js'

/** From step to step, for as long as there is a next one. */
function stepsFrom(rate: number, slope: number, until: number) {
  const steps = [rateStep(rate, slope)]
  for (let end = steps[0]!.endRate; end !== undefined && slope * (until - end) > 0; end = steps.at(-1)!.endRate) {
    // However an instant is rounded.
    steps.push(rateStep(end * (1 + (steps.length % 3) * 1e-13 - 1e-13), slope))
  }
  return steps
}

describe('A rate', () => {
  it('that stands still is what people write', () => {
    for (const rate of [0, 0.05, 1, 12.5, 100, 237, 4000])
      expect(rateStep(rate, 0)).toEqual({ rate, endRate: undefined })
    expect(rateStep(12345, 0).rate).toBe(12300)
  })

  it('that grows goes through steps of 2 %, each taken for its middle', () => {
    const steps = stepsFrom(10, 1e-9, 1000)
    expect(steps.length).toBeCloseTo(Math.log(100) / Math.log(1.02), -1)
    for (const [index, { rate, endRate }] of steps.entries()) {
      const startRate = steps[index - 1]?.endRate
      if (startRate === undefined) continue
      expect(endRate! / startRate).toBeCloseTo(1.02, 9)
      expect(rate).toBeCloseTo(Math.sqrt(startRate * endRate!), 9)
    }
  })

  it('that falls goes through the same ones, the other way', () => {
    const up = stepsFrom(10, 1, 100).map(({ rate }) => rate)
    const down = stepsFrom(100, -1, 10).map(({ rate }) => rate)
    expect(down).toEqual(up.reverse())
  })

  it('next to nothing is nothing', () => {
    expect(rateStep(0, 1)).toEqual({ rate: 0, endRate: 0.01 })
    expect(rateStep(0.01, 1).rate).toBeGreaterThan(0.01)
    expect(rateStep(0.01, -1)).toEqual({ rate: 0, endRate: undefined })
    expect(rateStep(0, -1)).toEqual({ rate: 0, endRate: undefined })
  })
})
