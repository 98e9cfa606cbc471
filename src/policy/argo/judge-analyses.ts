// The part of a pass that starts, judges and cancels AnalysisRuns.
import { AnalysisRun, isCompleted, type RunType } from './analysis-run.js'
import type { AnalysisRequest } from './analysis-template.js'
import { argumentValues } from './argument-values.js'
import { freeName } from './free-name.js'
import { surplusOf } from './history.js'
import { isSaturated, type Pass } from './pass.js'
import { currentStep, isFullyPromoted } from './rollout.js'
import { pauseFor, type RunStatus, type Status } from './status.js'
import { partOf } from './step.js'

/** The runs that an update is judged by, of whatever strategy. */
interface Current {
  step?: AnalysisRun | undefined
  background?: AnalysisRun | undefined
  pre?: AnalysisRun | undefined
  post?: AnalysisRun | undefined
}

export function judgeAnalyses(pass: Pass): void {
  const { last, runs, spec } = pass
  const before: Current = {
    step: runs.named(last.stepRun),
    background: runs.named(last.backgroundRun),
    pre: runs.named(last.preRun),
    post: runs.named(last.postRun),
  }
  const mayJudge = isJudged(pass)
  if (!mayJudge && !pass.does.dropRunsOfAborted) return keepShowing(pass, before)
  const next = !mayJudge
    ? cancelAll(pass, before)
    : spec.blueGreen
      ? judgeBlueGreen(pass, before)
      : judgeCanary(pass, before)
  if (pass.hasFailed) return
  show(pass, next)
  const isOther = (run: AnalysisRun) => !isAmong(before, run) && !isAmong(next, run)
  if (runs.all.some(isOther)) dropOthers(pass, runs.all.filter(isOther))
  tellChange(pass, 'PostPromotion', last.postRun, next.post)
  tellChange(pass, 'PrePromotion', last.preRun, next.pre)
  tellChange(pass, 'Step', last.stepRun, next.step)
  tellChange(pass, 'Background', last.backgroundRun, next.background)
}

function dropOthers(pass: Pass, others: readonly AnalysisRun[]): void {
  for (const run of others) cancel(pass, run)
  for (const run of surplusOf(pass, others)) pass.runs.delete(run)
}

function isJudged(pass: Pass): boolean {
  const { last, does } = pass
  if (does.dropRunsOfAborted && isFullyPromoted(last)) return false
  if (pass.isAborted || last.promoteFull || last.stableHash === '') return false
  return !pass.isFastRollback && !pass.isWithinRollbackWindow
}

function show(pass: Pass, { step, background, pre, post }: Current): void {
  const { last } = pass
  pass.stepRun = statusOf(step, last.stepRun)
  pass.backgroundRun = statusOf(background, last.backgroundRun)
  pass.preRun = statusOf(pre, last.preRun)
  pass.postRun = statusOf(post, last.postRun)
}

/** Ends all runs there are, and does nothing else. */
function keepShowing(pass: Pass, current: Current): void {
  show(pass, current)
  for (const run of pass.runs.all) cancel(pass, run)
}

function isAmong({ step, background, pre, post }: Current, run: AnalysisRun): boolean {
  return run === step || run === background || run === pre || run === post
}

/** A blue-green Rollout goes on showing what it was judged by. */
function cancelAll(pass: Pass, before: Current): Current {
  const { step, background, pre, post } = before
  for (const run of [step, background, pre, post]) cancel(pass, run)
  return { pre, post }
}

function judgeCanary(pass: Pass, { step, background }: Current): Current {
  const next = judgeStep(pass, step)
  return { step: next, background: pass.hasFailed ? background : judgeBackground(pass, background) }
}

function judgeBlueGreen(pass: Pass, { pre, post }: Current): Current {
  const { last, spec, canary } = pass
  const { prePromotion, postPromotion, previewReplicaCount } = spec.blueGreen!
  const isFull = isSaturated(pass, canary)
  const isPreviewFull =
    previewReplicaCount === undefined
      ? isFull
      : canary.spec === previewReplicaCount && canary.available === previewReplicaCount
  const mayPre =
    last.activeSelector !== '' && last.activeSelector !== canary.hash && (pre !== undefined || isPreviewFull)
  const mayPost = isTimeOfPostAnalysis(pass, post)
  const next = {
    pre: judgePromotion(pass, prePromotion, mayPre, pre, 'PrePromotion'),
    post: pass.hasFailed ? post : judgePromotion(pass, postPromotion, mayPost, post, 'PostPromotion'),
  }
  if (next.pre) drawConsequence(pass, next.pre, 'Blue/green pre-promotion analysis phase error/failed')
  if (next.post) drawConsequence(pass, next.post, 'Blue/green post-promotion analysis phase error/failed')
  return next
}

/** From the cutover on, once all pods are there; what has begun goes on when some are lost. */
export function isTimeOfPostAnalysis(pass: Pass, post: AnalysisRun | undefined): boolean {
  const { last, canary } = pass
  if (last.stableHash === canary.hash || last.activeSelector !== canary.hash) return false
  return post !== undefined || isSaturated(pass, canary)
}

function judgePromotion(
  pass: Pass,
  request: AnalysisRequest | undefined,
  isTime: boolean,
  current: AnalysisRun | undefined,
  type: RunType,
): AnalysisRun | undefined {
  if (!request || request.templates.length === 0 || !isTime) {
    cancel(pass, current)
    return request && current
  }
  if (pauseFor(pass.last, 'InconclusiveAnalysisRun')) return current
  return !current || needsAnother(pass.last, current) ? create(pass, request, type, -1) : current
}

function judgeStep(pass: Pass, current: AnalysisRun | undefined): AnalysisRun | undefined {
  const { last, rollout } = pass
  if (last.pauses.length > 0 || last.abort) return current
  const step = partOf(currentStep(rollout), 'analysis')
  const isOfAnotherStep = current !== undefined && current.stepIndex !== last.stepIndex
  if (!step || step.analysis.templates.length === 0 || isOfAnotherStep) {
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
  if (isFullyPromoted(last) || last.currentHash === '' || isBeforeStart) return undefined
  if (pauseFor(last, 'InconclusiveAnalysisRun')) return current
  if (!current || needsAnother(last, current)) return create(pass, background, 'Background', -1)
  drawConsequence(pass, current, 'Background analysis phase error/failed')
  return current
}

/** After a person resumed an inconclusive rollout, and after a retry, the analysis starts over. */
function needsAnother(last: Readonly<Status>, current: AnalysisRun): boolean {
  const isPlanned = pauseFor(last, 'CanaryPauseStep') ?? pauseFor(last, 'BlueGreenPause')
  if (last.controllerPause && !isPlanned) return current.phase === 'Inconclusive'
  return !Number.isNaN(last.abortedAtMs)
}

function drawConsequence(pass: Pass, run: AnalysisRun, reason: string): void {
  if (run.phase === 'Inconclusive') pass.addPause('InconclusiveAnalysisRun')
  if (run.phase === 'Failed' || run.phase === 'Error') abortFor(pass, reason, run.message)
}

export function abortFor(pass: Pass, reason: string, message: string): void {
  const parts = pass.does.nameAnalysisInAbort ? [reason, message] : [message]
  pass.addAbort(pass.words(() => parts.filter((part) => part !== '').join(': ')))
}

/** Undefined if it can't be made: the real controller tells why in its log only. */
function create(pass: Pass, request: AnalysisRequest, type: RunType, stepIndex: number): AnalysisRun | undefined {
  const { runs, rollout, canary } = pass
  const values = argumentValues(pass, request)
  // Without a metric the API server refuses the run, and the pass ends there (argo-rollouts 1.10.1, observed).
  if (!values || !runs.catalogue.hasMetrics(request)) {
    pass.hasFailed = true
    return undefined
  }
  const metrics = runs.catalogue.metricsFor(request, (arg) => values.get(arg)!)
  const suffix = { Step: `-${stepIndex}`, Background: '', PrePromotion: '-pre', PostPromotion: '-post' }[type]
  const name = freeName(runs.all, `${pass.spec.name}-${canary.hash}-${rollout.revision}${suffix}`, '.')
  const run = new AnalysisRun(name, type, canary.hash, stepIndex, metrics)
  runs.all.push(run)
  runs.controller.start(run)
  return run
}

function cancel(pass: Pass, run: AnalysisRun | undefined): void {
  if (run && !isCompleted(run.phase)) pass.runs.controller.terminate(run)
}

/** Most passes find the run as it was, and make nothing new. */
function statusOf(run: AnalysisRun | undefined, before: RunStatus | undefined): RunStatus | undefined {
  if (run === undefined) return undefined
  const { name, phase, message } = run
  const isSame = before !== undefined && before.name === name && before.phase === phase && before.message === message
  return isSame ? before : { name, phase, message }
}

function tellChange(pass: Pass, type: RunType, before: RunStatus | undefined, run: AnalysisRun | undefined): void {
  if (!run || run.phase === '' || (before && (before.name !== run.name || before.phase === run.phase))) return
  pass.view.journal.event?.(
    `Rollout/${pass.spec.name}`,
    run.phase === 'Failed' || run.phase === 'Error' ? 'Warning' : 'Normal',
    `AnalysisRun${run.phase}`,
    `${type} Analysis Run '${run.name}' Status New: '${run.phase}' Previous: '${before?.phase ?? 'NoPreviousStatus'}'`,
  )
}
