// From a Deployment manifest to what its controller works with, with the complaints that the API server would have.
import { type Fields, pathText } from '../fields.js'
import type { ManifestTemplate } from '../pod-template.js'
import { readReplicas } from '../read-replicas.js'
import type { DeploymentSpec, PodsOrPercent, RollingUpdate } from './deployment.js'

/** All but the template and the selector, which are read by whoever knows what pods may be like. */
export function readDeployment(spec: Fields, template: ManifestTemplate): DeploymentSpec {
  const minReadySeconds = atLeastZero(spec, 'minReadySeconds') ?? 0
  const deadlineSeconds = atLeastZero(spec, 'progressDeadlineSeconds') ?? 600
  if (deadlineSeconds <= minReadySeconds) {
    const message = `${pathText([...spec.path, 'progressDeadlineSeconds'])}: must be greater than minReadySeconds`
    spec.error('progressDeadlineSeconds', 'invalid-object', message)
  }
  const read: DeploymentSpec = {
    name: spec.ownerName,
    replicas: readReplicas(spec),
    template,
    rolling: readStrategy(spec.fields('strategy') ?? spec.empty('strategy')),
    minReadyMs: minReadySeconds * 1000,
    progressDeadlineMs: deadlineSeconds === never ? Number.POSITIVE_INFINITY : deadlineSeconds * 1000,
    revisionHistoryLimit: atLeastZero(spec, 'revisionHistoryLimit') ?? 10,
    paused: spec.flag('paused') ?? false,
  }
  spec.irrelevant('template', 'selector')
  spec.end()
  return read
}

/** The greatest number of 32 bits switches the deadline off. */
const never = 2 ** 31 - 1
const quarter = '25%'

function readStrategy(strategy: Fields): RollingUpdate | undefined {
  const type = strategy.text('type') ?? 'RollingUpdate'
  const rolling = strategy.fields('rollingUpdate')
  strategy.end()
  if (type === 'Recreate') {
    if (rolling) tell(strategy, 'rollingUpdate', "Forbidden: may not be specified when strategy `type` is 'Recreate'")
    return undefined
  }
  if (type !== 'RollingUpdate') {
    const supported = 'supported values: "Recreate", "RollingUpdate"'
    tell(strategy, 'type', `Unsupported value: ${JSON.stringify(type)}: ${supported}`)
  }
  if (!rolling) return { maxSurge: quarter, maxUnavailable: quarter }
  const maxSurge = podsOrPercent(rolling, 'maxSurge')
  const maxUnavailable = podsOrPercent(rolling, 'maxUnavailable')
  rolling.end()
  if (Number.parseInt(String(maxSurge), 10) === 0 && Number.parseInt(String(maxUnavailable), 10) === 0) {
    tell(rolling, 'maxUnavailable', 'Invalid value: may not be 0 when `maxSurge` is 0')
  }
  return { maxSurge, maxUnavailable }
}

function podsOrPercent(rolling: Fields, key: string): PodsOrPercent {
  const value = rolling.intOrText(key)
  if (value === undefined) return quarter
  if (typeof value === 'number') {
    if (value < 0) tell(rolling, key, `Invalid value: ${value}: must be greater than or equal to 0`)
    return value
  }
  const [, digits] = /^(\d+)%$/.exec(value) ?? []
  const message = `a valid percent string must be a numeric string followed by an ending '%' (e.g. '5%'), not '${value}'`
  if (digits === undefined) tell(rolling, key, `Invalid value: ${message}`)
  else if (key === 'maxUnavailable' && Number(digits) > 100) tell(rolling, key, 'Invalid value: must not be above 100%')
  return `${Number(digits ?? 25)}%`
}

function atLeastZero(fields: Fields, key: string): number | undefined {
  const value = fields.integer(key)
  if (value !== undefined && value < 0) tell(fields, key, `Invalid value: ${value}: must be greater than or equal to 0`)
  return value
}

/** In the API server's words. */
function tell(fields: Fields, key: string, what: string): void {
  fields.error(key, 'invalid-object', `${pathText([...fields.path, key])}: ${what}`)
}
