// An Argo Rollouts policy: one Rollout, with the templates, Services and routers that it refers to.

import type { Manifest } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { Destination } from '../../world/cluster/objects.js'
import {
  type AnalysisRequest,
  type Arg,
  expandTemplates,
  lookupIn,
  type MetricTemplate,
  substitute,
  type TemplateReference,
} from './analysis-template.js'
import { Catalogue } from './catalogue.js'
import { compile } from './condition/condition.js'
import { unmodelledParts } from './condition/unmodelled.js'
import { intOf } from './metric.js'
import { readAnalysisTemplate } from './read-analysis.js'
import { readRollout } from './read-rollout.js'
import type { RolloutSpec } from './rollout-spec.js'

export interface ArgoPolicy {
  readonly rollout: RolloutSpec
  readonly catalogue: Catalogue
  /** Names of the Services that come with it. */
  readonly services: readonly string[]
  /** What the routers do before the controller writes to them. */
  readonly routes: readonly Route[]
}

export interface Route {
  readonly kind: string
  readonly name: string
  readonly destinations: readonly Destination[]
}

/** Kinds that come along in a folder of manifests and have no say in a rollout. */
const bystanders = new Set([
  'Namespace',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'Gateway',
  'DestinationRule',
  'VirtualService',
  'Ingress',
  'Service',
  'ServiceMonitor',
  'PodMonitor',
])

/** Undefined when there is nothing to fly; why is among the problems. */
export function readPolicy(manifests: readonly Manifest[], problems: Problems): ArgoPolicy | undefined {
  const rollouts = manifests.filter(({ kind }) => kind === 'Rollout')
  const templates = manifests.filter(({ kind }) => kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate')
  for (const manifest of manifests) tellIfForeign(manifest, problems)
  for (const extra of rollouts.slice(1)) {
    const hint = `The first one is ${rollouts[0]!.name} in ${rollouts[0]!.file}.`
    problems.error('several-rollouts', placeOf(extra), `a second Rollout, ${extra.name}: a policy has one`, { hint })
  }
  if (!rollouts[0]) {
    if (manifests.length > 0) {
      const hint = 'A policy is one Rollout of argoproj.io/v1alpha1, with its AnalysisTemplates and Services.'
      problems.error('no-rollout', { file: manifests[0]!.file, line: 0, column: 0 }, 'no Rollout among the manifests', {
        hint,
      })
    }
    return undefined
  }
  const policy: ArgoPolicy = {
    rollout: readRollout(rollouts[0], problems),
    catalogue: new Catalogue(templates.map((manifest) => readAnalysisTemplate(manifest, problems))),
    services: manifests.filter(({ kind }) => kind === 'Service').map(({ name }) => name),
    routes: manifests.filter(({ kind }) => kind === 'VirtualService').map(readVirtualService),
  }
  checkReferences(policy, rollouts[0], manifests, problems)
  return policy
}

/** Of several routes the first stands for all: the controller writes the same weights to each that it manages. */
function readVirtualService({ kind, name, value }: Manifest): Route {
  const { spec } = value as { spec?: { http?: { route?: HttpDestination[] }[] } }
  const destinations = (spec?.http?.[0]?.route ?? []).map(({ destination, weight }) => ({
    to: destination?.subset ?? destination?.host ?? '',
    hash: undefined,
    weight: weight ?? 100,
  }))
  return { kind, name, destinations }
}

interface HttpDestination {
  readonly destination?: { readonly host?: string; readonly subset?: string }
  readonly weight?: number
}

function tellIfForeign(manifest: Manifest, problems: Problems): void {
  const { kind, apiVersion, name } = manifest
  const isArgo = apiVersion.startsWith('argoproj.io/')
  if (isArgo && apiVersion !== 'argoproj.io/v1alpha1') {
    const message = `${apiVersion} doesn't exist: only argoproj.io/v1alpha1 does`
    problems.error('unknown-version', placeOf(manifest, ['apiVersion']), message)
  }
  if (kind === 'Rollout' || kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate' || bystanders.has(kind)) {
    return
  }
  problems.warning('not-simulated', placeOf(manifest, ['kind']), `${kind} ${name} is not simulated: it is left out`)
}

function checkReferences(
  policy: ArgoPolicy,
  rollout: Manifest,
  manifests: readonly Manifest[],
  problems: Problems,
): void {
  const { canary } = policy.rollout
  const at = ['spec', 'strategy', 'canary']
  const named = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).map(({ name }) => name)
  const needs = (kind: string, name: string | undefined, path: readonly (string | number)[]) => {
    if (name === undefined || name === '' || named(kind).includes(name)) return
    const near = nearName(name, named(kind))
    const hint = near === undefined ? `Add the ${kind} to the policy's files.` : `Did you mean ${near}?`
    problems.error('missing-reference', placeOf(rollout, path), `${kind} "${name}" not found`, { hint })
  }
  needs('Service', canary.canaryService, [...at, 'canaryService'])
  needs('Service', canary.stableService, [...at, 'stableService'])
  const { istio, nginx } = canary.routing ?? {}
  for (const { name } of istio?.virtualServices ?? []) {
    needs('VirtualService', name.split('.')[0], [...at, 'trafficRouting', 'istio'])
  }
  needs('DestinationRule', istio?.destinationRule?.name, [...at, 'trafficRouting', 'istio', 'destinationRule'])
  for (const name of nginx?.stableIngresses ?? []) needs('Ingress', name, [...at, 'trafficRouting', 'nginx'])

  for (const [index, step] of canary.steps.entries()) {
    if (step.kind === 'analysis') {
      checkAnalysis(policy, step.analysis, rollout, [...at, 'steps', index, 'analysis'], true, problems)
    }
  }
  if (canary.background) checkAnalysis(policy, canary.background, rollout, [...at, 'analysis'], false, problems)
}

function checkAnalysis(
  policy: ArgoPolicy,
  request: AnalysisRequest,
  rollout: Manifest,
  path: readonly (string | number)[],
  mustEnd: boolean,
  problems: Problems,
): void {
  const lookup = lookupIn(policy.catalogue.templates)
  const place = placeOf(rollout, [...path, 'templates'])
  const missing = (reference: TemplateReference) => {
    const kind = reference.clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'
    const near = nearName(
      reference.name,
      policy.catalogue.templates.map(({ name }) => name),
    )
    const hint = near === undefined ? `Add the ${kind} to the policy's files.` : `Did you mean ${near}?`
    problems.error('missing-reference', reference.place, `${kind} '${reference.name}' not found`, { hint })
  }
  const templates = expandTemplates(request.templates, lookup)
  const references = [...request.templates, ...templates.flatMap(({ nested }) => nested)]
  for (const reference of references) if (!lookup(reference)) missing(reference)

  const metrics = templates.flatMap((template) => template.metrics)
  for (const [index, { name }] of metrics.entries()) {
    if (metrics.findIndex((metric) => metric.name === name) === index) continue
    problems.error('invalid-spec', place, `two metrics have the same name '${name}'`)
  }
  const args = templates.flatMap((template) => template.args)
  for (const { name, value } of args) {
    const isGiven = value !== undefined || request.args.some((arg) => arg.name === name)
    const isDefaulted = args.some((arg) => arg.name === name && arg.value !== undefined)
    if (!isGiven && !isDefaulted) problems.error('invalid-spec', place, `args.${name} was not resolved`)
  }
  if (mustEnd) checkEnds(metrics, args, place, problems)
  for (const metric of metrics) checkConditions(metric, problems)
}

/** Conditions that the controller can't read, or that are evaluated here otherwise than there. */
function checkConditions(metric: MetricTemplate, problems: Problems): void {
  for (const which of ['successCondition', 'failureCondition'] as const) {
    const text = metric[which]
    if (text === '' || text.includes('{{')) continue
    const condition = compile(text)
    const place = metric.places[which]
    const { syntaxProblem } = condition
    if (syntaxProblem) {
      const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
      problems.warning('condition-error', place, `the condition can't be read: ${syntaxProblem.message}`, { hint })
    }
    for (const { range, what } of unmodelledParts(condition)) {
      problems.warning('condition-not-simulated', place, `${text.slice(range.from, range.to)} ${what}`)
    }
  }
}

/**
 * The metrics of a step must end by themselves. The controller looks at the template alone: an argument without a
 * default there counts as no number, whatever the Rollout gives.
 */
function checkEnds(metrics: readonly MetricTemplate[], args: readonly Arg[], place: Place, problems: Problems): void {
  const known = args.map(({ name, value }) => ({ name, value: value ?? 'dummy-value' }))
  for (const metric of metrics) {
    for (const text of [metric.query, metric.successCondition, metric.failureCondition]) {
      const filled = substitute(text, known)
      if (typeof filled === 'object') problems.error('invalid-spec', place, filled.error)
    }
    const count = typeof metric.count === 'string' ? substitute(metric.count, known) : metric.count
    const counted = typeof count === 'object' ? 0 : intOf(count)
    if (metric.interval === '' || (counted !== undefined && counted !== 0)) continue
    const message = `metric ${metric.name} runs indefinitely: an analysis step needs a count`
    const hint = 'If the count comes from an argument, give the argument a default in the template.'
    problems.error('invalid-spec', place, message, { hint })
  }
}

function placeOf(manifest: Manifest, path: readonly (string | number)[] = []): Place {
  return { file: manifest.file, ...manifest.positionOf(path) }
}
