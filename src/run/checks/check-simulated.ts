// What a policy may ask of a cluster, and only a flight would show that it is not simulated.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { analysesOf } from '../../policy/argo/rollout-spec.js'
import { isStatusPath } from '../../policy/argo/status-field.js'
import { partOf } from '../../policy/argo/step.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'

export function checkSimulated(policy: ArgoPolicy, manifests: readonly Manifest[], problems: Problems): void {
  refuseLostRequests(policy, manifests, problems)
  refuseChangingArgs(policy, problems)
}

/** A route that grows by an empty destination in every pass leads nowhere that could be told. */
function refuseLostRequests({ rollout }: ArgoPolicy, manifests: readonly Manifest[], problems: Problems): void {
  if (rollout.template.hasPorts) return
  for (const [index, step] of rollout.canary.steps.entries()) {
    const templates = partOf(step, 'experiment')?.experiment.templates ?? []
    if (templates.every(({ weight }) => weight === undefined)) continue
    const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
    const at = manifest.positionOf(['spec', 'strategy', 'canary', 'steps', index, 'experiment', 'templates'])
    const message = 'weights of an experiment whose pods get no Service are not simulated'
    const hint = 'Name a containerPort in the template of the Rollout.'
    problems.error('unsupported-field', { file: manifest.file, ...at }, message, { hint })
  }
}

/** Arguments whose values only a flight shows. */
function refuseChangingArgs({ rollout }: ArgoPolicy, problems: Problems): void {
  for (const { request, experiment } of analysesOf(rollout)) {
    for (const { value, valueFrom } of request.args) {
      if (valueFrom && 'fieldPath' in valueFrom && isStatusPath(valueFrom.fieldPath)) {
        const message = `fieldRef to ${valueFrom.fieldPath} is not simulated`
        problems.error('unsupported-field', valueFrom.place, message)
      }
      const changing =
        experiment && /\{\{\s*(experiment\.\w+|templates\..+?\.replicaset\.name)\s*\}\}/.exec(value ?? '')
      if (!changing) continue
      const message = `{{${changing[1]}}} as an argument is not simulated`
      problems.error('unsupported-field', request.templates[0]!.place, message)
    }
  }
}
