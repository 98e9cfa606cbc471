// The timeline of a flight as text: one line an entry, times since the release.
import type { TimelineEntry } from '../run/timeline.js'
import type { Paint } from './paint.js'
import { clock, labelSet, percent } from './words.js'

/** Events that only repeat what other lines of the timeline say better. */
const told = new Set([
  'ScalingReplicaSet',
  'TrafficWeightUpdated',
  'SwitchService',
  'RolloutPaused',
  'RolloutResumed',
  'AnalysisRunPending',
  'AnalysisRunRunning',
  'AnalysisRunFailed',
  'AnalysisRunSuccessful',
  'AnalysisRunError',
  'AnalysisRunInconclusive',
  'RolloutAborted',
  'PatchingCanaryIngress',
  'Updated VirtualService',
  'UpdatedDestinationRule',
])

const toldKinds = /^(Metric|Template|Experiment(?!Created))/

export function timelineText(entries: readonly TimelineEntry[], releasedMs: number, paint: Paint): string {
  const lines = mergeCounts(entries)
    .filter((entry) => !(entry.what === 'event' && (told.has(entry.reason) || toldKinds.test(entry.reason))))
    .map((entry) => entryLine(entry, releasedMs, paint))
  return lines.join('\n')
}

function entryLine(entry: TimelineEntry, releasedMs: number, paint: Paint): string {
  const [what, text] = describe(entry, paint)
  return `${paint.faint(clock(entry.atMs - releasedMs))}  ${what.padEnd(11)}  ${text}`
}

function describe(entry: TimelineEntry, paint: Paint): readonly [string, string] {
  switch (entry.what) {
    case 'release':
      return ['release', paint.strong(entry.image)]
    case 'fault':
      return ['fault', `${entry.begins ? paint.bad('begins') : 'ends'} on ${entry.on}: ${entry.effect}`]
    case 'rollout': {
      const step = entry.step === null ? '' : `  step ${entry.step}/${entry.steps}`
      const message = entry.message === '' ? '' : `  ${entry.message}`
      return ['rollout', `${byPhase(entry.phase, paint)}${step}  set weight ${entry.setWeightPercent} %${message}`]
    }
    case 'replica-set': {
      const { name, spec, ready, available } = entry
      // Ready for less than minReadySeconds: they serve, but the controller doesn't count on them yet.
      const counts = ready === available ? `${available}/${spec}` : `${ready}/${spec} ready, ${available}/${spec}`
      return ['pods', `${name}  ${counts} available`]
    }
    case 'person':
      return ['person', paint.strong(commandText(entry.does))]
    case 'restart': {
      const { replicaSet, pod, restarts, reason } = entry
      const crashed = reason === 'OOMKilled' ? 'is OOMKilled' : 'crashed'
      const count = restarts === 1 ? '' : ` again, ${restarts} times now`
      return ['pods', `${replicaSet}  pod ${pod} ${crashed}${count}`]
    }
    case 'cluster':
      return ['cluster', `${entry.on}  ${entry.reason}  ${paint.faint(entry.message)}`]
    case 'service':
      return ['service', `${entry.name} selects ${entry.selects}`]
    case 'traffic': {
      const actual = paint.strong(percent(entry.actualWeightPercent))
      return ['traffic', `${actual} of requests reach the canary (set weight ${entry.setWeightPercent} %)`]
    }
    case 'experiment':
    case 'analysis': {
      const message = entry.message === '' ? '' : `  ${entry.message}`
      return [entry.what, `${entry.name}  ${byPhase(entry.phase || 'Created', paint)}${message}`]
    }
    case 'measurement': {
      const detail = entry.value ?? entry.message
      return ['measurement', `${entry.metric}  ${byPhase(entry.phase, paint)}  ${detail}`]
    }
    case 'alert': {
      const { alert, change, labels, value } = entry
      const detail = change === 'resolved' || change === 'gone' ? '' : `  ${value}`
      return ['alert', `${alert}  ${byChange(change, paint)}${detail}  ${paint.faint(labelSet(labels))}`]
    }
    case 'rule':
      return ['rule', `${entry.rule}  ${paint.bad('fails')}  ${entry.error}  ${paint.faint(`group ${entry.group}`)}`]
    case 'event':
      return ['event', paint.faint(entry.message)]
    case 'notification': {
      const { trigger, service, recipients } = entry
      const to = recipients.filter((recipient) => recipient !== '').join(', ')
      return ['notified', `${trigger}  ${service}${to === '' ? '' : `: ${to}`}`]
    }
  }
}

function byPhase(phase: string, paint: Paint): string {
  if (phase === 'Healthy' || phase === 'Successful') return paint.good(phase)
  if (phase === 'Degraded' || phase === 'Failed' || phase === 'Error') return paint.bad(phase)
  return paint.busy(phase)
}

function byChange(change: 'pending' | 'firing' | 'resolved' | 'gone' | 'standing', paint: Paint): string {
  if (change === 'firing') return paint.bad(change)
  if (change === 'standing') return paint.bad('firing since before the release: pages nobody')
  return change === 'pending' ? paint.busy(change) : paint.good(change)
}

/** Pods of one wave come one by one; of changes of one ReplicaSet within a second the last one tells. */
function mergeCounts(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return entries.filter((entry, index) => {
    if (entry.what !== 'replica-set') return true
    for (let next = index + 1; next < entries.length && entries[next]!.atMs - entry.atMs < 1000; next++) {
      const later = entries[next]!
      if (later.what === 'replica-set' && later.name === entry.name) return false
    }
    return true
  })
}

/** Scaling is a command of kubectl itself. */
function commandText(does: string): string {
  return does.startsWith('scale ')
    ? `kubectl ${does}`
    : `kubectl argo rollouts ${does.replace('promote-full', 'promote --full')}`
}
