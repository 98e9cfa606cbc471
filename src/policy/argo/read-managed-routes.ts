// From setHeaderRoute and setMirrorRoute steps to the routes that the controller adds to a router for a while.
import type { Json, JsonObject } from '../../scenario/json.js'
import type { Fields } from '../fields.js'
import { inOrder, pathSeen, tellInvalid, tellRequired } from './refusal.js'
import type { Routing } from './routing-spec.js'
import type { RouteStep } from './step.js'
import type { Behaviours } from './version.js'

/** Names of the routes that steps may add. */
export function readManagedRoutes(routing: Fields): readonly string[] {
  return routing.list('managedRoutes').map((route) => {
    const name = route.text('name') ?? ''
    route.end()
    return name
  })
}

export function readHeaderRoute(step: Fields, routing: Routing | undefined): RouteStep {
  const fields = step.fields('setHeaderRoute')!
  if (!routing || !(routing.istio || routing.alb || routing.apisix || routing.plugins)) {
    const detail = 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'
    tellInvalid(step, 'setHeaderRoute', routeValue(fields, ['headerName', 'headerValue']), { detail })
  }
  const conditions = fields.list('match').map((match) => {
    const header = match.text('headerName') ?? ''
    const value = match.fields('headerValue')
    const condition = { headers: { [header]: value ? readCondition(match, value, routing?.alb !== undefined) : {} } }
    match.end()
    return condition
  })
  const name = fields.text('name') ?? ''
  fields.end()
  const route: RouteStep = { kind: 'setHeaderRoute', name, match: conditions.length > 0 ? conditions : undefined }
  return route
}

export function readMirrorRoute(step: Fields, routing: Routing | undefined, does: Behaviours): RouteStep {
  const fields = step.fields('setMirrorRoute')!
  if (!routing?.istio && !routing?.plugins) {
    const detail = `SetMirrorRoute requires TrafficRouting, supports Istio ${does.nameRoutingPlugins ? 'and Plugins' : 'only'}`
    tellInvalid(step, 'setMirrorRoute', routeValue(fields, ['method', 'path', 'headers']), { detail })
  }
  const conditions = fields.list('match').map((match) => {
    const headers = match.fields('headers')
    const [method, path] = [match.fields('method'), match.fields('path')]
    const named = (headers?.keys() ?? []).map((key) => [key, headers!.raw(key) ?? {}] as const)
    match.end()
    return {
      ...(headers && { headers: Object.fromEntries(named) }),
      ...(method && { method: readCondition(match, method, false) }),
      ...(path && { uri: readCondition(match, path, false) }),
    }
  })
  const name = fields.text('name') ?? ''
  const percent = fields.integer('percentage') ?? 100
  fields.end()
  const route: RouteStep = {
    kind: 'setMirrorRoute',
    name,
    match: conditions.length > 0 ? conditions : undefined,
    percent,
  }
  return route
}

const missesValue = 'StringMatch value missed, match value must have one of the following: exact, regex, prefix'
const matchKinds = ['exact', 'regex', 'prefix'] as const

function readCondition(match: Fields, value: Fields, isAlb: boolean): JsonObject {
  const given = matchKinds.flatMap((kind) => {
    const text = value.text(kind)
    return text === undefined || text === '' ? [] : [[kind, text] as const]
  })
  value.end()
  const condition = Object.fromEntries(given)
  const tell = (detail: string) =>
    tellInvalid(value, undefined, condition, { path: pathSeen(match, undefined), detail })
  if (isAlb) {
    if (given.length !== 1 || given[0]![0] !== 'exact') {
      tell("SetHeaderRoute match value invalid. ALB supports 'exact' value only")
    }
  } else if (given.length === 0) tell(missesValue)
  else if (given.length > 1) {
    tell('StringMatch match value must have exactly one of the following: exact, regex, prefix')
  }
  return condition
}

/** The step as the controller prints it. */
function routeValue(route: Fields, keysOfMatch: readonly string[]): Json {
  const match = route.list('match').map(({ value }) => {
    const parts = keysOfMatch.map(
      (key) => [key, (key === 'headers' ? value[key] : inOrder(value[key], matchKinds)) ?? null] as const,
    )
    return inOrder(Object.fromEntries(parts), keysOfMatch)!
  })
  return inOrder({ ...route.value, match: match.length > 0 ? match : null }, ['name', 'match', 'percentage'])!
}

/** What the controller rejects of the name, and what isn't simulated. */
export function checkManaged(step: Fields, { kind, name, match }: RouteStep, routing: Routing | undefined): void {
  if (routing && routing.managedRoutes.length === 0) {
    const path = 'spec.strategy.trafficRouting.managedRoutes'
    const detail = "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'"
    tellRequired(step, kind, { path, detail, hint: `Add {name: ${name}} to managedRoutes.` })
  } else if (routing && !routing.managedRoutes.includes(name)) {
    const detail = 'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes'
    tellInvalid(step, kind, name, { detail, hint: `Add {name: ${name}} to managedRoutes.` })
  } else if (routing && match && kind === 'setMirrorRoute') {
    const message = `the copies that the route ${name} sends to the canary are not simulated`
    step.warning(kind, 'route-not-taken', message)
  }
}
