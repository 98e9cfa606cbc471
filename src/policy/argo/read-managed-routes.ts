// From setHeaderRoute and setMirrorRoute steps to the routes that the controller adds to a router for a while.
import type { JsonObject } from '../../scenario/json.js'
import { type Fields, pathText } from '../fields.js'
import type { RouteStep, Routing } from './rollout-spec.js'

/** Names of the routes that steps may add. */
export function readManagedRoutes(routing: Fields): readonly string[] {
  return routing.list('managedRoutes').map((route) => {
    const name = route.text('name')
    if (name === undefined) route.error('name', 'missing-field', `${pathText(route.path)}.name is missing`)
    route.end()
    return name ?? ''
  })
}

export function readHeaderRoute(step: Fields): RouteStep {
  const fields = step.fields('setHeaderRoute')!
  const conditions = fields.list('match').map((match) => {
    const header = match.text('headerName') ?? ''
    const value = match.fields('headerValue')
    const condition = { headers: { [header]: value ? readCondition(value) : {} } }
    if (!value) match.error('headerValue', 'invalid-spec', missesValue)
    match.end()
    return condition
  })
  const name = fields.text('name') ?? ''
  fields.end()
  return { kind: 'setHeaderRoute', name, match: conditions.length > 0 ? conditions : undefined }
}

export function readMirrorRoute(step: Fields): RouteStep {
  const fields = step.fields('setMirrorRoute')!
  const conditions = fields.list('match').map((match) => {
    const headers = match.fields('headers')
    const [method, path] = [match.fields('method'), match.fields('path')]
    const named = (headers?.keys() ?? []).map((key) => [key, headers!.raw(key) ?? {}] as const)
    match.end()
    return {
      ...(headers && { headers: Object.fromEntries(named) }),
      ...(method && { method: readCondition(method) }),
      ...(path && { uri: readCondition(path) }),
    }
  })
  const name = fields.text('name') ?? ''
  const percent = fields.integer('percentage') ?? 100
  fields.end()
  return { kind: 'setMirrorRoute', name, match: conditions.length > 0 ? conditions : undefined, percent }
}

const missesValue = 'StringMatch value missed, match value must have one of the following: exact, regex, prefix'

function readCondition(value: Fields): JsonObject {
  const given = (['exact', 'regex', 'prefix'] as const).flatMap((kind) => {
    const text = value.text(kind)
    return text === undefined || text === '' ? [] : [[kind, text] as const]
  })
  value.end()
  if (given.length === 0) value.error(undefined, 'invalid-spec', missesValue)
  if (given.length > 1) {
    const message = 'StringMatch match value must have exactly one of the following: exact, regex, prefix'
    value.error(undefined, 'invalid-spec', message)
  }
  return Object.fromEntries(given)
}

/** What the controller rejects as InvalidSpec, and what the requests of a scenario can't show. */
export function checkRouteStep(step: Fields, { kind, name, match }: RouteStep, routing: Routing | undefined): void {
  if (routing?.alb) {
    step.refuse(kind)
  } else if (!routing?.istio) {
    const message =
      kind === 'setHeaderRoute'
        ? 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'
        : 'SetMirrorRoute requires TrafficRouting, supports Istio and Plugins'
    step.error(kind, 'invalid-spec', message)
  } else if (!routing.managedRoutes.includes(name)) {
    const message = 'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes'
    step.error(kind, 'invalid-spec', message, `Add {name: ${name}} to managedRoutes.`)
  } else if (match) {
    const message =
      kind === 'setHeaderRoute'
        ? `no request of a scenario has a header: nobody takes the route ${name}`
        : `the copies that the route ${name} sends to the canary are not simulated`
    step.warning(kind, 'route-not-taken', message)
  }
}
