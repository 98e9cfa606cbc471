// Rollouts that take their pods from a workload which has pods of its own.
import { isJsonObject } from '../../../scenario/json.js'
import { placeOf } from '../../../scenario/manifest.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, rolloutIn } from './written.js'

export const workloads: readonly Rule[] = [
  {
    id: 'workload-scaled-up',
    severity: 'warning',
    title: 'scaleDown: progressively gives the Deployment more pods than it had.',
    find: findScaledUp,
  },
  {
    id: 'workload-replicas',
    severity: 'warning',
    title: 'A Rollout without replicas has one pod, however many the Deployment has that it refers to.',
    find: findLostReplicas,
  },
  {
    id: 'workload-serves',
    severity: 'warning',
    title: 'The workload that a Rollout refers to goes on serving with pods of its own, past all steps.',
  },
]

function* findScaledUp(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  const reference = rollout?.workloadRef
  if (reference?.kind !== 'Deployment' || reference.scaleDown !== 'progressively') return
  const had = deploymentReplicas(subject)
  if (had === undefined || had >= rollout!.replicas) return
  yield {
    place: placeOf(rolloutIn(subject)!, ['spec', 'workloadRef', 'scaleDown']),
    message: `Deployment ${reference.name} is scaled from ${had} up, to at most ${rollout!.replicas - 1}`,
    why: `Once a pod of the Rollout is ready each pass gives the Deployment ${rollout!.replicas} less the ready pods of the Rollout, whatever it had: with 1 ready it goes from ${had} to ${rollout!.replicas - 1}.`,
    mend: `Write replicas: ${had} for the Rollout until it has taken over, or scaleDown: onsuccess.`,
  }
}

function* findLostReplicas(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  const manifest = rolloutIn(subject)
  if (!rollout?.workloadRef || fieldAt(manifest?.value, ['spec', 'replicas']) !== undefined) return
  const had = deploymentReplicas(subject)
  if (had === undefined || had <= 1) return
  yield {
    place: placeOf(manifest!, ['spec', 'workloadRef']),
    message: `the Rollout has 1 pod, and Deployment ${rollout.workloadRef.name} ${had}`,
    why: `Of the Deployment the Rollout takes the template alone. Without replicas the controller writes 1: when the Deployment is gone, 1 pod serves what ${had} did.`,
    mend: `Write replicas: ${had}.`,
  }
}

function deploymentReplicas({ policy, manifests }: Subject): number | undefined {
  const { kind, name } = policy?.rollout.workloadRef ?? {}
  const manifest = manifests.find((each) => each.kind === kind && each.name === name && kind === 'Deployment')
  const spec = manifest && fieldAt(manifest.value, ['spec'])
  if (!isJsonObject(spec ?? null)) return undefined
  const replicas = fieldAt(spec, ['replicas']) ?? 1
  return typeof replicas === 'number' ? replicas : undefined
}
