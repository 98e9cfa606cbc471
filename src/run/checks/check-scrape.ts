// What a scenario says of scrapes and of what goes wrong with them, and nobody would notice: no query or rule looks there.
import type { ScenarioFault } from '../../scenario/faults.js'
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import type { Observation } from '../observation.js'

export function checkScrape(
  file: ScenarioFile,
  { observability: { scrape }, faults }: Scenario,
  observation: Observation,
  problems: Problems,
): void {
  const { watches, scrapesPods } = observation
  const place = (...path: (string | number)[]) => file.placeOf(['observability', 'scrape', ...path])
  const isAsked = observation.queries.size > 0 || observation.rules.length > 0
  if (!isAsked) {
    for (const index of scrape.gaps.keys()) {
      const message = 'nothing in the policy or the scenario asks Prometheus: this gap changes nothing'
      problems.warning('gap-unseen', place('gaps', index), message, { hint: othersSee })
    }
  }
  for (const [index, { of }] of scrape.down.entries()) {
    if (of === 'gateway' ? watches.has('client') : scrapesPods) continue
    const [what, down] = of === 'gateway' ? ['the gateway exposes', 'it is'] : [`the ${of} pods expose`, 'they are']
    const message = `no query and no rule looks at what ${what}: that ${down} down changes nothing`
    problems.warning('down-unseen', place('down', index), message)
  }
  for (const [index, fault] of faults.entries()) {
    const { kind } = fault.effect
    if (kind !== 'metrics' && kind !== 'prometheus') continue
    const unseen = isAsked ? unseenBy(fault, observation) : nobodyAsks
    if (unseen === undefined) continue
    const { message, hint } = unseen
    const at = file.placeOfFault(index, [kind])
    problems.warning('fault-unseen', at, `${message}: this fault changes nothing`, hint === undefined ? {} : { hint })
  }
}

interface Unseen {
  readonly message: string
  readonly hint?: string
}

const othersSee = 'Signals are what other monitoring systems say: they go on whatever becomes of Prometheus.'

const nobodyAsks: Unseen = { message: 'nothing in the policy or the scenario asks Prometheus', hint: othersSee }

/** Only pods are heard of apart: one answer of a gateway, a kubelet or the cluster's exporter tells of both versions. */
function unseenBy({ on: { version }, effect }: ScenarioFault, observation: Observation): Unseen | undefined {
  if (effect.kind !== 'metrics') return undefined
  const { watches, scrapesPods } = observation
  const { how } = effect
  const seesGateway = watches.has('client')
  if (version === 'gateway') {
    if (how === 'mislabelled') return { message: 'a gateway has no other version', hint: 'Write `on: canary`.' }
    return seesGateway ? undefined : { message: 'no query and no rule looks at what the gateway exposes' }
  }
  if (scrapesPods) return undefined
  if (how === 'delayed' && seesGateway && version !== 'both') {
    const message = 'queries look at the gateway, whose answers tell of both versions and come late as a whole'
    return { message, hint: 'Write `on: gateway`.' }
  }
  const seesCluster = watches.has('kubelet') || watches.has('cluster')
  if (seesGateway || (seesCluster && (how === 'lost' || how === 'stuck'))) return undefined
  const whom = version === 'both' ? 'either version' : version
  return { message: `no query and no rule looks at what \`${how}\` metrics of ${whom} would change` }
}
