// Which exporters there are in a flight: those that the scenario names, or those that the policy's router comes with.
import type { Dialect } from '../metrics/dialects/dialect.js'
import { DIALECTS, EVERYWHERE } from '../metrics/dialects/dialects.js'
import { exposedNames } from '../metrics/dialects/exposure.js'
import { ownDialect } from '../metrics/dialects/own.js'
import { gatewayPlugin } from '../policy/argo/read-plugins.js'
import type { Routing } from '../policy/argo/routing-spec.js'
import { type DialectName, dialectNames } from '../scenario/dialects.js'
import type { ScenarioFile } from '../scenario/load.js'
import type { Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'

export function chosenDialects(scenario: Scenario, routing: Routing | undefined): readonly Dialect[] {
  const { metrics } = scenario.observability
  return [...exportersOf(scenario, routing), ...(metrics.length > 0 ? [ownDialect(metrics)] : [])]
}

/** What has the same name has the same meaning: Prometheus would take both for one. */
export function refuseTakenNames(
  file: ScenarioFile,
  scenario: Scenario,
  routing: Routing | undefined,
  problems: Problems,
): void {
  for (const [index, metric] of scenario.observability.metrics.entries()) {
    const names = exposedNames(ownDialect([metric]).families[0]!)
    const taken = exportersOf(scenario, routing).find(({ families }) =>
      families.some((family) => exposedNames(family).some((name) => names.includes(name))),
    )
    if (!taken) continue
    const hint = `Choose another name, or set observability.dialect to those that you have without ${taken.name}.`
    const place = file.placeOf(['observability', 'metrics', index, 'name'])
    problems.error('metric-taken', place, `${metric.name} is a metric of the ${taken.name} dialect`, { hint })
  }
}

function exportersOf({ observability }: Scenario, routing: Routing | undefined): readonly Dialect[] {
  const names = observability.dialects ?? [...routerDialects(routing), 'app' as const]
  return [...new Set(names)].map((name) => DIALECTS[name]).concat(EVERYWHERE)
}

/** Traffic splits of SMI are Linkerd's; what is behind the Gateway API nobody says, so that both may be. */
function routerDialects(routing: Routing | undefined): readonly DialectName[] {
  if (!routing) return []
  const ofRouter: Readonly<Record<Exclude<keyof Routing, 'managedRoutes' | 'plugins'>, readonly DialectName[]>> = {
    istio: ['istio'],
    nginx: ['nginx'],
    // Its metrics are CloudWatch's.
    alb: [],
    smi: ['linkerd'],
    ambassador: ['emissary'],
    appMesh: ['app-mesh'],
    traefik: ['traefik'],
    apisix: ['apisix'],
  }
  const routers = Object.keys(ofRouter) as (keyof typeof ofRouter)[]
  const named = routers.filter((router) => routing[router] !== undefined).flatMap((router) => ofRouter[router])
  return [...named, ...(routing.plugins ?? []).flatMap(({ name }) => pluginDialects(name))]
}

function pluginDialects(plugin: string): readonly DialectName[] {
  if (plugin === gatewayPlugin) return ['envoy-gateway', 'nginx-gateway-fabric']
  return dialectNames.filter((name) => plugin.toLowerCase().endsWith(`/${name}`))
}
