// What a scenario says of requests that touch each other, and no flight acts on yet.
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import type { FidelityChoice } from '../fidelity.js'

export function checkCoupling(
  file: ScenarioFile,
  { clients, service }: Scenario,
  { fidelity }: FidelityChoice,
  problems: Problems,
): void {
  const refuse = (path: readonly string[], message: string) => {
    problems.error('not-simulated', file.placeOf(path), message, { hint: 'Leave it out.' })
  }
  if (clients.retries) refuse(['clients', 'retries'], 'requests that are sent again are not simulated yet')
  if (clients.connections) refuse(['clients', 'connections'], 'connections that clients keep are not simulated yet')
  for (const version of ['stable', 'canary'] as const) {
    const isSaid = version === 'stable' || service.canary.places !== service.stable.places
    if (fidelity === 'flow' || service[version].places === undefined || !isSaid) continue
    refuse(['service', version, 'capacity'], 'requests one by one that wait for a place are not simulated yet')
  }
}
