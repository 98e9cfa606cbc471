// What a scenario and a policy can be without, but not with each other.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { routersOf } from '../../policy/argo/routers.js'
import type { ScenarioFile } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import { refuseTakenNames } from '../chosen-dialects.js'
import { checkPluginScripts } from '../scripted-plugins.js'

export function checkTogether(
  file: ScenarioFile,
  scenario: Scenario,
  policy: ArgoPolicy,
  manifests: readonly Manifest[],
  problems: Problems,
): void {
  checkFields(file, scenario, policy, problems)
  refuseTakenNames(file, scenario, policy.rollout.canary.routing, problems)
  checkPluginScripts(file, scenario.plugins, policy, manifests, problems)
  tellIfNoServiceOfAll(policy, manifests, problems)
}

function checkFields(file: ScenarioFile, scenario: Scenario, { rollout }: ArgoPolicy, problems: Problems): void {
  const { traffic, releaseImage, service } = scenario
  if (traffic.sticky !== undefined && traffic.sticky !== 'request' && !rollout.canary.routing) {
    const hint =
      'A Service spreads requests over pods without knowing who sends them: add trafficRouting, or remove sticky.'
    const place = file.placeOf(['traffic', 'sticky'])
    problems.error('sticky-without-router', place, 'traffic.sticky needs a policy with a router', { hint })
  }
  const isLimited = [service.stable, service.canary].some(
    ({ capacityPerSecond, places }) => capacityPerSecond ?? places,
  )
  if (traffic.sticky === 'cookie' && isLimited) {
    const message = 'cookies are not simulated together with a capacity: they decide how many requests a version gets'
    const hint = 'Write `hash` or `resalted`, or leave the capacity out.'
    problems.error('cookie-with-capacity', file.placeOf(['traffic', 'sticky']), message, { hint })
  }
  if (releaseImage === rollout.template.image) {
    const hint = 'Name another tag, or remove release.image: a tag is made up then.'
    const message = `release.image is what the policy's Rollout runs already: nothing is released`
    problems.error('nothing-released', file.placeOf(['release', 'image']), message, { hint })
  }
}

/** Without a router, requests reach a new version through a Service that selects both. */
function tellIfNoServiceOfAll({ rollout, services }: ArgoPolicy, manifests: readonly Manifest[], problems: Problems) {
  const { routing, stableService, canaryService } = rollout.canary
  if ((routing && routersOf(routing).length > 0) || stableService === undefined) return
  if (services.some(({ name }) => name !== stableService && name !== canaryService)) return
  const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
  const at = manifest.positionOf(['spec', 'strategy', 'canary', 'stableService'])
  const message = `no Service selects both versions: Service "${stableService}" leads to stable only until the promotion`
  const hint =
    'Requests are taken to reach every ready pod, as through a Service that the Rollout does not name: add it.'
  problems.warning('no-common-service', { file: manifest.file, ...at }, message, { hint })
}
