// What people do to a Deployment: a new image, a patch, its end.

import type { PodsOrPercent } from '../../src/policy/kubernetes/deployment.js'
import type { DeploymentController } from '../../src/policy/kubernetes/deployment-controller.js'
import { type ManifestTemplate, withImage } from '../../src/policy/pod-template.js'
import type { Action } from './case.js'
import { NotPlayable } from './not-playable.js'

interface Patch {
  readonly replicas?: number
  readonly paused?: boolean
  readonly minReadySeconds?: number
  readonly progressDeadlineSeconds?: number
  readonly revisionHistoryLimit?: number
  readonly strategy?: {
    readonly type?: 'Recreate' | 'RollingUpdate'
    readonly rollingUpdate?: { readonly maxSurge?: PodsOrPercent; readonly maxUnavailable?: PodsOrPercent } | null
  }
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } }
}

const patchable = [
  'replicas',
  'paused',
  'minReadySeconds',
  'progressDeadlineSeconds',
  'revisionHistoryLimit',
  'strategy',
  'template',
]

export function actOnDeployment(controller: DeploymentController, action: Pick<Action, 'image' | 'merge' | 'delete'>) {
  const { image, merge } = action
  if (image !== undefined) return controller.setTemplate(retagged(controller.template, image))
  if (action.delete) return controller.delete()
  const { spec: patch = {}, ...rest } = (merge ?? { nothing: 0 }) as { spec?: Patch }
  const unknown = [...Object.keys(rest), ...Object.keys(patch).filter((key) => !patchable.includes(key))]
  if (unknown.length > 0) throw new NotPlayable(`a patch of a Deployment's ${unknown.join(', ')}`)
  patchSpec(controller, patch)
}

function patchSpec(controller: DeploymentController, patch: Patch): void {
  const { spec } = controller.deployment
  const { replicas = spec.replicas, paused = spec.paused, strategy, template } = patch
  const { minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit = spec.revisionHistoryLimit } = patch
  const { type = spec.rolling ? 'RollingUpdate' : 'Recreate', rollingUpdate } = strategy ?? {}
  const rolling = spec.rolling ?? { maxSurge: '25%', maxUnavailable: '25%' }
  const image = template?.spec?.containers?.[0]?.image
  controller.apply({
    ...spec,
    replicas,
    paused,
    revisionHistoryLimit,
    minReadyMs: minReadySeconds === undefined ? spec.minReadyMs : 1000 * minReadySeconds,
    progressDeadlineMs:
      progressDeadlineSeconds === undefined ? spec.progressDeadlineMs : 1000 * progressDeadlineSeconds,
    rolling: type === 'Recreate' ? undefined : { ...rolling, ...rollingUpdate },
    template: image === undefined ? spec.template : withImage(spec.template, image),
  })
}

/** The image of the first container with another tag. */
export function retagged(template: ManifestTemplate, tag: string): ManifestTemplate {
  return withImage(template, `${template.image.slice(0, template.image.lastIndexOf(':'))}:${tag}`)
}

/** What a patch of a PodTemplate asks for. */
export function imageOfPodTemplate({ merge }: Action): string | undefined {
  const { template } = (merge ?? {}) as { template?: { spec?: { containers?: readonly { image?: string }[] } } }
  return template?.spec?.containers?.[0]?.image
}
