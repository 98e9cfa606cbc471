// The pods that a Rollout is for: its own template, or that of the workload it refers to.
import type { Problems } from '../../scenario/problem.js'
import { Fields, pathText } from '../fields.js'
import { checkPod } from './check-pod.js'
import type { Objects } from './objects.js'
import { type ManifestTemplate, podTemplate } from './pod-template.js'
import { checkSelector } from './selector.js'

/** Kinds that a Rollout can take its template from. */
export const workloadKinds = ['Deployment', 'ReplicaSet', 'PodTemplate'] as const

export function readTemplate(spec: Fields, namespace: string, objects: Objects, problems: Problems): ManifestTemplate {
  const reference = spec.fields('workloadRef')
  if (!reference) return readFrom(spec, spec)
  // The controller looks at labels and annotations alone: containers without them pass, and are ignored.
  const own = spec.fields('template')?.fields('metadata')
  if (own?.has('labels') || own?.has('annotations')) {
    const message = 'template must be empty for workload reference rollout'
    spec.error('template', 'invalid-spec', message, 'Keep either the template or the workloadRef.')
  }
  const workload = readReference(reference, namespace, objects, problems)
  if (!workload) return podTemplate(null)
  // A workload that has no selector, or a Rollout that has one: what is nearest to the Rollout counts.
  const hasOwn = (spec.fields('selector')?.keys() ?? []).length > 0
  return readFrom(workload, hasOwn ? spec : workload)
}

function readReference(reference: Fields, namespace: string, objects: Objects, problems: Problems): Fields | undefined {
  const apiVersion = reference.text('apiVersion') ?? ''
  const kind = reference.text('kind') ?? ''
  const name = reference.text('name') ?? ''
  const scaleDown = reference.text('scaleDown') ?? 'never'
  reference.end()
  const known = workloadKinds.find((candidate) => candidate === kind)
  const isKnown = known !== undefined && apiVersion === (known === 'PodTemplate' ? 'v1' : 'apps/v1')
  if (!isKnown) {
    const [group, ...rest] = apiVersion.split('/')
    const hint = 'A Rollout can refer to a Deployment or ReplicaSet of apps/v1, or a PodTemplate of v1.'
    reference.error(
      'kind',
      'invalid-spec',
      `workload of type ${rest.length === 1 ? group : ''}/${kind} is not supported`,
      hint,
    )
    return undefined
  }
  const found = objects.find(kind, namespace, name)
  if (!found) {
    const message = `${kind.toLowerCase()}s.apps ${JSON.stringify(name)} not found`
    reference.error('name', 'missing-reference', message, objects.whyMissing(kind, namespace, name))
    return undefined
  }
  const top = Fields.of(found, problems)
  if (kind === 'PodTemplate') return top
  const workload = top.fields('spec') ?? top.empty('spec')
  if (scaleDown === 'never' && workload.integer('replicas') !== 0) {
    const message = `${kind} ${name} keeps pods of its own, which are not simulated: only the Rollout's serve`
    reference.warning('scaleDown', 'workload-left-out', message, 'scaleDown: onsuccess takes them away on a cluster.')
  }
  return workload
}

function readFrom(owner: Fields, selecting: Fields): ManifestTemplate {
  const template = owner.fields('template')
  if (!template) owner.error(undefined, 'invalid-spec', `${pathText([...owner.path, 'template'])} is missing`)
  const labels = template?.fields('metadata')?.fields('labels')
  for (const key of labels?.keys() ?? []) labels!.text(key)
  checkSelector(selecting, labels)
  if (template) checkPod(template)
  return podTemplate(owner.raw('template') ?? null)
}
