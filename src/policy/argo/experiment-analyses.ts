// The analyses of an Experiment: AnalysisRuns that begin when all its pods are there, and end with it.
import { instant } from '../../scenario/instant.js'
import type { View } from '../view.js'
import { AnalysisController } from './analysis-controller.js'
import { AnalysisRun, isCompleted, type RunPhase, severityOf } from './analysis-run.js'
import { fillIn, isGiven, lookupIn, type RolloutArg } from './analysis-template.js'
import type { Catalogue, Metrics } from './catalogue.js'
import {
  type AnalysisSpec,
  type AnalysisStatus,
  type Experiment,
  type ExperimentSpec,
  type ExperimentStatus,
  isAllRequiredSuccessful,
  isEnding,
} from './experiment.js'
import { freeName } from './free-name.js'
import type { Behaviours } from './version.js'

export class ExperimentAnalyses {
  private readonly controllers = new Map<Experiment, AnalysisController>()

  constructor(
    private readonly view: View,
    private readonly catalogue: Catalogue,
    private readonly rollout: string,
    private readonly does: Behaviours,
  ) {}

  /** Begins, follows and ends the run of an analysis; the result is its next status. */
  reconcile(experiment: Experiment, analysis: AnalysisSpec): AnalysisStatus {
    const { status } = experiment
    const { name } = analysis
    const last = status.analyses.find((candidate) => candidate.name === name)
    const next: AnalysisStatus = last ? { ...last } : { name, phase: '', message: '', run: '' }
    if (Number.isNaN(status.availableAtMs)) this.verify(analysis, next)
    else if (next.run === '') {
      if (!isEnding(experiment, status)) this.begin(experiment, analysis, next)
    } else if (!isCompleted(next.phase)) this.follow(experiment, next)
    this.tell(experiment, last?.phase ?? '', next)
    return next
  }

  resume(experiment: Experiment): void {
    for (const run of experiment.runs) this.controllerOf(experiment).resume(run)
  }

  forget(experiment: Experiment): void {
    for (const run of experiment.runs) this.controllerOf(experiment).forget(run)
    this.controllers.delete(experiment)
  }

  /** Before it begins, no more than that its template is there. */
  private verify({ name, request }: AnalysisSpec, next: AnalysisStatus): void {
    const reference = request.templates[0]!
    if (lookupIn(this.catalogue.templates)(reference)) return
    const kind = reference.clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'
    const resource = `${kind.toLowerCase()}.argoproj.io ${JSON.stringify(reference.name)}`
    next.phase = 'Error'
    next.message = `${kind} verification failed for analysis '${name}': ${resource} not found`
  }

  private begin(experiment: Experiment, analysis: AnalysisSpec, next: AnalysisStatus): void {
    const metrics = this.metricsOf(experiment, analysis)
    if ('problem' in metrics) {
      next.phase = 'Error'
      next.message = `Failed to create AnalysisRun for analysis '${next.name}': ${metrics.problem}`
      return
    }
    const wanted = `${experiment.name}-${next.name}`
    const run = new AnalysisRun(freeName(experiment.runs, wanted, '.'), undefined, '', -1, metrics)
    experiment.runs.push(run)
    next.phase = 'Pending'
    next.run = run.name
    this.controllerOf(experiment).start(run)
  }

  /** Of a run that is told to end nobody asks any more how it came out. */
  private follow(experiment: Experiment, next: AnalysisStatus): void {
    const run = experiment.runs.find(({ name }) => name === next.run)!
    if (!isEnding(experiment, experiment.status)) {
      next.phase = run.phase
      next.message = run.message
    } else if (!isCompleted(run.phase) && !run.terminate) {
      this.view.journal.event?.(
        `Experiment/${experiment.name}`,
        'Normal',
        'AnalysisRunTerminating',
        `Terminating ${next.name} (${run.name})`,
      )
      this.controllerOf(experiment).terminate(run)
    }
  }

  private metricsOf(experiment: Experiment, { request, values }: AnalysisSpec): Metrics | { readonly problem: string } {
    const filled = new Map<RolloutArg, string>()
    for (const [arg, value] of values) {
      const text = fillIn(value, (name) => valueIn(experiment, name))
      if (typeof text === 'object') return { problem: text.error }
      filled.set(arg, text)
    }
    const valueFor = (arg: RolloutArg) => filled.get(arg)!
    const missing = this.catalogue.resolve(request, valueFor).args.find((arg) => !isGiven(arg))
    return missing ? { problem: `args.${missing.name} was not resolved` } : this.catalogue.metricsFor(request, valueFor)
  }

  /** It hears of runs only when they have ended. */
  private controllerOf(experiment: Experiment): AnalysisController {
    const known = this.controllers.get(experiment)
    if (known) return known
    const ended = () => {
      if (experiment.runs.some(({ phase }) => isCompleted(phase))) experiment.work?.enqueue()
    }
    const made = new AnalysisController(this.view, ended, this.does)
    this.controllers.set(experiment, made)
    return made
  }

  /** The Rollout is told, too, and of good news as a warning (1.10.1, observed). */
  private tell({ name: experiment }: Experiment, before: RunPhase, { name, phase, message }: AnalysisStatus): void {
    if (phase === before || phase === '') return
    const { journal } = this.view
    if (!journal.event) return
    const why = message === '' ? '' : `: ${message}`
    const change = `AnalysisRun '${name}' transitioned from ${before} -> ${phase}${why}`
    const isBad = isCompleted(phase) && phase !== 'Successful'
    journal.event(`Experiment/${experiment}`, isBad ? 'Warning' : 'Normal', `AnalysisRun${phase}`, change)
    journal.event(`Rollout/${this.rollout}`, 'Warning', `AnalysisRun${phase}`, change)
  }
}

/** The worst phase of all; once all have succeeded, and some were waited for, there is a message. */
export function assessAnalyses(spec: ExperimentSpec, next: ExperimentStatus): { phase: RunPhase; message: string } {
  let worst: RunPhase = 'Successful'
  let message = ''
  for (const analysis of next.analyses) {
    if (severityOf(analysis.phase) <= severityOf(worst)) continue
    worst = analysis.phase
    message = analysis.message
  }
  if (isAllRequiredSuccessful(spec, next) && severityOf(worst) < severityOf('Running')) {
    return { phase: 'Successful', message: 'Required AnalysisRuns completed' }
  }
  return { phase: worst === 'Pending' ? 'Running' : worst, message }
}

/** What `{{…}}` in the value of an argument may name. */
function valueIn({ replicaSets, status, spec }: Experiment, name: string): string | undefined {
  const [, template = '', field] = /^templates\.(.+)\.(podTemplateHash|replicaset\.name)$/.exec(name) ?? []
  const live = replicaSets.get(template)
  if (field !== undefined) return field === 'podTemplateHash' ? live?.hash : live?.name
  if (name === 'experiment.availableAt') return instant.format(status.availableAtMs)
  if (name !== 'experiment.finishedAt' || spec.durationMs === undefined) return undefined
  return instant.format(status.availableAtMs + spec.durationMs)
}
