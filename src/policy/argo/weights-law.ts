// What holds for the weights that the controller sets, whatever a policy asks for: they share out the whole.
import { BrokenLaw } from '../../world/broken-law.js'
import type { Destination } from '../../world/cluster/objects.js'
import type { Weights } from './status.js'

/** Stable's may be below zero: experiments may ask for more than it has. */
export function checkWeights({ canary, stable, additional }: Weights, maxWeight: number): void {
  let sum = canary + stable
  for (const { weight } of additional) sum += weight
  if (canary >= 0 && canary <= maxWeight && sum === maxWeight) return
  throw new BrokenLaw('weights sum to the whole', { canary, stable, sum, maxWeight })
}

/** Those of one rule of a router that demands it. */
export function checkRule(destinations: readonly Destination[], maxWeight: number): void {
  let sum = 0
  for (const { weight } of destinations) sum += weight
  if (sum !== maxWeight) throw new BrokenLaw('weights sum to the whole', { sum, maxWeight })
}
