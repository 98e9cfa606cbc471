// AWS App Mesh as a router: the weighted targets of a VirtualRouter, and which pods its VirtualNodes mean.
import type { Pass } from './pass.js'
import { type Router, rewrite, weighing, withShares, writeOnly } from './router.js'
import type { Weights } from './status.js'

/** None of it is told by an event. */
export const appMesh: Router = weighing('appMesh', write)

function write(pass: Pass, weights: Weights): void {
  const { virtualService, canaryNode, stableNode } = pass.spec.canary.routing!.appMesh!
  const { canaryHash, stableHash, canary } = weights
  writeNode(pass, stableNode, stableHash)
  // Two nodes may not select the same pods.
  writeNode(pass, canaryNode, canaryHash === stableHash ? nobodysHash : canaryHash)
  const shares = [
    { to: stableNode, hash: undefined, weight: 100 - canary },
    { to: canaryNode, hash: undefined, weight: canary },
  ]
  // Which router it is stands in the VirtualService: it goes by the name of that.
  const route = pass.view.cluster.route('VirtualRouter', virtualService.name)
  rewrite(pass, route, ({ destinations }) => withShares(destinations, shares))
}

const nobodysHash = 'canary-hash'

function writeNode(pass: Pass, name: string, hash: string): void {
  writeOnly(pass, 'VirtualNode', name, [{ to: name, hash, weight: 0 }])
}
