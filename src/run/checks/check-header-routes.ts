// Tells of header routes that no request of the scenario takes, and of headers that no route asks for.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import type { Routing } from '../../policy/argo/routing-spec.js'
import { partOf } from '../../policy/argo/step.js'
import { takesRequest } from '../../policy/argo/takes-request.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Strand } from '../../world/strand.js'

export function checkHeaderRoutes(
  { rollout: { canary } }: ArgoPolicy,
  strands: readonly Strand[],
  manifests: readonly Manifest[],
  problems: Problems,
): void {
  const { routing, steps } = canary
  if (!routing) return
  const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
  for (const [index, step] of steps.entries()) {
    const added = partOf(step, 'setHeaderRoute')
    if (!added?.match) continue
    const { name, match } = added
    const isTaken = strands.some(({ headers }) =>
      kindsOf(routing).some((kind) => takesRequest(kind, { match }, headers)),
    )
    if (isTaken) continue
    const at = manifest.positionOf(['spec', 'strategy', 'canary', 'steps', index, 'setHeaderRoute'])
    const message = `no request of the scenario has the headers of the route ${name}: nobody takes it`
    const hint =
      'Say who sends them in traffic.segments or traffic.routes, such as `paid: {share: 10%, headers: {x-plan: paid}}`.'
    problems.warning('route-not-taken', { file: manifest.file, ...at }, message, { hint })
  }
}

/** Of the objects that get header routes. */
function kindsOf({ istio, alb, apisix, plugins }: Routing): readonly string[] {
  const kinds = [istio && 'VirtualService', alb && 'ALB', apisix && 'ApisixRoute', plugins && 'HTTPRoute']
  return kinds.filter((kind) => kind !== undefined)
}
