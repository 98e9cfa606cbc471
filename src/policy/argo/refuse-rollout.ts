// All that a pass does for an invalid Rollout: it says so in the status.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { findCondition, replaceCondition } from '../conditions.js'
import type { View } from '../view.js'
import type { Rollout } from './rollout.js'
import { phaseOf, type Status } from './status.js'

/** Whether there was anything new to write. */
export function refuseRollout(rollout: Rollout, words: string, view: View): boolean {
  const { spec, status, generation } = rollout
  const message = `The Rollout "${spec.name}" is invalid: ${words}`
  const isTold = findCondition(status.conditions, 'InvalidSpec')?.message === message
  if (isTold && status.observedGeneration === generation) return false
  const lastUpdateMs = floorToSecond(view.loop.now)
  const invalid = { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message, lastUpdateMs } as const
  const conditions = isTold ? status.conditions : replaceCondition(status.conditions, invalid)
  const next: Status = { ...status, conditions, observedGeneration: generation }
  rollout.status = { ...next, ...phaseOf(spec, next) }
  view.journal.wrote(rollout)
  return true
}
