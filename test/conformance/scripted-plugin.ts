// The step plugins of the rig: one that does what its step's config says, and one that is switched off.
import type { PluginAnswer, PluginCall, StepPlugin } from '../../src/policy/view.js'
import { msOf } from './case.js'

interface Config {
  readonly phase?: PluginAnswer['phase']
  /** Since its first call. */
  readonly after?: string
  readonly message?: string
  readonly requeueAfter?: string
  /** It answers with this error then, whatever the phase. */
  readonly err?: string
}

export function scriptedPlugin(name: string): StepPlugin | undefined {
  if (name === 'rig/scripted') return { isDisabled: false, run }
  return name === 'rig/disabled' ? { isDisabled: true, run } : undefined
}

function run({ config, nowMs, state }: PluginCall): PluginAnswer {
  const { phase = 'Successful', after = '0s', message = '', requeueAfter = '0s', err } = (config ?? {}) as Config
  const beganMs = Number.isNaN(state) ? nowMs : state
  const answer = { requeueAfterMs: msOf(requeueAfter), state: beganMs }
  if (nowMs - beganMs < msOf(after)) return { ...answer, phase: 'Running', message: '' }
  return err === undefined ? { ...answer, phase, message } : { ...answer, phase: 'Error', message: err }
}
