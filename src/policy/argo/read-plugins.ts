// Router plugins of a Rollout: argoproj-labs/gatewayAPI with its routes, any other by its name.
import { nearName } from '../../scenario/near-name.js'
import { type Fields, pathText } from '../fields.js'
import type { GatewayRoute, GatewayRouting, PluginRouting } from './routing-spec.js'

export const gatewayPlugin = 'argoproj-labs/gatewayAPI'

/** Whether the controller has a plugin of that name stands in its own configuration: it is taken to have it. */
export function readPlugins(plugins: Fields): readonly PluginRouting[] | undefined {
  const read = plugins.keys().map((name): PluginRouting => {
    const place = plugins.place(name)
    if (name !== gatewayPlugin) {
      plugins.irrelevant(name)
      if (nearName(name, [gatewayPlugin]) !== undefined) {
        const message = `the plugin ${name} is not known: the weights that it gets are taken for the split`
        plugins.warning(name, 'unknown-plugin', message, `Did you mean ${gatewayPlugin}?`)
      }
      return { name, gateway: undefined, place }
    }
    const fields = plugins.fields(name)
    return { name, gateway: fields ? readGateway(fields) : { namespace: undefined, routes: [] }, place }
  })
  plugins.end()
  return read.length > 0 ? read : undefined
}

const kinds = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const

function readGateway(fields: Fields): GatewayRouting {
  const routes = kinds.flatMap((kind) => readRoutes(fields, kind))
  const namespace = fields.text('namespace') || undefined
  fields.irrelevant('disableInProgressLabel', 'inProgressLabelKey', 'inProgressLabelValue')
  fields.refuse(...kinds.map((kind) => `${keyOf(kind)}Selector`))
  fields.end()
  if (routes.length === 0) {
    const message =
      "No routes configured. At least one of 'httpRoutes', 'grpcRoutes', 'tcpRoutes', 'tlsRoutes', 'httpRoute', 'grpcRoute', 'tcpRoute' or 'tlsRoute' must be set"
    fields.error(undefined, 'invalid-spec', message, 'Without one every pass of the controller fails.')
  }
  return { namespace, routes }
}

/** A single route takes header routes, one of a list where it says so. */
function readRoutes(fields: Fields, kind: GatewayRoute['kind']): readonly GatewayRoute[] {
  const key = keyOf(kind)
  const several = fields.list(`${key}s`).map((route) => {
    const name = route.text('name')
    if (name === undefined) route.error(undefined, 'missing-field', `${pathText([...route.path, 'name'])} is missing`)
    const takesHeaderRoutes = route.flag('useHeaderRoutes') ?? false
    route.end()
    return { kind, name: name ?? '', takesHeaderRoutes, place: route.place('name') }
  })
  const single = fields.text(key)
  if (single === undefined || single === '') return several
  return [...several, { kind, name: single, takesHeaderRoutes: true, place: fields.place(key) }]
}

/** `httpRoute` */
function keyOf(kind: GatewayRoute['kind']): string {
  return `${kind.slice(0, -'Route'.length).toLowerCase()}Route`
}
