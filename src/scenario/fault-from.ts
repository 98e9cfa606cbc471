// A fault of a scenario file with every default filled in.

import type { ChaosReference } from './chaos/surroundings.js'
import { defined } from './defined.js'
import type { FaultFields, SelectorFields } from './fault-schema.js'
import type { FaultEffect, FaultSelector, FaultTimes, ScenarioFault } from './faults.js'

export function faultFrom(fields: FaultFields): ScenarioFault {
  const on = selectorFrom(typeof fields.on === 'object' ? fields.on : { version: fields.on })
  return { ...defined({ name: fields.name }), on, when: timesFrom(fields), effect: effectFrom(fields) }
}

function selectorFrom({ version, pods, share, ...names }: SelectorFields): FaultSelector {
  const podShare = typeof pods === 'number' ? { count: pods } : pods
  return { version: version ?? 'both', ...defined({ ...names, pods: podShare, shareRatio: share }) }
}

function timesFrom({ after, onset, for: lasts, every, ramp, rollout }: FaultFields): FaultTimes {
  const steps = rollout?.map(({ at, weight }) => ({ atMs: at, ratio: weight }))
  const given = defined({ forMs: lasts, everyMs: every, steps })
  return { after: after ?? 'release', onsetMs: onset ?? 0, rampMs: ramp ?? 0, ...given }
}

export function referenceFrom({ manifest, after, onset }: FaultFields): readonly ChaosReference[] {
  return manifest === undefined ? [] : [{ path: manifest, times: { after: after ?? 'release', onsetMs: onset ?? 0 } }]
}

/** The schema has seen to it that there is exactly one. */
function effectFrom(fields: FaultFields): FaultEffect {
  return answerEffect(fields) ?? podEffect(fields) ?? sharedEffect(fields) ?? outerEffect(fields)
}

function answerEffect({ errors, status, latency, above, hang, noisyNeighbour }: FaultFields): FaultEffect | undefined {
  const load = defined({ abovePerSecond: above })
  if (errors !== undefined) return { kind: 'errors', ratio: errors, status: status ?? DEFAULT_STATUS, ...load }
  if (latency !== undefined) return { kind: 'latency', change: latency, ...load }
  if (hang !== undefined) return { kind: 'hang', ratio: hang === true ? 1 : hang }
  return noisyNeighbour === undefined ? undefined : { kind: 'cpu-theft', ratio: noisyNeighbour }
}

function podEffect({ crashLoop, neverReady, leak, kill, imagePullFails }: FaultFields): FaultEffect | undefined {
  if (crashLoop) return { kind: 'crash-loop' }
  if (neverReady) return { kind: 'not-ready' }
  if (leak) return { kind: 'leak', bytesPerMs: leak.growth, ...defined({ limitBytes: leak.limit }) }
  if (kill) return { kind: 'kill', what: kill, graceMs: 0 }
  return imagePullFails ? { kind: 'image-pull' } : undefined
}

function sharedEffect({ poison, skew, status }: FaultFields): FaultEffect | undefined {
  const answer = { status: status ?? DEFAULT_STATUS }
  if (poison) {
    return { kind: 'poison', records: poison.records, ...answer, ...defined({ recoveryMs: poison.recovery }) }
  }
  return skew && { kind: 'skew', ratio: skew.errors, ...answer, while: skew.while ?? 'migrated' }
}

function outerEffect({ nodeLoss, traffic, delay, ...fields }: FaultFields): FaultEffect {
  const delayMs = delay ?? 0
  if (nodeLoss) return { kind: 'node-loss' }
  if (traffic !== undefined) return { kind: 'traffic', factor: traffic }
  if (fields.metrics) return { kind: 'metrics', how: fields.metrics, delayMs }
  if (fields.prometheus) return { kind: 'prometheus', how: fields.prometheus }
  if (fields.controller) return { kind: 'controller', how: fields.controller, delayMs }
  return fields.apiServer ? { kind: 'api-server', how: fields.apiServer, delayMs } : { kind: 'quota' }
}

const DEFAULT_STATUS = 500
