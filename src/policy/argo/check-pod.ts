// The pod template of a Rollout, held against what the API server and the controller want of one.
import { parseQuantity } from '../api/quantity.js'
import { type Fields, pathText } from '../fields.js'
import { complaintOfLabel } from './check-name.js'
import { pathSeen } from './refusal.js'

/** Of a Rollout's own template the API server lets resources pass that it refuses of other workloads. */
export function checkPod(template: Fields, isOfRollout: boolean): void {
  const pod = template.fields('spec') ?? template.empty('spec')
  const containers = pod.list('containers')
  const given = pod.raw('containers') ?? []
  // Of a pod that has no list of containers the API server tells.
  if (Array.isArray(given) && given.length === 0 && (pod.has('containers') || !template.has('spec'))) {
    tell(pod, 'containers', 'Required value')
  }
  const volumes = new Set(pod.list('volumes').map((volume) => volume.raw('name')))
  for (const container of containers) {
    checkContainer(container, volumes)
    checkResources(container, isOfRollout)
    for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      const probe = container.fields(key)
      if (probe) checkProbe(container, key, probe)
    }
  }
  const isPolicy = restartPolicies.some((policy) => policy === pod.raw('restartPolicy'))
  checkOneOf(pod, 'restartPolicy', isPolicy ? ['Always'] : restartPolicies)
  if (pod.has('activeDeadlineSeconds')) {
    tell(pod, 'activeDeadlineSeconds', 'Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported')
  }
}

/** Of pods; those of a ReplicaSet have the first. */
const restartPolicies = ['Always', 'OnFailure', 'Never']

/** In the order in which the controller looks. */
function checkContainer(container: Fields, volumes: ReadonlySet<unknown>): void {
  const name = requireText(container, 'name')
  const complaint = name === '' ? undefined : complaintOfLabel(name)
  if (complaint !== undefined) tell(container, 'name', `Invalid value: ${JSON.stringify(name)}: ${complaint}`)
  if (!container.has('image')) tell(container, 'image', 'Required value')
  else requireText(container, 'image')
  for (const port of container.list('ports')) {
    if (port.integer('containerPort') === 0) tell(port, 'containerPort', 'Required value')
  }
  for (const variable of container.list('env')) requireText(variable, 'name')
  for (const mount of container.list('volumeMounts')) {
    const wanted = mount.raw('name')
    if (wanted !== undefined && !volumes.has(wanted)) tell(mount, 'name', `Not found: ${JSON.stringify(wanted)}`)
  }
  checkOneOf(container, 'imagePullPolicy', ['Always', 'IfNotPresent', 'Never'])
}

/** Where it is missing altogether, the API server tells. */
function requireText(fields: Fields, key: string): string {
  if (fields.raw(key) === '') tell(fields, key, 'Required value')
  return fields.text(key) ?? ''
}

function checkResources(container: Fields, isOfRollout: boolean): void {
  const resources = container.fields('resources')
  const limits = resources?.fields('limits')
  const requests = resources?.fields('requests')
  for (const amounts of [limits, requests]) {
    for (const key of amounts?.keys() ?? []) checkAmount(amounts!, key, isOfRollout)
  }
  for (const key of requests?.keys() ?? []) {
    const [limit, request] = [limits?.raw(key), requests!.raw(key)!]
    const [most, least] = [parseQuantity(limit ?? null), parseQuantity(request)]
    if (most === undefined || least === undefined || least <= most) continue
    tell(resources!, 'requests', `Invalid value: "${request}": must be less than or equal to ${key} limit of ${limit}`)
  }
}

function checkAmount(amounts: Fields, key: string, isOfRollout: boolean): void {
  const value = amounts.raw(key)
  if (value === undefined || parseQuantity(value) !== undefined) return
  const message = `${pathText([...amounts.path, key])} must be a quantity such as 500m or 1Gi`
  if (!isOfRollout) amounts.error(key, 'wrong-type', message)
  else amounts.warning(key, 'invalid-quantity', `${message}: the pods get no resources at all`)
}

function checkProbe(container: Fields, key: string, probe: Fields): void {
  const [handler, another] = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((candidate) => probe.has(candidate))
  if (handler === undefined) tell(container, key, 'Required value: must specify a handler type')
  else if (another !== undefined) tell(probe, another, 'Forbidden: may not specify more than 1 handler type')
}

function checkOneOf(fields: Fields, key: string, supported: readonly string[]): void {
  const value = fields.text(key)
  if (value === undefined || value === '' || supported.includes(value)) return
  const values = supported.map((one) => JSON.stringify(one)).join(', ')
  tell(fields, key, `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`)
}

function tell(fields: Fields, key: string, what: string): void {
  const message = `${pathText([...fields.path, key])}: ${what}`
  fields.error(key, 'invalid-spec', message, { verbatim: `${pathSeen(fields, key)}: ${what}` })
}
