// The part of a pass that calls step plugins: it runs that of the current step, ends it, or takes back what plugins did.
// As the controller's source has it (argo-rollouts 1.10.1, rollout/stepplugin.go and rollout/steps/plugin).
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { StepPlugin } from '../view.js'
import type { Pass } from './pass.js'
import { currentStep, isFullyPromoted } from './rollout.js'
import type { PluginStatus } from './status.js'
import { partOf, type StepPart } from './step.js'

const minRequeueMs = 10_000
const defaultRequeueMs = 30_000
const errorBackoffMs = 30_000
/** A plugin that can't be called at all is asked for again this much later. */
const missingBackoffMs = 30_000
/** On top of any back-off. */
const bufferMs = 5_000

type PluginStep = Extract<StepPart, { readonly kind: 'plugin' }>

export function callPlugins(pass: Pass): void {
  const { last, rollout } = pass
  const step = partOf(currentStep(rollout), 'plugin')
  if (!step && pass.plugins.length === 0) return
  if (pass.isAborted) return abortAll(pass)
  if (last.promoteFull || isFullyPromoted(last)) return terminateLast(pass)
  forgetFormerTry(pass)
  if (step && last.phase === 'Progressing') run(pass, step)
}

/** Of a plugin that was told to end or to undo its work nobody waits for the run. */
export function isPluginCompleted(pass: Pass, index: number): boolean {
  if (pass.isPluginMissing) return false
  const ran = statusOf(pass, index, 'Run')
  if (!ran) return false
  if (ran.isDisabled || ran.phase === 'Successful' || ran.phase === 'Failed') return true
  const isEnded = statusOf(pass, index, 'Terminate') ?? statusOf(pass, index, 'Abort')
  return ran.phase === 'Running' && isEnded !== undefined
}

function run(pass: Pass, step: PluginStep): void {
  const { last, nowMs } = pass
  const index = Math.max(0, last.stepIndex)
  const plugin = find(pass, step.name, index)
  if (!plugin) return
  const before = statusOf(pass, index, 'Run')
  if (plugin.isDisabled) {
    const status = started(index, step.name, 'Run', Number.NaN)
    return update(pass, { ...status, phase: '', isDisabled: true })
  }
  if (before?.phase === 'Successful' || before?.phase === 'Failed') return
  let status = before && !before.isDisabled ? before : started(index, step.name, 'Run', nowMs)
  if (status.executions > 0 && status.updatedAtMs + status.backoffMs > nowMs) {
    pass.wakeAt(status.updatedAtMs + status.backoffMs + bufferMs)
    return
  }
  status = executed(status, plugin, step.config, nowMs)
  update(pass, status)
  if (status.phase === 'Running' || status.phase === 'Error') pass.wakeAt(nowMs + status.backoffMs + bufferMs)
  if (status.phase === 'Failed')
    pass.addAbort(pass.words(() => `Step Plugin ${index + 1} (${step.name}) failed: ${status.message}`))
}

/** What one more call of the plugin makes of its status. */
function executed(status: PluginStatus, plugin: StepPlugin, config: unknown, nowMs: number): PluginStatus {
  const second = floorToSecond(nowMs)
  const answer = plugin.run({ config, nowMs, state: status.state })
  const { phase, message } = answer
  const isOver = phase === 'Successful' || phase === 'Failed'
  const requeueMs = answer.requeueAfterMs > minRequeueMs ? answer.requeueAfterMs : defaultRequeueMs
  return {
    ...status,
    phase,
    message,
    executions: status.executions + 1,
    updatedAtMs: second,
    finishedAtMs: isOver ? second : status.finishedAtMs,
    backoffMs: phase === 'Running' ? requeueMs : phase === 'Error' ? errorBackoffMs : 0,
    // What an error says of its state may be wrong.
    state: phase === 'Error' ? status.state : answer.state,
  }
}

/** The last one first. */
function abortAll(pass: Pass): void {
  for (const { index, name, operation, phase, isDisabled } of pass.plugins.toReversed()) {
    if (operation !== 'Run' || !partOf(pass.spec.canary.steps[index], 'plugin')) continue
    const plugin = find(pass, name, index)
    if (!plugin) return
    if (plugin.isDisabled || isDisabled || (phase !== 'Running' && phase !== 'Successful')) continue
    if (!statusOf(pass, index, 'Abort')) update(pass, ended(index, name, 'Abort', pass.nowMs))
  }
}

/** Only one can be running; what has been terminated already needs nothing more. */
function terminateLast(pass: Pass): void {
  for (const { index, name, operation, phase } of pass.plugins.toReversed()) {
    if (operation === 'Terminate' && phase === 'Successful') return
    if (operation !== 'Run' || phase !== 'Running') continue
    if (!partOf(pass.spec.canary.steps[index], 'plugin')) return
    const plugin = find(pass, name, index)
    if (!plugin || plugin.isDisabled || statusOf(pass, index, 'Terminate')) return
    update(pass, ended(index, name, 'Terminate', pass.nowMs))
    return
  }
}

/** A retry begins at the first step with nothing done: what is known there is of the try before. */
function forgetFormerTry(pass: Pass): void {
  const { last, rollout } = pass
  const step = currentStep(rollout)
  if (pass.plugins.length === 0 || last.abort || !step || last.stepIndex > 0) return
  if (!partOf(step, 'plugin') || isPluginCompleted(pass, 0)) pass.plugins = []
}

function statusOf({ plugins }: Pass, index: number, operation: PluginStatus['operation']): PluginStatus | undefined {
  return plugins.find((status) => status.index === index && status.operation === operation)
}

function started(index: number, name: string, operation: PluginStatus['operation'], nowMs: number): PluginStatus {
  return {
    index,
    name,
    operation,
    phase: 'Running',
    message: '',
    isDisabled: false,
    executions: 0,
    backoffMs: 0,
    startedAtMs: floorToSecond(nowMs),
    updatedAtMs: Number.NaN,
    finishedAtMs: Number.NaN,
    state: Number.NaN,
  }
}

function ended(index: number, name: string, operation: PluginStatus['operation'], nowMs: number): PluginStatus {
  return { ...started(index, name, operation, nowMs), phase: 'Successful', finishedAtMs: floorToSecond(nowMs) }
}

function update(pass: Pass, status: PluginStatus): void {
  const before = statusOf(pass, status.index, status.operation)
  pass.plugins = before ? pass.plugins.map((known) => (known === before ? status : known)) : [...pass.plugins, status]
  const { name, index, operation, phase, isDisabled } = status
  // That it succeeded is told by the step's end.
  if (before?.phase === phase || isDisabled || (operation === 'Run' && phase === 'Successful')) return
  const did = { Run: `transitioned to ${phase}`, Abort: `aborted (${phase})`, Terminate: `terminated (${phase})` }
  const isBad = phase === 'Error' || phase === 'Failed'
  pass.view.journal.event?.(
    `Rollout/${pass.spec.name}`,
    isBad ? 'Warning' : 'Normal',
    'StepPluginTransition',
    `Step plugin ${name} (step ${index + 1}) ${did[operation]}`,
  )
}

/** One that nobody has configured holds the step up, and is asked for again and again. */
function find(pass: Pass, name: string, index: number): StepPlugin | undefined {
  const plugin = pass.view.stepPlugin?.(name)
  if (plugin) return plugin
  pass.isPluginMissing = true
  const why = `unable to start plugin system: unable to find plugin (${name}): plugin ${name} not configured in configmap`
  const what = `could not create step plugin at index ${index} : failed to get step plugin ${name}: ${why}`
  pass.view.journal.event?.(
    `Rollout/${pass.spec.name}`,
    'Warning',
    'ReconciliationError',
    `Reconciliation failed with error: ${what}`,
  )
  pass.wakeAt(pass.nowMs + missingBackoffMs)
  return undefined
}
