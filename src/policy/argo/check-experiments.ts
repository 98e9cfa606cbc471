// The experiments of a Rollout, held against the pods that they are to make.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { hasLabels, type Labels } from '../../world/cluster/objects.js'
import { admit } from '../api/admit.js'
import type { ServiceReference } from './check-references.js'
import { templateOf } from './experiment-request.js'
import { tellLeftOut } from './kinds.js'
import type { Objects } from './objects.js'
import type { RolloutSpec } from './rollout-spec.js'
import { partOf } from './step.js'

/** Experiments that no step makes: they have versions of their own, of which no scenario tells. */
export function refuseOwnExperiments(
  objects: Objects,
  namespace: string,
  services: readonly ServiceReference[],
  problems: Problems,
): void {
  for (const experiment of objects.within(namespace, 'Experiment')) {
    admit(experiment, problems)
    const reached = services.find(({ selector }) => podsOf(experiment).some((labels) => isSelected(labels, selector)))
    if (!reached) {
      tellLeftOut(experiment, problems)
      continue
    }
    const message = `Service ${reached.name} selects the pods of Experiment ${experiment.name}, which are not simulated`
    const hint = 'Requests would reach them, too: remove it to fly without it, or make it a step of the Rollout.'
    problems.error('unsupported-experiment', placeOf(experiment, ['kind']), message, { hint })
  }
}

/** By template the labels of its pods. */
function podsOf({ value }: Manifest): readonly Labels[] {
  const { spec } = value as { spec?: { templates?: readonly { template?: { metadata?: { labels?: Labels } } }[] } }
  return (spec?.templates ?? []).map(({ template }) => template?.metadata?.labels ?? {})
}

function isSelected(labels: Labels, selector: Labels): boolean {
  return Object.keys(selector).length > 0 && hasLabels(labels, selector)
}

export function checkExperiments({ canary, template: pods }: RolloutSpec, rollout: Manifest, problems: Problems): void {
  for (const [index, step] of canary.steps.entries()) {
    const templates = partOf(step, 'experiment')?.experiment.templates ?? []
    for (const [place, template] of templates.entries()) {
      const at = (key: string) =>
        placeOf(rollout, ['spec', 'strategy', 'canary', 'steps', index, 'experiment', 'templates', place, key])
      const { name, matchLabels = {}, weight } = template
      const { labels, hasPorts } = templateOf(template, pods)
      const unlike = Object.keys(matchLabels).find((key) => matchLabels[key] !== labels[key])
      if (unlike !== undefined) {
        const hint = 'The API server refuses the ReplicaSet, and the update aborts: set the label in metadata, too.'
        const message = `\`selector\` does not match template \`labels\`: ${unlike}`
        problems.error('unfit-selector', at('selector'), message, { hint })
      }
      if (weight === undefined || hasPorts) continue
      const hint = 'On a cluster the route gets another empty destination in every pass: name a containerPort.'
      const message = `template ${name} gets no Service, as no container names a port: its part of the requests is lost`
      problems.warning('no-ports', at('weight'), message, { hint })
    }
  }
}
