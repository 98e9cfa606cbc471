// What becomes of the destinations of a VirtualService's route when the controller sets a weight.
import type { Destination } from '../../world/cluster/objects.js'
import type { IstioRouting } from './rollout-spec.js'

/** What tells canary, stable and additional subsets from other destinations. */
export interface Sides {
  readonly canary: string | undefined
  readonly stable: string | undefined
  readonly rule: IstioRouting['destinationRule']
}

/**
 * Canary and stable get their weights, additional subsets keep theirs, anything else that has a weight is removed. All
 * that is found by its place before the first change: whatever stands behind a destination that is removed gets the
 * weight of the one after it, and one that isn't there any more is added anew, until the next pass puts it right
 * (argo-rollouts 1.10.1).
 */
export function spreadByIstio(before: readonly Destination[], canaryWeight: number, sides: Sides): typeof before {
  const stableWeight = restOf(before, canaryWeight, sides)
  let after: Destination[] | undefined
  for (let index = 0; index < before.length; index++) {
    const destination = before[index]!
    const role = roleOf(destination, sides)
    const weight = role === 'canary' ? canaryWeight : role === 'stable' ? stableWeight : 0
    if (role === 'additional' || destination.weight === weight) continue
    after ??= [...before]
    if (index >= after.length) after.push({ to: hostOf(destination), hash: undefined, weight })
    else if (role === 'other') after.splice(index, 1)
    else after[index] = { ...after[index]!, weight }
  }
  return after ?? before
}

function restOf(before: readonly Destination[], canaryWeight: number, sides: Sides): number {
  let rest = 100 - canaryWeight
  for (const destination of before) if (roleOf(destination, sides) === 'additional') rest -= destination.weight
  return Math.max(0, rest)
}

function roleOf(
  destination: Destination,
  { canary, stable, rule }: Sides,
): 'canary' | 'stable' | 'additional' | 'other' {
  const { to, subsetOf } = destination
  const host = hostOf(destination)
  const subset = subsetOf === undefined ? undefined : to
  if (host === canary || (rule && subset === rule.canarySubset)) return 'canary'
  if (host === stable || (rule && subset === rule.stableSubset)) return 'stable'
  return subset !== undefined && rule?.additionalSubsets.includes(subset) ? 'additional' : 'other'
}

function hostOf({ to, subsetOf }: Destination): string {
  return subsetOf ?? to
}
