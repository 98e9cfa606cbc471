// What people do to a Rollout with the command line tool: each verb is a patch, and the controller answers it.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import type { ManifestTemplate } from '../pod-template.js'
import type { AnalysisRun } from './analysis-run.js'
import type { ArgoRollouts } from './controller.js'
import type { Experiment } from './experiment.js'
import { isFullyPromoted } from './rollout.js'
import { noPauses, type Status } from './status.js'

export type Verb = (controller: ArgoRollouts) => void

/** Between the two patches of one verb there is time for a pass (kubectl plugin 1.10.1, observed 20 to 90 ms). */
const betweenPatchesMs = 25

/** Ends the pause there is; without one it skips the current step. */
export const promote: Verb = (controller) => {
  const { status, spec } = controller.rollout
  if (status.pauses.length === 0) {
    patchStatus(controller, nextStep(controller))
  } else if (status.stepRun?.phase === 'Inconclusive' && status.controllerPause) {
    // An inconclusive analysis of the current step is passed over together with its step.
    patchStatus(controller, { pauses: noPauses, controllerPause: false, ...nextStep(controller) })
  } else {
    patchStatus(controller, { pauses: noPauses })
  }
  if (spec.paused) unpauseLater(controller)
}

export const promoteFull: Verb = (controller) => {
  const { status, spec } = controller.rollout
  if (!isFullyPromoted(status)) patchStatus(controller, { promoteFull: true })
  if (spec.paused && controller.version.does.unpauseOnFullPromotion) unpauseLater(controller)
}

export const skipCurrentStep: Verb = (controller) => patchStatus(controller, nextStep(controller))

/** Refused by the tool where there are no steps. */
export const skipAllSteps: Verb = (controller) => {
  const { length } = controller.rollout.spec.canary.steps
  if (length > 0) patchStatus(controller, { stepIndex: length })
}

export const abort: Verb = (controller) => patchStatus(controller, { abort: true })

export const retry: Verb = (controller) => patchStatus(controller, { abort: false })

export const pause: Verb = (controller) => controller.apply({ ...controller.rollout.spec, paused: true })

/** Kept in whole seconds, as a person's clock is written into the object. */
export const restart: Verb = (controller) =>
  controller.apply({ ...controller.rollout.spec, restartAtMs: floorToSecond(controller.view.loop.now) })

/** Applies the template of the revision before the newest again. */
export const undo: Verb = (controller) => undoTo(undefined)(controller)

export const undoTo =
  (revision: number | undefined): Verb =>
  (controller) => {
    const { spec } = controller.rollout
    const newestFirst = controller.owned().toSorted((a, b) => b.revision - a.revision)
    const wanted = revision === undefined ? newestFirst[1] : newestFirst.find((set) => set.revision === revision)
    if (!wanted || wanted.template.key === spec.template.key) return
    // The tool writes to spec.template, which a PodTemplate doesn't have: it fails (kubectl plugin 1.10.1).
    if (spec.workloadRef?.kind === 'PodTemplate') return
    controller.release(wanted.template as ManifestTemplate)
  }

/** `terminate analysisrun`: what was measured so far counts. */
export function terminate(controller: ArgoRollouts, run: AnalysisRun): void {
  controller.runs.controller.terminate(run)
}

/** `terminate experiment`: it ends as well as it has gone so far. */
export function terminateExperiment(controller: ArgoRollouts, experiment: Experiment): void {
  controller.experiments.controller.terminate(experiment)
}

function nextStep({ rollout }: ArgoRollouts): Partial<Status> {
  const { length } = rollout.spec.canary.steps
  return length === 0 ? {} : { stepIndex: Math.min(length, Math.max(0, rollout.status.stepIndex) + 1) }
}

function patchStatus(controller: ArgoRollouts, patch: Partial<Status>): void {
  controller.rollout.status = { ...controller.rollout.status, ...patch }
  controller.edited()
}

function unpauseLater(controller: ArgoRollouts): void {
  const { loop } = controller.view
  const unpause = () => controller.apply({ ...controller.rollout.spec, paused: false })
  new WorkItem(loop, unpause).enqueueAt(loop.now + betweenPatchesMs)
}
