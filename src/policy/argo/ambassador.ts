// Ambassador as a router: beside each Mapping one for the canary, which is there only while it has a weight.
import type { Pass } from './pass.js'
import { type Router, servicesOf, tell, weighing, writeOnly } from './router.js'
import type { Weights } from './status.js'

export const ambassador: Router = weighing('ambassador', write)

/** So long the controller waits in the middle of a pass before it deletes what it has set to 0 (argo-rollouts 1.10.1). */
const propagationMs = 5000

function write(pass: Pass, weights: Weights): void {
  tell(pass, 'CanaryMappingWeightUpdate', () => `Set canary mapping weight to ${weights.canary}`)
  const { mappings } = pass.spec.canary.routing!.ambassador!
  for (const { name } of mappings) writeMapping(pass, name, weights)
}

/** A Mapping with a weight takes that part of the requests, the one without a weight takes the rest. */
function writeMapping(pass: Pass, name: string, weights: Weights): void {
  const [stable, canary] = servicesOf(pass, weights)
  const hasCanary = pass.view.cluster.route('Mapping', name).destinations.length > 1
  if (!hasCanary && weights.canary === 0) return
  writeOnly(pass, 'Mapping', name, [stable!, canary!])
  if (weights.canary === 0) pass.sleep(propagationMs, () => writeOnly(pass, 'Mapping', name, [stable!]))
}
