// Where a flow knows the queues at pods only roughly, so that requests had better be flown one by one.
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import { Latency } from '../../world/latency/latency.js'
import type { RequestFault, ServicePlan } from '../../world/service.js'
import { canary, stable } from '../stacks.js'

const hint = 'Fly requests one by one, with `fidelity: request` or --fidelity request; docs/numbers.md says how rough.'

/** To be called where they are flown as a flow. */
export function tellRoughQueues(file: ScenarioFile, plan: ServicePlan, problems: Problems): void {
  const reasons = [stable, canary].map((version) => reasonsOf(plan, version))
  for (const [version, name] of ['stable', 'canary'].entries()) {
    const own = reasons[version]!.join('; ')
    if (own === '' || (version === canary && own === reasons[stable]!.join('; '))) continue
    const place = file.placeOf(['service', name, 'capacity'])
    problems.warning('queues-roughly', place, `a flow knows the queues of ${name} pods only roughly: ${own}`, { hint })
  }
}

function reasonsOf(plan: ServicePlan, version: number): readonly string[] {
  // Where nothing is released there is no canary.
  const places = plan.bases[version]?.[0]?.places
  if (places === undefined || places.queue === 0) return []
  const { concurrency, queue } = places
  const service = serviceOf(plan, version)
  const reasons: string[] = []
  const rough = [
    { when: '', law: service },
    ...plan.faults
      .filter(({ effect, versions }) => effect.kind === 'latency' && versions.includes(version))
      .map((fault) => ({ when: ' while a fault slows them', law: serviceOf(plan, version, fault) })),
  ].find(({ law }) => isFarFromExponential(law))
  if (rough) {
    const times = Math.sqrt(squaredVariation(rough.law)).toPrecision(2)
    reasons.push(`how long requests take varies by ${times} times the mean${rough.when}, where it should be about 1`)
  }
  const { timeoutMs = Number.POSITIVE_INFINITY } = plan
  if ((timeoutMs * concurrency) / service.meanMs < queue) reasons.push('clients give up before the queue is full')
  const fullMs = (queue * service.meanMs) / concurrency
  if (fullMs > MOST_FULL_MS)
    reasons.push(`a full queue takes ${Math.round(fullMs / 1000)} s to work off, and here none`)
  return reasons
}

/** Shorter than any window in which somebody looks at it. */
const MOST_FULL_MS = 10_000

function serviceOf({ bases, strands }: ServicePlan, version: number, fault?: RequestFault): Latency {
  return Latency.ofKinds(
    bases[version]!.flatMap(({ latency }, strand) => {
      const { share } = strands[strand]!
      const isSlowed = fault?.effect.kind === 'latency'
      const law = isSlowed ? latency.partly(fault.share(version, strand), fault.effect.change) : latency
      return share > 0 ? [{ share, law }] : []
    }),
  )
}

/** Between these the approximation is as near as for exponential services. */
function isFarFromExponential(law: Latency): boolean {
  const squared = squaredVariation(law)
  return squared < 0.35 || squared > 1.75
}

/** Variance over squared mean. */
function squaredVariation(law: Latency): number {
  return law.secondMoment / (law.meanMs * law.meanMs) - 1
}
