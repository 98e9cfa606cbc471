// The part of a pass that starts, follows and cancels Experiments.

import type { ManifestTemplate } from '../pod-template.js'
import { isCompleted } from './analysis-run.js'
import { argumentValues } from './argument-values.js'
import { type AnalysisSpec, Experiment, type TemplateSpec } from './experiment.js'
import { type ExperimentRequest, templateOf } from './experiment-request.js'
import { surplusOf } from './history.js'
import { abortFor } from './judge-analyses.js'
import type { Pass } from './pass.js'
import { currentStep } from './rollout.js'
import { pauseFor } from './status.js'
import { partOf } from './step.js'

export function runExperiments(pass: Pass): void {
  const { last, rollout, stable, experiments } = pass
  const request = partOf(currentStep(rollout), 'experiment')?.experiment
  if (!request && experiments.all.length === 0) return
  if (pass.isAborted || last.promoteFull) {
    for (const experiment of experiments.all) experiments.controller.terminate(experiment)
    return
  }
  if (pauseFor(last, 'InconclusiveAnalysisRun')) return
  let current: Experiment | undefined
  if (request) {
    if (!stable) return
    // One that is inconclusive isn't remembered, and so another one follows it for as long as the pause lasts
    // (argo-rollouts 1.10.1, observed).
    current = experiments.named(last.experiment) ?? create(pass, request)
    if (!current) return
    follow(pass, current)
  }
  const others = experiments.all.filter((experiment) => experiment !== current)
  for (const experiment of others) experiments.controller.terminate(experiment)
  for (const experiment of surplusOf(pass, others)) experiments.delete(experiment)
}

function follow(pass: Pass, { name, status: { phase, message } }: Experiment): void {
  if (phase === 'Inconclusive') pass.addPause('InconclusiveExperiment')
  else if (phase === 'Failed' || phase === 'Error') {
    abortFor(pass, 'Experiment analysis phase is error/failed', message)
  } else if (phase !== 'Successful') pass.experiment = name
}

/** Undefined if it can't be made: the real controller tells why in its log only. */
function create(pass: Pass, request: ExperimentRequest): Experiment | undefined {
  const { spec, rollout, canary, last, experiments, view } = pass
  const analyses: AnalysisSpec[] = []
  for (const analysis of request.analyses) {
    const values = argumentValues(pass, analysis.request)
    if (values) analyses.push({ ...analysis, values })
    else pass.hasFailed = true
  }
  if (request.flaw === 'never made') pass.hasFailed = true
  if (pass.hasFailed) return undefined
  const base = `${spec.name}-${canary.hash}-${rollout.revision}-${Math.max(0, last.stepIndex)}`
  let name = base
  let known = experiments.named(name)
  for (let counter = 1; known && isCompleted(known.phase); counter++) {
    name = `${base}-${counter}`
    known = experiments.named(name)
  }
  const made = known ?? new Experiment(name, canary.hash, { ...specOf(pass, request), analyses })
  if (!known) {
    experiments.all.push(made)
    experiments.controller.start(made)
  }
  view.journal.event?.(`Rollout/${spec.name}`, 'Normal', 'ExperimentCreated', `Created Experiment '${name}'`)
  return made
}

function specOf({ spec, canary, stable }: Pass, { templates, durationMs, scaleDownDelayMs, flaw }: ExperimentRequest) {
  return {
    isInvalid: flaw === 'never looked at',
    durationMs,
    scaleDownDelayMs,
    progressDeadlineMs: spec.progressDeadlineMs,
    templates: templates.map((template): TemplateSpec => {
      const { name, replicas, service } = template
      const { live } = template.version === 'canary' ? canary : stable!
      const minReadyMs = live.minReadyMs
      return { name, replicas, service, minReadyMs, template: templateOf(template, live.template as ManifestTemplate) }
    }),
  }
}
