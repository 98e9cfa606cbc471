// What becomes of a VirtualService's destinations while an experiment gets requests, pass by pass: as the controller's
// source has it (argo-rollouts 1.10.1, rollout/trafficrouting/istio), and recorded in the cases ax-weights-istio and ax-subsets.
import { describe, expect, it } from 'vitest'
import { type Sides, spreadByIstio } from '../../../src/policy/argo/spread-by-istio.js'
import { BrokenLaw } from '../../../src/world/broken-law.js'
import type { Destination } from '../../../src/world/cluster/objects.js'

describe('An experiment', () => {
  it('is added behind the others, and takes its part of what stable has', () => {
    expect(passes('stable 90, canary 10', 10, 'next 20')).toEqual(['stable 70, canary 10, next 20'])
  })

  it('gets another weight where it is already', () => {
    expect(passes('stable 70, next 20, canary 10', 10, 'next 5')).toEqual(['stable 85, next 5, canary 10'])
  })

  it('goes with its weight, one pass at a time as far as places shift', () => {
    expect(passes('stable 70, canary 10, next 20', 10, '')).toEqual(['stable 90, canary 10'])
    expect(passes('next 20, stable 70, canary 10', 10, '')).toEqual(['stable 70, canary 90', 'stable 90, canary 10'])
  })

  it('leaves an empty destination behind when it had two templates', () => {
    expect(passes('stable 60, canary 10, base 10, next 20', 10, '')).toEqual([
      'stable 90, canary 10, next 20, next 0',
      'stable 90, canary 10, next 0',
    ])
  })

  it('may ask for more than stable has, which has nothing then', () => {
    expect(passes('stable 20, canary 80', 80, 'next 30')).toEqual(['stable 0, canary 80, next 30'])
  })

  it('without a weight is not added', () => {
    expect(passes('stable 90, canary 10', 10, 'next 0')).toEqual([])
  })

  it('leaves additional subsets their part', () => {
    const rule = { name: 'shop', stableSubset: 'old', canarySubset: 'new', additionalSubsets: ['beta'] }
    const before = [
      { to: 'old', subsetOf: 'shop', hash: undefined, weight: 85 },
      { to: 'new', subsetOf: 'shop', hash: undefined, weight: 10 },
      { to: 'beta', subsetOf: 'shop', hash: undefined, weight: 5 },
    ]
    const sides = { canary: undefined, stable: undefined, rule, experiments: listed('next 20') }
    expect(told(spreadByIstio(before, 10, sides))).toBe('old 65, new 10, beta 5, next 20')
  })
})

it('The weights of a canary and a stable version are never written without their sum being 100', () => {
  expect(() => passes('stable 90, canary 10', Number.NaN, '')).toThrow(BrokenLaw)
})

/** What is written until nothing changes any more. */
function passes(before: string, canaryWeight: number, experiments: string): readonly string[] {
  const sides: Sides = { canary: 'canary', stable: 'stable', rule: undefined, experiments: listed(experiments) }
  const written: string[] = []
  let destinations: readonly Destination[] = listed(before)
  for (;;) {
    const after = spreadByIstio(destinations, canaryWeight, sides)
    if (after === destinations) return written
    written.push(told(after))
    destinations = after
  }
}

function listed(text: string): readonly Destination[] {
  return text.split(', ').flatMap((each) => {
    const [to = '', weight] = each.split(' ')
    return to === '' ? [] : [{ to, hash: undefined, weight: Number(weight) }]
  })
}

function told(destinations: readonly Destination[]): string {
  return destinations.map(({ to, weight }) => `${to} ${weight}`).join(', ')
}
