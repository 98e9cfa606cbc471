// What becomes of the destinations of a VirtualService's route when the controller sets a weight.
import type { Destination } from '../../world/cluster/objects.js'
import type { IstioRouting } from './routing-spec.js'
import { checkRule } from './weights-law.js'

/** What tells canary, stable, experiments and additional subsets from other destinations. */
export interface Sides {
  readonly canary: string | undefined
  readonly stable: string | undefined
  readonly rule: IstioRouting['destinationRule']
  /** The Services of an experiment's templates, with the weights that they are to have. */
  readonly experiments: readonly Destination[]
}

/**
 * Canary, stable and experiments get their weights, additional subsets keep theirs, anything else that has a weight is
 * removed. All that is found by its place before the first change: whatever stands behind a destination that is removed
 * gets the weight of the one after it, and one that isn't there any more is added anew, until the next pass puts it
 * right; of several that go the last one stays for good, without a weight (argo-rollouts 1.10.1, observed).
 */
export function spreadByIstio(before: readonly Destination[], canaryWeight: number, sides: Sides): typeof before {
  const stableWeight = restOf(before, canaryWeight, sides)
  let after: Destination[] | undefined
  for (let index = 0; index < before.length; index++) {
    const destination = before[index]!
    const host = hostOf(destination)
    const role = roleOf(destination, sides)
    if (role === 'additional' || role === 'nameless') continue
    const weight =
      role === 'canary' ? canaryWeight : role === 'stable' ? stableWeight : (weightIn(sides.experiments, host) ?? 0)
    if (destination.weight === weight) continue
    after ??= [...before]
    if (index >= after.length) after.push({ to: host, hash: undefined, weight })
    else if (role === 'other') after.splice(index, 1)
    else after[index] = weighted(after[index]!, weight)
  }
  let spread: typeof before = after ?? before
  for (const experiment of sides.experiments) {
    if (experiment.weight !== 0 && !hasHost(before, experiment.to)) spread = [...spread, experiment]
  }
  if (spread !== before && isWhole(before, canaryWeight, sides)) checkRule(spread, 100)
  return spread
}

/** Whether nothing but one canary, one stable and experiments shares the requests, and there is enough for all. */
function isWhole(before: readonly Destination[], canaryWeight: number, sides: Sides): boolean {
  let taken = canaryWeight
  for (const { weight } of sides.experiments) taken += weight
  const roles = before.map((destination) => roleOf(destination, sides))
  const ofCanary = roles.filter((role) => role === 'canary').length
  const ofStable = roles.filter((role) => role === 'stable').length
  const others = roles.filter((role) => role !== 'canary' && role !== 'stable' && role !== 'experiment').length
  return !(taken > 100) && ofCanary === 1 && ofStable === 1 && others === 0
}

/** Written out: of a spread each copy would be of a shape of its own, and this is read in every pass. */
function weighted({ to, subsetOf, hash }: Destination, weight: number): Destination {
  return subsetOf === undefined ? { to, hash, weight } : { to, subsetOf, hash, weight }
}

function restOf(before: readonly Destination[], canaryWeight: number, sides: Sides): number {
  let rest = 100 - canaryWeight
  for (const { weight } of sides.experiments) rest -= weight
  if (sides.rule === undefined) return Math.max(0, rest)
  for (const destination of before) if (roleOf(destination, sides) === 'additional') rest -= destination.weight
  return Math.max(0, rest)
}

function roleOf(
  destination: Destination,
  { canary, stable, rule, experiments }: Sides,
): 'canary' | 'stable' | 'experiment' | 'additional' | 'nameless' | 'other' {
  const { to, subsetOf } = destination
  const host = hostOf(destination)
  const subset = subsetOf === undefined ? undefined : to
  if (host === canary || (rule && subset === rule.canarySubset)) return 'canary'
  if (host === stable || (rule && subset === rule.stableSubset)) return 'stable'
  if (host === '') return 'nameless'
  if (weightIn(experiments, host) !== undefined) return 'experiment'
  return subset !== undefined && rule?.additionalSubsets.includes(subset) ? 'additional' : 'other'
}

/** Undefined where none is the host's. */
function weightIn(experiments: readonly Destination[], host: string): number | undefined {
  for (const { to, weight } of experiments) if (to === host) return weight
  return undefined
}

/** A template that got no Service has no name either, and is found nowhere. */
function hasHost(destinations: readonly Destination[], host: string): boolean {
  return host !== '' && destinations.some((destination) => hostOf(destination) === host)
}

function hostOf({ to, subsetOf }: Destination): string {
  return subsetOf ?? to
}
