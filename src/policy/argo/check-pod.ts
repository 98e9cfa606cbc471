// The pod template of a Rollout, held against what the API server and the controller want of one.
import type { Json } from '../../scenario/json.js'
import { type Fields, pathText } from '../fields.js'
import { complaintOfLabel } from './check-name.js'
import { pathSeen } from './refusal.js'

export function checkPod(template: Fields): void {
  const annotations = template.fields('metadata')?.fields('annotations')
  for (const key of annotations?.keys() ?? []) annotations!.text(key)
  const pod = template.fields('spec') ?? template.empty('spec')
  const containers = pod.list('containers')
  if (template.has('spec') && !pod.has('containers')) tellOfApi(pod, 'containers')
  else if (!pod.has('containers') || isEmpty(pod.raw('containers'))) tell(pod, 'containers', 'Required value')
  const volumes = new Set(pod.list('volumes').map((volume) => volume.raw('name')))
  const names = containers.map((container) => container.raw('name'))
  for (const [index, container] of containers.entries()) {
    checkContainer(container, volumes)
    if (names[index] !== undefined && names.indexOf(names[index]) < index) {
      tell(container, 'name', `Duplicate value: ${JSON.stringify(names[index])}`)
    }
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
    if (!port.has('containerPort')) tellOfApi(port, 'containerPort')
    else if (port.integer('containerPort') === 0) tell(port, 'containerPort', 'Required value')
  }
  for (const variable of container.list('env')) {
    requireText(variable, 'name')
    variable.text('value')
  }
  for (const mount of container.list('volumeMounts')) {
    const wanted = mount.raw('name')
    if (wanted !== undefined && !volumes.has(wanted)) tell(mount, 'name', `Not found: ${JSON.stringify(wanted)}`)
  }
  checkOneOf(container, 'imagePullPolicy', ['Always', 'IfNotPresent', 'Never'])
}

function isEmpty(list: Json | undefined): boolean {
  return Array.isArray(list) && list.length === 0
}

function requireText(fields: Fields, key: string): string {
  if (!fields.has(key)) tellOfApi(fields, key)
  const text = fields.text(key) ?? ''
  if (fields.raw(key) === '') tell(fields, key, 'Required value')
  return text
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

/** What isn't there at all doesn't get past the API server. */
function tellOfApi(fields: Fields, key: string): void {
  fields.error(key, 'missing-field', `${pathText([...fields.path, key])}: Required value`)
}
