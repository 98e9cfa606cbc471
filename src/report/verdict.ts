// The outcome of a flight as text: the verdict, when things happened, and whom they hurt.
import type { RunRecord } from '../run/record.js'
import type { Verdict } from '../scenario/budget.js'
import type { Paint } from './paint.js'
import { fidelityText, grouped, lasting, percent, rounded } from './words.js'

export function verdictText(record: RunRecord, teaches: string, paint: Paint): string {
  const { times, blastRadius, detectionMs, timeToSafeMs } = record
  const { requests, users } = blastRadius
  const since = (ms: number | null) =>
    ms === null || times.onsetMs === null ? never(paint) : lasting(ms - times.onsetMs)
  const rows: (readonly [string, string])[] = []
  if (times.onsetMs === null) {
    rows.push(['onset', `${paint.good('none')}: nothing was wrong with the release`])
    if (times.decidedMs !== null)
      rows.push(['decided', `${lasting(times.decidedMs - times.releasedMs)} after the release`])
  } else {
    rows.push(['onset', `${lasting(times.onsetMs - times.releasedMs)} after the release; times below are since then`])
    rows.push(['first exposed', since(times.firstExposedMs)])
    rows.push(['first observable', since(times.firstObservableMs)])
    rows.push(['first failed check', since(times.firstFailedCheckMs)])
    rows.push([
      'decided',
      detectionMs === null ? never(paint) : `${paint.strong(lasting(detectionMs))}  detection time`,
    ])
    rows.push(['safe', timeToSafeMs === null ? never(paint) : `${paint.strong(lasting(timeToSafeMs))}  time to safe`])
  }
  if (times.promotedMs !== null)
    rows.push(['promoted', `${lasting(times.promotedMs - times.releasedMs)} after the release`])
  rows.push([
    'requests',
    `${grouped(requests.total)}; exposed ${grouped(requests.exposed)}, failed ${grouped(requests.failed)}, ${hurt(requests.excess, 'in excess of stable', paint)}`,
  ])
  rows.push([
    'users',
    `${grouped(users.total)}; exposed ${grouped(users.exposed)}, ${hurt(users.harmed, 'harmed', paint)}`,
  ])
  rows.push(['user-minutes', rounded(blastRadius.userMinutes)])
  rows.push(['error budget', `${percent(blastRadius.budgetSpentPercent)} spent`])
  rows.push(['peak weight', percent(blastRadius.peakWeightPercent)])
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, value]) => `  ${paint.faint(name.padEnd(width))}  ${value}`)
  const head = `${paintVerdict(record, paint)}  ${record.scenario}  ${paint.faint(`seed ${record.seed}${fidelityText(record.fidelity)}`)}`
  return [head, `  ${teaches}`, '', ...table].join('\n')
}

export const verdictIcons: Readonly<Record<Verdict, string>> = { promoted: '✔', aborted: '✖', paused: '॥', stuck: '◌' }

/** A promoted release with a fault in it is not a success, and neither is an aborted one that was as good as stable. */
function paintVerdict({ verdict, missed, falseAbort, times }: RunRecord, paint: Paint): string {
  // Nothing but taking it back stops a release once it is promoted.
  const wasTakenBack = verdict === 'aborted' && times.promotedMs !== null
  const remarks = [
    ...(missed ? ['missed'] : []),
    ...(wasTakenBack ? ['promoted, then taken back'] : []),
    ...(falseAbort ? ['false abort'] : []),
  ]
  const text = `${verdictIcons[verdict]} ${verdict}${remarks.map((remark) => ` (${remark})`).join('')}`
  if (missed || falseAbort) return paint.bad(text)
  return verdict === 'promoted' || verdict === 'aborted' ? paint.good(text) : paint.busy(text)
}

function hurt(count: number, what: string, paint: Paint): string {
  const text = `${grouped(count)} ${what}`
  return count > 0 ? paint.bad(text) : text
}

function never(paint: Paint): string {
  return paint.faint('never')
}
