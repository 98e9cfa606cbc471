// Steps that set the size of the canary to something that its weight, or the cluster, does not fit.
import { routedCanaryCounts } from '../../../policy/argo/replica-counts.js'
import { partOf, type Setting } from '../../../policy/argo/step.js'
import type { Found, Rule, Subject } from '../rule.js'
import { canaryOf, counted, shareOf } from './canary-of.js'
import { fieldAt, stepPlace, stepsIn } from './written.js'

export const canaryScales: readonly Rule[] = [
  {
    id: 'scale-below-weight',
    severity: 'warning',
    title: 'A step gives the canary fewer pods than its weight needs.',
    find: findSmallScales,
  },
  {
    id: 'scale-above-replicas',
    severity: 'warning',
    title: 'A step gives the canary more pods than the Rollout has replicas.',
    find: findLargeScales,
  },
  {
    id: 'scale-of-nothing',
    severity: 'error',
    title: 'A step sets the size of the canary and names none.',
    find: findEmptyScales,
  },
]

interface Sized {
  readonly index: number
  readonly setting: Setting
  readonly pods: number
  /** As many as its weight asks for. */
  readonly needed: number
}

/** The steps of a routed canary that set its weight or its size, with the pods that it has from there. */
function sizedSteps(subject: Subject): readonly Sized[] {
  const { steps, settings, routing, maxWeight, minPods } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  if (!routing) return []
  return steps.flatMap((step, index) => {
    if (!partOf(step, 'setWeight') && !partOf(step, 'setCanaryScale')) return []
    const setting = settings[index]!
    const { replicas: canaryReplicas, weight = setting.weight } = setting.scale ?? {}
    // Of these others tell.
    if (weight < 0 || (canaryReplicas ?? 0) < 0) return []
    const { canary: pods } = routedCanaryCounts({ replicas, weight, maxWeight, canaryReplicas, minPods })
    const { canary: needed } = routedCanaryCounts({ replicas, weight: setting.weight, maxWeight })
    return [{ index, setting, pods, needed }]
  })
}

function* findSmallScales(subject: Subject): Iterable<Found> {
  const { maxWeight } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  for (const { index, setting, pods, needed } of sizedSteps(subject)) {
    if (setting.scale === undefined || pods >= needed) continue
    const share = shareOf(setting.weight, maxWeight)
    const load =
      pods === 0
        ? 'with no pod there is no weight'
        : `each bears ${times(setting.weight * replicas, pods * maxWeight)} the load of a stable pod`
    yield {
      place: stepPlace(subject, index),
      message: `the canary has ${counted(pods)} here for ${share} of the requests`,
      why: `A share of ${share} of ${replicas} replicas is ${counted(needed)}: ${load}.`,
      mend: 'Set the size to match before the weight is raised: setCanaryScale: {matchTrafficWeight: true}.',
    }
  }
}

function times(part: number, whole: number): string {
  return `${Number((part / whole).toFixed(1))} times`
}

function* findLargeScales(subject: Subject): Iterable<Found> {
  const { steps } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  for (const { index, pods } of sizedSteps(subject)) {
    if (!partOf(steps[index], 'setCanaryScale') || pods <= replicas) continue
    yield {
      place: stepPlace(subject, index, 'setCanaryScale'),
      message: `the canary gets ${counted(pods)}, of a Rollout with ${replicas} replicas`,
      why: `Nothing refuses it: with stable there are ${replicas + pods} pods until the next step that sets a size.`,
      mend: `Ask for at most ${replicas} replicas, or a weight of at most 100.`,
    }
  }
}

function* findEmptyScales(subject: Subject): Iterable<Found> {
  for (const { manifest, path, value } of stepsIn(subject)) {
    const scale = value['setCanaryScale']
    if (typeof scale !== 'object' || scale === null) continue
    const weight = fieldAt(scale, ['weight'])
    const isNegative = typeof weight === 'number' && weight < 0
    const isSaid = fieldAt(scale, ['replicas']) !== undefined || fieldAt(scale, ['matchTrafficWeight']) === true
    if (isSaid || (weight !== undefined && !isNegative)) continue
    yield {
      place: stepPlace(subject, path.at(-1) as number, 'setCanaryScale'),
      message: isNegative ? `setCanaryScale has the weight ${weight}` : 'setCanaryScale says nothing of a size',
      why: isNegative
        ? 'A negative weight makes no pod, and the steps go on without any.'
        : `The step changes nothing: the size stays what the weight makes it, which is no pod before the first setWeight (${manifest.name}).`,
      mend: 'Give it replicas or a weight, or matchTrafficWeight: true to follow setWeight again.',
    }
  }
}
