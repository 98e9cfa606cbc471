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

/** How long the release was at a step; undefined where it never came there, or never went on. */
export function stayAtMs(record: RunRecord | undefined, index: number): number | undefined {
  const phases = record?.timeline.filter((entry) => entry.what === 'rollout') ?? []
  const [enters, leaves] = [index, index + 1].map((step) => phases.find((phase) => phase.step === step)?.atMs)
  return enters === undefined || leaves === undefined ? undefined : leaves - enters
}

/** When each measurement of a metric was taken. */
export function measurementsOf(record: RunRecord | undefined, metric: string): readonly Measurement[] {
  return (record?.timeline ?? [])
    .filter((entry) => entry.what === 'measurement')
    .filter((each) => each.metric === metric)
}

type Measurement = Extract<TimelineEntry, { what: 'measurement' }>

/** Where an analysis that ended with these words has stopped a good release. */
export function abortWith(record: RunRecord | undefined, words: string): string | undefined {
  const decidedMs = record?.verdict === 'aborted' ? record.times.decidedMs : null
  const ended = record?.timeline.find((entry) => entry.what === 'analysis' && entry.message.includes(words))
  if (!record || !ended || decidedMs === null) return undefined
  return `A good release is aborted ${inSeconds(decidedMs - record.times.releasedMs)} after it began.`
}

export function inSeconds(durationMs: number): string {
  return formatDuration(Math.round(durationMs / 1000) * 1000)
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
  return { after: inSeconds(atMs - times.releasedMs), canaryPods, weightPercent }
}

/** Name of the ReplicaSet that the release made. */
function createdIn(timeline: readonly TimelineEntry[]): string | undefined {
  for (const entry of timeline) {
    if (entry.what === 'event' && entry.reason === 'NewReplicaSetCreated') return entry.message.split(' ')[2]
  }
  return undefined
}
