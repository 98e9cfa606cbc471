// The pods that a Rollout is for: its own template, or that of the workload it refers to.
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { Fields, pathText } from '../fields.js'
import { readDeployment } from '../kubernetes/read-deployment.js'
import { type ManifestTemplate, podTemplate } from '../pod-template.js'
import { readReplicas } from '../read-replicas.js'
import { checkPod } from './check-pod.js'
import type { Objects } from './objects.js'
import { atLeastZero } from './read-number.js'
import { unresolvedWorkload } from './refusal.js'
import { checkSelector } from './selector.js'
import { replicasOf, type WorkloadManifest, type WorkloadReference } from './workload-reference.js'

/** Kinds that a Rollout can take its template from. */
export const workloadKinds = ['Deployment', 'ReplicaSet', 'PodTemplate'] as const

export interface TemplateOfRollout {
  readonly template: ManifestTemplate
  readonly workloadRef: WorkloadReference | undefined
  readonly workload: WorkloadManifest | undefined
}

export function readTemplate(spec: Fields, namespace: string, objects: Objects, problems: Problems): TemplateOfRollout {
  const reference = spec.fields('workloadRef')
  if (!reference) return { template: readFrom(spec, spec, false), workloadRef: undefined, workload: undefined }
  // The controller looks at labels and annotations alone: containers without them pass, and are ignored.
  const own = spec.fields('template')?.fields('metadata')
  if (own?.has('labels') || own?.has('annotations')) {
    const verbatim = 'template must be empty for workload reference rollout'
    const hint = 'Keep either the template or the workloadRef.'
    spec.error('template', unresolvedWorkload, verbatim, { hint, verbatim })
  }
  const workloadRef = readReference(reference)
  const found = workloadRef && findWorkload(reference, workloadRef, namespace, objects)
  if (!found) return { template: podTemplate(null), workloadRef, workload: undefined }
  // A workload that has no selector, or a Rollout that has one: what is nearest to the Rollout counts.
  const hasOwn = (spec.fields('selector')?.keys() ?? []).length > 0
  const workload = readWorkload(found, problems, hasOwn ? spec : undefined)
  tellOfOwnPods(reference, workloadRef, workload)
  return {
    template: workload.kind === 'Deployment' ? workload.spec.template : workload.template,
    workloadRef,
    workload,
  }
}

/** What surprises whoever expects the Rollout to be all there is. */
function tellOfOwnPods(reference: Fields, { kind, name, scaleDown }: WorkloadReference, workload: WorkloadManifest) {
  if (
    replicasOf(workload) === 0 ||
    (kind === 'Deployment' && (scaleDown === 'onsuccess' || scaleDown === 'progressively'))
  )
    return
  const rolls = kind === 'Deployment' ? ', and rolls them to every release at once, whatever the steps say' : ''
  const hint = kind === 'Deployment' ? 'scaleDown: onsuccess takes them away once the Rollout is healthy.' : undefined
  reference.warning('scaleDown', 'workload-serves', `${kind} ${name} keeps pods of its own${rolls}`, hint)
}

function readReference(reference: Fields): WorkloadReference | undefined {
  const apiVersion = reference.text('apiVersion') ?? ''
  const kind = reference.text('kind') ?? ''
  const name = reference.text('name') ?? ''
  const scaleDown = reference.text('scaleDown') ?? 'never'
  reference.end()
  const known = workloadKinds.find((candidate) => candidate === kind)
  if (known !== undefined && apiVersion === (known === 'PodTemplate' ? 'v1' : 'apps/v1')) {
    return { kind: known, name, scaleDown }
  }
  const [group, ...rest] = apiVersion.split('/')
  const hint = 'A Rollout can refer to a Deployment or ReplicaSet of apps/v1, or a PodTemplate of v1.'
  const isOldVersion = rest.length === 1 && group === 'apps' && known !== undefined && known !== 'PodTemplate'
  const verbatim = isOldVersion
    ? 'the server could not find the requested resource'
    : `workload of type ${rest.length === 1 ? group : ''}/${kind} is not supported`
  reference.error('kind', unresolvedWorkload, verbatim, { hint, verbatim })
  return undefined
}

function findWorkload(
  reference: Fields,
  { kind, name }: WorkloadReference,
  namespace: string,
  objects: Objects,
): Manifest | undefined {
  const found = objects.find(kind, namespace, name)
  if (!found) {
    const resource = kind === 'PodTemplate' ? 'podtemplates' : `${kind.toLowerCase()}s.apps`
    const notFound = (wanted: string) => `${resource} ${JSON.stringify(wanted)} not found`
    const hint = objects.whyMissing(kind, namespace, name)
    reference.error('name', unresolvedWorkload, notFound(name), { hint, verbatim: notFound(`${namespace}/${name}`) })
  }
  return found
}

/** The manifest of a workload; where the selector counts that is written elsewhere, that one is held against it. */
export function readWorkload(manifest: Manifest, problems: Problems, selecting?: Fields): WorkloadManifest {
  const { kind, name } = manifest
  const top = Fields.of(manifest, problems)
  top.irrelevant('apiVersion', 'kind', 'metadata', 'status')
  if (kind === 'PodTemplate') return { kind, name, template: readFrom(top, selecting ?? top, true) }
  const spec = top.fields('spec') ?? top.empty('spec')
  top.end()
  const template = readFrom(spec, selecting ?? spec, true)
  if (kind === 'Deployment') return { kind, spec: readDeployment(spec, template) }
  const replicas = readReplicas(spec)
  const minReadyMs = (atLeastZero(spec, 'minReadySeconds') ?? 0) * 1000
  spec.irrelevant('template', 'selector')
  spec.end()
  return { kind: 'ReplicaSet', name, template, replicas, minReadyMs }
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
