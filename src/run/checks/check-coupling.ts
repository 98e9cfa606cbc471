// What a scenario says of requests that touch each other, and what doesn't go together there.
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'

/** A router chooses a pod for every request, on whichever connection it comes. */
export function checkCoupling(file: ScenarioFile, scenario: Scenario, isRouted: boolean, problems: Problems): void {
  const { clients, traffic } = scenario
  const refuse = (path: readonly string[], message: string, hint: string) => {
    problems.error('not-simulated', file.placeOf(path), message, { hint })
  }
  if (clients.retries && traffic.sticky === 'cookie') {
    const message = 'cookies are not simulated together with retries: a response that is an error may set one or not'
    refuse(['traffic', 'sticky'], message, 'Write `hash` or `resalted`, or leave the retries out.')
  }
  if (clients.connections && isRouted) {
    const message = 'connections make no difference here: the traffic router chooses a pod for every request'
    refuse(['clients', 'connections'], message, 'Leave them out, or release without a traffic router.')
  } else if (clients.connections && traffic.sticky !== undefined && traffic.sticky !== 'request') {
    const message = 'connections that pin requests to pods are not simulated together with users that stick to versions'
    refuse(['clients', 'connections'], message, 'Leave one of them out.')
  }
}
