// Step plugins that do what the scenario says.
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { partOf } from '../policy/argo/step.js'
import type { PluginAnswer, PluginCall, StepPlugin } from '../policy/view.js'
import type { ScenarioFile } from '../scenario/load.js'
import type { Manifest } from '../scenario/manifest.js'
import { nearName } from '../scenario/near-name.js'
import type { PluginScript } from '../scenario/plugins.js'
import type { Problems } from '../scenario/problem.js'

export function scriptedPlugin(scripts: readonly PluginScript[], name: string): StepPlugin | undefined {
  const script = scripts.find((candidate) => candidate.name === name)
  if (!script) return undefined
  return { isDisabled: script.phase === undefined, run: (call) => answer(script, call) }
}

/** It remembers when it began, as the controller keeps what it answers. */
function answer({ phase, afterMs, message, requeueAfterMs }: PluginScript, { nowMs, state }: PluginCall): PluginAnswer {
  const beganMs = Number.isNaN(state) ? nowMs : state
  const isOver = phase !== undefined && nowMs - beganMs >= afterMs
  return isOver
    ? { phase, message, requeueAfterMs, state: beganMs }
    : { phase: 'Running', message: '', requeueAfterMs, state: beganMs }
}

/** Every plugin that a step names must be told of, as nobody could guess what it does. */
export function checkPluginScripts(
  file: ScenarioFile,
  scripts: readonly PluginScript[],
  { rollout }: ArgoPolicy,
  manifests: readonly Manifest[],
  problems: Problems,
): void {
  const { steps } = rollout.canary
  const named = steps.flatMap((step) => partOf(step, 'plugin')?.name ?? [])
  const manifest = manifests.find(({ kind }) => kind === 'Rollout')!
  for (const [index, step] of steps.entries()) {
    const plugin = partOf(step, 'plugin')
    if (!plugin || scripts.some(({ name }) => name === plugin.name)) continue
    const at = manifest.positionOf(['spec', 'strategy', 'canary', 'steps', index, 'plugin', 'name'])
    const message = `the scenario doesn't say what the step plugin ${plugin.name} does`
    const hint = `Add to the scenario: plugins: [{name: ${plugin.name}, phase: Successful, after: 30s}].`
    problems.error('plugin-unscripted', { file: manifest.file, ...at }, message, { hint })
  }
  for (const [index, { name }] of scripts.entries()) {
    if (named.includes(name)) continue
    const near = nearName(name, named)
    const hint = near === undefined ? 'Remove it, or add a step for it.' : `Did you mean ${near}?`
    const place = file.placeOf(['plugins', index, 'name'])
    problems.warning('plugin-unused', place, `no step of the policy names the plugin ${name}`, { hint })
  }
}
