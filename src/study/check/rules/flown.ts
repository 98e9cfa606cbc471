// What the flight of a healthy release shows of its steps.
import type { RunRecord } from '../../../run/record.js'
import type { TimelineEntry } from '../../../run/timeline.js'
import { formatDuration } from '../../../scenario/units.js'

/** How things were when a step was over. */
export interface Moment {
  /** Since the release, in words. */
  readonly after: string
  readonly canaryPods: number
  /** What part of the requests reached the canary. */
  readonly weightPercent: number
}

/** Undefined where the release didn't get past the step. */
export function endOfStep(record: RunRecord | undefined, index: number): Moment | undefined {
  const end = record?.timeline.find((entry) => entry.what === 'rollout' && entry.step !== null && entry.step > index)
  return record && end && momentAt(record, end.atMs)
}

/** When the new version became the one for everybody. */
export function promotionIn(record: RunRecord | undefined): Moment | undefined {
  const promotedMs = record?.times.promotedMs ?? null
  return record === undefined || promotedMs === null ? undefined : momentAt(record, promotedMs)
}

function momentAt({ timeline, times }: RunRecord, atMs: number): Moment {
  const canary = createdIn(timeline)
  let canaryPods = 0
  let weightPercent = 0
  for (const entry of timeline) {
    if (entry.atMs > atMs) break
    if (entry.what === 'replica-set' && entry.name === canary) canaryPods = entry.available
    if (entry.what === 'traffic') weightPercent = entry.actualWeightPercent
  }
  return { after: formatDuration(Math.round((atMs - times.releasedMs) / 1000) * 1000), canaryPods, weightPercent }
}

/** Name of the ReplicaSet that the release made. */
function createdIn(timeline: readonly TimelineEntry[]): string | undefined {
  for (const entry of timeline) {
    if (entry.what === 'event' && entry.reason === 'NewReplicaSetCreated') return entry.message.split(' ')[2]
  }
  return undefined
}
