// The pods that a Rollout is for: its own template, or that of the workload it refers to.
import type { Problems } from '../../scenario/problem.js'
import { Fields, pathText } from '../fields.js'
import { checkPod } from './check-pod.js'
import type { Objects } from './objects.js'
import { type ManifestTemplate, podTemplate } from '../pod-template.js'
import { unresolvedWorkload } from './refusal.js'
import { checkSelector } from './selector.js'

/** Kinds that a Rollout can take its template from. */
export const workloadKinds = ['Deployment', 'ReplicaSet', 'PodTemplate'] as const

export function readTemplate(spec: Fields, namespace: string, objects: Objects, problems: Problems): ManifestTemplate {
  const reference = spec.fields('workloadRef')
  if (!reference) return readFrom(spec, spec, false)
  // The controller looks at labels and annotations alone: containers without them pass, and are ignored.
  const own = spec.fields('template')?.fields('metadata')
  if (own?.has('labels') || own?.has('annotations')) {
    const verbatim = 'template must be empty for workload reference rollout'
    const hint = 'Keep either the template or the workloadRef.'
    spec.error('template', unresolvedWorkload, verbatim, { hint, verbatim })
  }
  const workload = readReference(reference, namespace, objects, problems)
  if (!workload) return podTemplate(null)
  // A workload that has no selector, or a Rollout that has one: what is nearest to the Rollout counts.
  const hasOwn = (spec.fields('selector')?.keys() ?? []).length > 0
  return readFrom(workload, hasOwn ? spec : workload, true)
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
    const isOldVersion = rest.length === 1 && group === 'apps' && known !== undefined && known !== 'PodTemplate'
    const verbatim = isOldVersion
      ? 'the server could not find the requested resource'
      : `workload of type ${rest.length === 1 ? group : ''}/${kind} is not supported`
    reference.error('kind', unresolvedWorkload, verbatim, { hint, verbatim })
    return undefined
  }
  const found = objects.find(kind, namespace, name)
  if (!found) {
    const resource = kind === 'PodTemplate' ? 'podtemplates' : `${kind.toLowerCase()}s.apps`
    const notFound = (wanted: string) => `${resource} ${JSON.stringify(wanted)} not found`
    const hint = objects.whyMissing(kind, namespace, name)
    reference.error('name', unresolvedWorkload, notFound(name), { hint, verbatim: notFound(`${namespace}/${name}`) })
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

function readFrom(owner: Fields, selecting: Fields, isReferred: boolean): ManifestTemplate {
  const template = owner.fields('template')
  const labels = template?.fields('metadata')?.fields('labels')
  checkSelector(selecting, labels, isReferred)
  if (template) checkPod(template, !isReferred)
  else owner.error(undefined, 'invalid-spec', `${pathText([...owner.path, 'template'])} is missing`, withoutTemplate)
  return podTemplate(owner.raw('template') ?? null)
}

/** The labels that the selector wants are what the controller misses first. */
const withoutTemplate = { verbatim: 'spec.template.spec.containers: Required value' }
