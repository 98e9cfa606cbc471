// The pod template of a Rollout, held against what the API server and the controller want of one.
import { type Fields, pathText } from '../fields.js'
import { complaintOfLabel } from './check-name.js'

export function checkPod(template: Fields): void {
  const annotations = template.fields('metadata')?.fields('annotations')
  for (const key of annotations?.keys() ?? []) annotations!.text(key)
  const pod = template.fields('spec') ?? template.empty('spec')
  const containers = pod.list('containers')
  const given = pod.raw('containers')
  if (given === undefined || (Array.isArray(given) && given.length === 0)) {
    template.error('spec', 'invalid-spec', `${pathText([...template.path, 'spec', 'containers'])}: Required value`)
  }
  const volumes = new Set(pod.list('volumes').map((volume) => volume.raw('name')))
  const names = containers.map((container) => container.raw('name'))
  for (const [index, container] of containers.entries()) {
    checkContainer(container, volumes)
    if (names[index] !== undefined && names.indexOf(names[index]) < index) {
      tell(container, 'name', `Duplicate value: ${JSON.stringify(names[index])}`)
    }
  }
  checkOneOf(pod, 'restartPolicy', ['Always'])
  if (pod.has('activeDeadlineSeconds')) {
    tell(pod, 'activeDeadlineSeconds', 'Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported')
  }
}

function checkContainer(container: Fields, volumes: ReadonlySet<unknown>): void {
  for (const key of ['name', 'image'] as const) {
    const isGiven = container.has(key) && container.text(key) !== ''
    if (!isGiven) tell(container, key, 'Required value')
  }
  const name = container.raw('name')
  const complaint = typeof name === 'string' && name !== '' ? complaintOfLabel(name) : undefined
  if (complaint !== undefined) tell(container, 'name', `Invalid value: ${JSON.stringify(name)}: ${complaint}`)
  checkOneOf(container, 'imagePullPolicy', ['Always', 'IfNotPresent', 'Never'])
  for (const variable of container.list('env')) {
    if (!variable.text('name')) tell(variable, 'name', 'Required value')
    variable.text('value')
  }
  for (const port of container.list('ports')) {
    if (!port.integer('containerPort')) tell(port, 'containerPort', 'Required value')
  }
  for (const mount of container.list('volumeMounts')) {
    const wanted = mount.raw('name')
    if (wanted !== undefined && !volumes.has(wanted)) tell(mount, 'name', `Not found: ${JSON.stringify(wanted)}`)
  }
  for (const key of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
    const probe = container.fields(key)
    if (probe) checkProbe(container, key, probe)
  }
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
  fields.error(key, 'invalid-spec', `${pathText([...fields.path, key])}: ${what}`)
}
