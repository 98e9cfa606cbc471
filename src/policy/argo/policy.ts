// An Argo Rollouts policy: one Rollout, with the templates, Services and routers that it refers to.
import { limits } from '../../scenario/limits.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { type Problem, type Problems, wholeFile } from '../../scenario/problem.js'
import type { AutoscalerSpec } from '../kubernetes/autoscaler-spec.js'
import { cpuRequestOf } from '../kubernetes/cpu-request.js'
import { readAutoscaler } from '../kubernetes/read-autoscaler.js'
import { Catalogue } from './catalogue.js'
import { checksOfAnalyses } from './check-analysis.js'
import { checkExperiments, refuseOwnExperiments } from './check-experiments.js'
import { checkReferences, type Surroundings } from './check-references.js'
import { findReferences } from './find-references.js'
import { tellLeftOut } from './kinds.js'
import { withLint } from './lint.js'
import type { Subscriptions } from './notification.js'
import { Objects } from './objects.js'
import { prune } from './prune.js'
import { readAnalysisTemplate } from './read-analysis.js'
import { readNotifications } from './read-notifications.js'
import { readRollout } from './read-rollout.js'
import { workloadKinds } from './read-template.js'
import { isRefusal, type Refusal, refusalOf } from './refusal.js'
import type { RolloutSpec } from './rollout-spec.js'
import { readSecrets } from './secrets.js'
import { newest, type Version } from './version.js'
import type { WorkloadManifest } from './workload-reference.js'

export interface ArgoPolicy extends Surroundings {
  readonly rollout: RolloutSpec
  /** What the Rollout takes its template from, where that isn't its own. */
  readonly workload: WorkloadManifest | undefined
  /** What sets the Rollout's replicas by how busy its pods are. */
  readonly autoscaler: AutoscalerSpec | undefined
  readonly catalogue: Catalogue
  /** Why the controller does nothing for the Rollout; the problems say the same. */
  readonly refusal: Refusal | undefined
  /** Of the controller that acts on it. */
  readonly version: Version
  /** Who is told of its events. */
  readonly subscriptions: Subscriptions
}

/**
 * Undefined when there is nothing to fly; why is among the problems. The same manifests are read once: whoever flies one
 * policy in many worlds meets the same objects in all of them, for which the code that flies it is compiled already.
 */
export function readPolicy(
  manifests: readonly Manifest[],
  problems: Problems,
  version: Version = newest,
): ArgoPolicy | undefined {
  if (problems.inOrder.some(isRefusal)) return readAnew(manifests, problems, version)
  const known = alreadyRead.get(manifests)
  if (known?.version === version) {
    for (const each of known.told) problems.add(each)
    return known.policy
  }
  const { count } = problems
  const policy = readAnew(manifests, problems, version)
  if (problems.count < limits.problems)
    alreadyRead.set(manifests, { version, policy, told: problems.inOrder.slice(count) })
  return policy
}

interface AlreadyRead {
  readonly version: Version
  readonly policy: ArgoPolicy | undefined
  readonly told: readonly Problem[]
}

const alreadyRead = new WeakMap<readonly Manifest[], AlreadyRead>()

function readAnew(manifests: readonly Manifest[], problems: Problems, version: Version): ArgoPolicy | undefined {
  const { count } = problems
  const policy = readObjects(manifests, problems, version)
  const known = { manifests, rollout: policy?.rollout, problems: problems.inOrder.slice(count) }
  problems.amend(count, (problem) => withLint(problem, known))
  return policy
}

function readObjects(manifests: readonly Manifest[], problems: Problems, version: Version): ArgoPolicy | undefined {
  const { does } = version
  const objects = Objects.of(manifests, problems, does)
  const [written, ...others] = objects.all('Rollout')
  if (!written) {
    if (manifests.length > 0) tellNoRollout(manifests[0]!.file, problems)
    return undefined
  }
  const rollout = objects.admitted(prune(written, version, problems))
  for (const extra of others) {
    const hint = `The first one is ${rollout.name} in ${rollout.file}.`
    problems.error('several-rollouts', placeOf(extra), `a second Rollout, ${extra.name}: a policy has one`, { hint })
  }
  const { spec, workload } = readRollout(rollout, objects, problems, does)
  const manifestsOfTemplates = ['AnalysisTemplate', 'ClusterAnalysisTemplate'].flatMap((kind) =>
    objects.within(spec.namespace, kind),
  )
  const templates = manifestsOfTemplates.map((manifest) => readAnalysisTemplate(objects.admitted(manifest), problems))
  tellOfOtherWorkloads(rollout, objects, problems)
  const autoscaler = readAutoscalerOf(spec, objects, problems)
  const secretOf = readSecrets(objects, spec.namespace, problems)
  const analyses = checksOfAnalyses(spec, templates, secretOf, rollout, objects, problems, does)
  const references = findReferences(spec, rollout, objects, analyses.find, problems)
  const surroundings = checkReferences(spec, references, objects, analyses.judge, problems)
  checkExperiments(spec, rollout, problems)
  refuseOwnExperiments(objects, spec.namespace, surroundings.services, problems)
  return {
    rollout: spec,
    workload,
    autoscaler,
    catalogue: new Catalogue(templates, secretOf, does),
    refusal: refusalOf(problems.inOrder),
    version,
    subscriptions: readNotifications(rollout, manifests, problems),
    ...surroundings,
  }
}

/** Two of one target stand in each other's way, and both give up (kubernetes 1.36). */
function readAutoscalerOf(spec: RolloutSpec, objects: Objects, problems: Problems): AutoscalerSpec | undefined {
  const found = objects.within(spec.namespace, 'HorizontalPodAutoscaler').filter((manifest) => scales(manifest, spec))
  for (const other of objects.all('HorizontalPodAutoscaler')) {
    if (!found.includes(other)) tellLeftOut(other, problems, `It scales something else than Rollout ${spec.name}.`)
  }
  const [autoscaler, another] = found
  if (another) {
    const message = `a second HorizontalPodAutoscaler of Rollout ${spec.name}, ${another.name}: neither would scale`
    problems.error('several-autoscalers', placeOf(another), message, { hint: `The first one is ${autoscaler!.name}.` })
  }
  return autoscaler && readAutoscaler(objects.admitted(autoscaler), cpuRequestOf(spec.template), problems)
}

function scales({ value }: Manifest, { name }: RolloutSpec): boolean {
  const { spec } = value as { spec?: { scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string } } }
  const { apiVersion, kind, name: wanted } = spec?.scaleTargetRef ?? {}
  return kind === 'Rollout' && wanted === name && apiVersion === 'argoproj.io/v1alpha1'
}

/** A Deployment beside the Rollout, not one that it takes its template from. */
function tellOfOtherWorkloads({ value }: Manifest, objects: Objects, problems: Problems): void {
  const { spec } = value as { spec?: { workloadRef?: { kind?: string; name?: string } } }
  const reference = spec?.workloadRef
  for (const other of workloadKinds.flatMap((kind) => objects.all(kind))) {
    if (reference?.kind === other.kind && reference.name === other.name) continue
    tellLeftOut(other, problems)
  }
}

/** Unless a manifest that couldn't be read may be the one. */
function tellNoRollout(file: string, problems: Problems): void {
  const isUnread = (code: string) =>
    code.startsWith('manifest-') || code.startsWith('yaml-') || code === 'unknown-version'
  if (problems.sorted().some(({ severity, code }) => severity === 'error' && isUnread(code))) return
  const hint = 'A policy is one Rollout of argoproj.io/v1alpha1, with its AnalysisTemplates and Services.'
  problems.error('no-rollout', wholeFile(file), 'no Rollout among the manifests', { hint })
}
