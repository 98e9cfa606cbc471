// The status of a Rollout as arguments with a `fieldRef` see it: its JSON, as far as it is simulated.
import type { JsonObject } from '../../scenario/json.js'
import { type FieldValue, valueIn } from './field-path.js'
import type { Status } from './status.js'

const known = [
  'HPAReplicas',
  'abort',
  'availableReplicas',
  'blueGreen',
  'controllerPause',
  'currentPodHash',
  'currentStepIndex',
  'message',
  'observedGeneration',
  'pauseConditions',
  'phase',
  'promoteFull',
  'readyReplicas',
  'replicas',
  'stableRS',
  'updatedReplicas',
  'workloadObservedGeneration',
]

export function isStatusPath(path: string): boolean {
  return /^status\b/.test(path)
}

/** Whether the part of the status is simulated, and can be pointed at. */
export function isKnownStatusPath(path: string): boolean {
  return known.some((field) => new RegExp(`^status\\.${field}\\b(?!\\[\\d+\\]\\.startTime)`).test(path))
}

export function statusAt(status: Readonly<Status>, path: string): FieldValue {
  return valueIn({ status: jsonOf(status) }, path)
}

/** Fields that are empty aren't written, and so can't be pointed at. */
function jsonOf(status: Readonly<Status>): JsonObject {
  const { activeSelector, previewSelector } = status
  return {
    ...withoutEmpty({
      HPAReplicas: status.hpaReplicas,
      abort: status.abort ?? false,
      availableReplicas: status.available,
      controllerPause: status.controllerPause ?? false,
      currentPodHash: status.currentHash,
      message: status.message,
      observedGeneration: String(status.observedGeneration),
      phase: status.phase,
      promoteFull: status.promoteFull,
      readyReplicas: status.ready,
      replicas: status.replicas,
      stableRS: status.stableHash,
      updatedReplicas: status.updated,
      workloadObservedGeneration: status.workloadGeneration === 0 ? '' : String(status.workloadGeneration),
    }),
    ...(status.stepIndex < 0 ? {} : { currentStepIndex: status.stepIndex }),
    ...(status.pauses.length === 0 ? {} : { pauseConditions: status.pauses.map(({ reason }) => ({ reason })) }),
    blueGreen: withoutEmpty({ activeSelector, previewSelector }),
  }
}

function withoutEmpty(fields: Readonly<Record<string, string | number | boolean>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Boolean(value)))
}
