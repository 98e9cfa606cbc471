// How an autoscaler tempers what the metrics ask for: windows, rates, bounds.
import { describe, expect, it } from 'vitest'
import type { AutoscalerSpec, Behavior, ScalingRules } from '../../../src/policy/kubernetes/autoscaler-spec.js'
import { ScalingHistory } from '../../../src/policy/kubernetes/scaling-history.js'

const fast: ScalingRules = {
  windowMs: 0,
  select: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodMs: 15_000 },
    { type: 'Percent', value: 100, periodMs: 15_000 },
  ],
}
const everything: ScalingRules = {
  windowMs: 300_000,
  select: 'Max',
  policies: [{ type: 'Percent', value: 100, periodMs: 15_000 }],
}

describe('Without a behavior', () => {
  it('a size doubles at most, or grows to four', () => {
    expect(sizes(1, Array(4).fill(50), undefined)).toEqual([4, 8, 16, 32])
  })

  it('never leaves its bounds', () => {
    expect(sizes(60, Array(3).fill(500), undefined)).toEqual([100, 100, 100])
    expect(sizes(4, Array(22).fill(1), undefined).at(-1)).toBe(2)
  })

  it('falls to the highest recommendation of the last five minutes only', () => {
    const wanted = [10, ...Array(22).fill(3)]
    const found = sizes(10, wanted, undefined)
    // 15 s apart: the tenfold one is five minutes old at the twentieth after it, and counts for the last time.
    expect(found.slice(0, 21)).toEqual(Array(21).fill(10))
    expect(found.slice(21)).toEqual([3, 3])
  })
})

describe('With a behavior', () => {
  it('of defaults, four pods or all of them again are added in 15 s', () => {
    expect(sizes(2, Array(4).fill(50), { scaleUp: fast, scaleDown: everything })).toEqual([6, 12, 24, 48])
  })

  it('that selects the least, the slower policy decides', () => {
    expect(sizes(2, Array(4).fill(50), { scaleUp: { ...fast, select: 'Min' }, scaleDown: everything })).toEqual([
      4, 8, 12, 16,
    ])
  })

  it('that is disabled, nothing changes in that direction', () => {
    expect(sizes(5, [50, 50], { scaleUp: { ...fast, select: 'Disabled' }, scaleDown: everything })).toEqual([5, 5])
  })

  it('so many pods go in a period, whatever came before', () => {
    const scaleDown: ScalingRules = {
      windowMs: 0,
      select: 'Max',
      policies: [{ type: 'Pods', value: 2, periodMs: 60_000 }],
    }
    expect(sizes(20, Array(9).fill(2), { scaleUp: fast, scaleDown })).toEqual([18, 18, 18, 18, 16, 16, 16, 16, 14])
  })

  it('a tenth a minute rounds towards fewer pods', () => {
    const scaleDown: ScalingRules = {
      windowMs: 0,
      select: 'Max',
      policies: [{ type: 'Percent', value: 10, periodMs: 15_000 }],
    }
    expect(sizes(20, Array(3).fill(2), { scaleUp: fast, scaleDown })).toEqual([18, 16, 14])
  })

  it('a window for growth waits for the lowest recommendation in it', () => {
    const scaleUp = { ...fast, windowMs: 45_000 }
    expect(sizes(4, [4, 9, 7, 8, 8, 8], { scaleUp, scaleDown: everything })).toEqual([4, 4, 4, 7, 7, 8])
  })
})

/** What becomes of a size when the metrics ask for these, one every 15 s. */
function sizes(first: number, wanted: readonly number[], behavior: Behavior | undefined): number[] {
  const spec: AutoscalerSpec = {
    name: 'shop',
    minReplicas: 2,
    maxReplicas: 100,
    metrics: [],
    tolerance: { up: 0.1, down: 0.1 },
    behavior,
  }
  const history = new ScalingHistory()
  let current = first
  return wanted.map((replicas, index) => {
    const nowMs = index * 15_000
    history.begin(current, nowMs)
    const next = history.temper(spec, current, replicas, nowMs)
    if (next !== current) history.scaled(spec, current, next, nowMs)
    current = next
    return current
  })
}
