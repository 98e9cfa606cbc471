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
    const at = file.placeOf(['faults', index, kind])
    const message = 'nothing in the policy or the scenario asks Prometheus: this fault changes nothing'
    if (!isAsked) problems.warning('fault-unseen', at, message, { hint: othersSee })
    else if (kind === 'metrics')
      tellUnseen(fault, observation, (text, hint) => problems.warning('fault-unseen', at, text, { hint }))
  }
}

const othersSee = 'Signals are what other monitoring systems say: they go on whatever becomes of Prometheus.'

/** Only pods are heard of apart: one answer of a gateway, a kubelet or the cluster's exporter tells of both versions. */
function tellUnseen(
  { on: { version }, effect }: ScenarioFault,
  { watches, scrapesPods }: Observation,
  tell: (message: string, hint: string) => void,
): void {
  if (effect.kind !== 'metrics') return
  const { how } = effect
  const seesGateway = watches.has('client')
  if (version === 'gateway') {
    if (how === 'mislabelled') tell('a gateway has no other version: this fault changes nothing', 'Write on: canary.')
    else if (!seesGateway)
      tell('no query and no rule looks at what the gateway exposes: this fault changes nothing', '')
    return
  }
  if (scrapesPods || (how === 'delayed' ? version === 'both' && seesGateway : seesGateway)) return
  const seesCluster = watches.has('kubelet') || watches.has('cluster')
  if (seesCluster && (how === 'lost' || how === 'stuck')) return
  if (how === 'delayed' && seesGateway) {
    const message =
      'queries look at the gateway, whose answers tell of both versions and come late as a whole: this fault changes nothing'
    return tell(message, 'Write on: gateway.')
  }
  const [what, hint] = how === 'lost' || how === 'stuck' ? ['exposes', ''] : ['exposes by its labels', '']
  tell(
    `no query and no rule looks at what anything ${what} of the ${version === 'both' ? 'versions' : version}: this fault changes nothing`,
    hint,
  )
}
