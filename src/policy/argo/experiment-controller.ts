// The controller of Experiments: sees to templates and analyses, and draws the phase of the whole from them.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import type { View } from '../view.js'
import { isCompleted } from './analysis-run.js'
import type { Catalogue } from './catalogue.js'
import { type Experiment, type ExperimentStatus, endOf, isAllRequiredSuccessful, isEnding } from './experiment.js'
import { assessAnalyses, ExperimentAnalyses } from './experiment-analyses.js'
import { assessTemplates, reconcileTemplate, whenOverdue } from './experiment-templates.js'
import { timerLatenessMs } from './timers.js'
import type { Behaviours } from './version.js'

export class ExperimentController {
  private isListening = false
  private readonly known: Experiment[] = []
  private readonly analyses: ExperimentAnalyses

  constructor(
    private readonly view: View,
    catalogue: Catalogue,
    rollout: string,
    private readonly changed: () => void,
    does: Behaviours,
  ) {
    this.analyses = new ExperimentAnalyses(view, catalogue, rollout, does)
  }

  start(experiment: Experiment): void {
    this.listen()
    this.known.push(experiment)
    experiment.work = new WorkItem(this.view.loop, () => this.pass(experiment), this.view.program)
    this.wrote(experiment)
  }

  /** The program has been started again and has found it. */
  resume(experiment: Experiment): void {
    experiment.work?.enqueue()
    this.analyses.resume(experiment)
  }

  terminate(experiment: Experiment): void {
    if (experiment.terminate || isCompleted(experiment.status.phase)) return
    experiment.terminate = true
    this.wrote(experiment)
  }

  /** The object is gone, and with it whatever belongs to it. */
  forget(experiment: Experiment): void {
    experiment.deleted = true
    experiment.work?.forget()
    this.known.splice(this.known.indexOf(experiment), 1)
    const { cluster, journal } = this.view
    for (const replicaSet of experiment.replicaSets.values()) cluster.deleteReplicaSet(replicaSet)
    for (const service of experiment.services.values()) cluster.removeService(service)
    this.analyses.forget(experiment)
    journal.wrote(experiment)
    this.changed()
  }

  /** Most flights have no experiment, and nobody who asks which ReplicaSet is whose. */
  private listen(): void {
    if (this.isListening) return
    this.isListening = true
    this.view.cluster.listen({
      replicaSetChanged: ({ owner }) => this.known.find((experiment) => experiment.owner === owner)?.work?.enqueue(),
    })
  }

  private wrote(experiment: Experiment): void {
    this.view.journal.wrote(experiment)
    experiment.work?.enqueue()
    this.changed()
  }

  private pass(experiment: Experiment): void {
    const { view } = this
    if (view.api?.isAnswered === false) return experiment.work!.failed()
    const { spec, status: last } = experiment
    if (spec.isInvalid) return
    const next: ExperimentStatus = {
      ...last,
      templates: spec.templates.map((template) => reconcileTemplate(experiment, template, view)),
      analyses: spec.analyses.map((analysis) => this.analyses.reconcile(experiment, analysis)),
    }
    assess(experiment, next, floorToSecond(view.loop.now))
    const isSame = JSON.stringify(next) === JSON.stringify(last)
    experiment.status = next
    this.wakeLater(experiment)
    if (isSame) return
    this.wrote(experiment)
    if (next.phase === last.phase) return
    const isBad = next.phase === 'Error' || next.phase === 'Failed' || next.phase === 'Inconclusive'
    const on = `Experiment/${experiment.name}`
    view.journal.event?.(
      on,
      isBad ? 'Warning' : 'Normal',
      `Experiment${next.phase}`,
      `Experiment transitioned from ${last.phase} -> ${next.phase}`,
    )
  }

  private wakeLater(experiment: Experiment): void {
    const { status } = experiment
    if (isEnding(experiment, status)) return
    const { now } = this.view.loop
    const endMs = endOf(experiment)
    const dueMs = Math.min(endMs < now ? Number.POSITIVE_INFINITY : endMs, whenOverdue(experiment))
    if (dueMs < Number.POSITIVE_INFINITY) experiment.work!.enqueueAt(Math.max(now, dueMs) + timerLatenessMs)
  }
}

/** Templates decide, unless an analysis has failed, or all have succeeded that the experiment waits for. */
function assess({ spec }: Experiment, next: ExperimentStatus, second: number): void {
  if (next.phase === '') next.phase = 'Pending'
  else if (next.phase === 'Pending' || next.phase === 'Running') {
    const templates = assessTemplates(next.templates)
    const analyses = assessAnalyses(spec, next)
    if (templates.phase === 'Running' && Number.isNaN(next.availableAtMs)) next.availableAtMs = second
    const isRequired = spec.analyses.some((analysis) => analysis.isRequired)
    const decides = isCompleted(templates.phase)
      ? templates.phase === 'Successful' && (isCompleted(analyses.phase) || isRequired)
      : (isCompleted(analyses.phase) && analyses.phase !== 'Successful') || isAllRequiredSuccessful(spec, next)
    const { phase, message } = decides ? analyses : templates
    next.phase = phase
    next.message = message
  }
}
