// The part of a pass that starts, judges and cancels AnalysisRuns.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import { AnalysisRun, isCompleted, type RunType } from './analysis-run.js'
import type { AnalysisRequest, RolloutArg } from './analysis-template.js'
import type { Pass } from './pass.js'
import { currentStep, isFullyPromoted, type Rollout } from './rollout.js'
import { pauseFor, type RunStatus, type Status } from './status.js'

export function judgeAnalyses(pass: Pass): void {
  const { last, runs } = pass
  const step = runs.named(last.stepRun)
  const background = runs.named(last.backgroundRun)
  const mayJudge =
    !isFullyPromoted(last) && !pass.isAborted && !last.promoteFull && last.stableHash !== '' && !isGoingBack(pass)

  let nextStep: AnalysisRun | undefined
  let nextBackground: AnalysisRun | undefined
  if (mayJudge) {
    nextStep = judgeStep(pass, step)
    nextBackground = judgeBackground(pass, background)
  } else {
    cancel(pass, step)
    cancel(pass, background)
  }
  pass.stepRun = statusOf(nextStep)
  pass.backgroundRun = statusOf(nextBackground)
  for (const run of runs.all) {
    if (run !== step && run !== background && run !== nextStep && run !== nextBackground) cancel(pass, run)
  }
  tellChange(pass, 'Step', last.stepRun, nextStep)
  tellChange(pass, 'Background', last.backgroundRun, nextBackground)
}

function isGoingBack(pass: Pass): boolean {
  return pass.stable === pass.canary || pass.isWithinRollbackWindow
}

function judgeStep(pass: Pass, current: AnalysisRun | undefined): AnalysisRun | undefined {
  const { last, rollout } = pass
  if (last.pauses.length > 0 || last.abort) return current
  const step = currentStep(rollout)
  const isOfAnotherStep = current !== undefined && current.stepIndex !== last.stepIndex
  if (step?.kind !== 'analysis' || step.analysis.templates.length === 0 || isOfAnotherStep) {
    cancel(pass, current)
    return undefined
  }
  if (!current || needsAnother(last, current)) return create(pass, step.analysis, 'Step', last.stepIndex)
  drawConsequence(pass, current, 'Step-based analysis phase error/failed')
  return current
}

function judgeBackground(pass: Pass, current: AnalysisRun | undefined): AnalysisRun | undefined {
  const { last, spec } = pass
  const { background, steps } = spec.canary
  if (!background || background.templates.length === 0) {
    cancel(pass, current)
    return undefined
  }
  const isBeforeStart =
    background.startingStep !== undefined && steps.length > 0 && last.stepIndex < background.startingStep
  if (last.currentHash === '' || isBeforeStart) return undefined
  if (pauseFor(last, 'InconclusiveAnalysisRun')) return current
  if (!current || needsAnother(last, current)) return create(pass, background, 'Background', -1)
  drawConsequence(pass, current, 'Background analysis phase error/failed')
  return current
}

/** After a person resumed an inconclusive rollout, and after a retry, the analysis starts over. */
function needsAnother(last: Readonly<Status>, current: AnalysisRun): boolean {
  if (last.controllerPause && !pauseFor(last, 'CanaryPauseStep')) return current.phase === 'Inconclusive'
  return !Number.isNaN(last.abortedAtMs)
}

function drawConsequence(pass: Pass, run: AnalysisRun, reason: string): void {
  if (run.phase === 'Inconclusive') pass.addPause('InconclusiveAnalysisRun')
  if (run.phase === 'Failed' || run.phase === 'Error') {
    pass.addAbort(run.message === '' ? reason : `${reason}: ${run.message}`)
  }
}

function create(pass: Pass, request: AnalysisRequest, type: RunType, stepIndex: number): AnalysisRun {
  const { runs, rollout, canary, stable } = pass
  const metrics = runs.catalogue.metricsFor(request, (arg) => rolloutArgValue(arg, rollout, canary.live, stable?.live))
  const suffix = type === 'Step' ? `-${stepIndex}` : ''
  const name = freeName(runs.all, `${pass.spec.name}-${canary.hash}-${rollout.revision}${suffix}`)
  const run = new AnalysisRun(name, type, canary.hash, stepIndex, metrics)
  runs.all.push(run)
  runs.controller.start(run)
  return run
}

/** A name that is taken gets `.1`, `.2` and so on. */
function freeName(taken: readonly AnalysisRun[], wanted: string): string {
  const isTaken = (name: string) => taken.some((run) => run.name === name && !run.deleted)
  if (!isTaken(wanted)) return wanted
  let counter = 1
  while (isTaken(`${wanted}.${counter}`)) counter++
  return `${wanted}.${counter}`
}

function cancel(pass: Pass, run: AnalysisRun | undefined): void {
  if (run && !isCompleted(run.phase)) pass.runs.controller.terminate(run)
}

function statusOf(run: AnalysisRun | undefined): RunStatus | undefined {
  return run && { name: run.name, phase: run.phase, message: run.message }
}

function tellChange(pass: Pass, type: RunType, before: RunStatus | undefined, run: AnalysisRun | undefined): void {
  if (!run || run.phase === '' || (before && (before.name !== run.name || before.phase === run.phase))) return
  pass.view.journal.event(
    `Rollout/${pass.spec.name}`,
    run.phase === 'Failed' || run.phase === 'Error' ? 'Warning' : 'Normal',
    `AnalysisRun${run.phase}`,
    `${type} Analysis Run '${run.name}' Status New: '${run.phase}' Previous: '${before?.phase ?? 'NoPreviousStatus'}'`,
  )
}

/** A Rollout's argument with neither value nor source overrides a default with the empty string. */
function rolloutArgValue(
  arg: RolloutArg,
  rollout: Rollout,
  canary: ReplicaSet,
  stable: ReplicaSet | undefined,
): string {
  const { valueFrom } = arg
  if (!valueFrom) return arg.value ?? ''
  if ('podTemplateHashValue' in valueFrom) {
    return valueFrom.podTemplateHashValue === 'Latest' ? canary.hash : (stable?.hash ?? '')
  }
  return rollout.spec.field(valueFrom.fieldPath) ?? ''
}
