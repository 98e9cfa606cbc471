// Schedule: the same chaos again and again, by the clock.
import type { FaultTimes } from '../faults.js'
import { limits } from '../limits.js'
import { formatDuration } from '../units.js'
import { parseCron, ticksOf } from './cron.js'
import type { Part } from './part.js'
import type { ChaosSurroundings, ChaosTimes } from './surroundings.js'

/**
 * When it strikes; undefined, and problems, if the world cannot follow it. One fault for all of it where it comes
 * regularly, otherwise one for each time.
 */
export function timesOfSchedule(
  schedule: Part,
  forMs: number | undefined,
  isOneShot: boolean,
  times: ChaosTimes,
  world: ChaosSurroundings,
): readonly FaultTimes[] | undefined {
  const cron = parseCron(schedule.text('schedule')!)
  if ('error' in cron) {
    schedule.invalid('schedule', `parse schedule field error:${cron.error}`, {
      hint: 'Write it as cron does, such as */5 * * * *, or as @every 5m.',
    })
    return undefined
  }
  if (times.after !== 'release' && !('everyMs' in cron)) {
    schedule.refuse('schedule', `nobody knows beforehand at what time of day ${times.after} comes`, 'Write @every.')
    return undefined
  }
  if (!isOneShot && forMs === undefined) {
    // IsChaosFinishedWithUntilStop of 2.8: it is deleted as soon as there is more history than historyLimit.
    const hint = 'Give it a duration: without one, Chaos Mesh makes it once and removes it for its history.'
    schedule.refuse('type', 'what is scheduled must end by itself', hint)
    return undefined
  }
  tellDeadline(schedule)
  const from = world.releasedAtMs + times.onsetMs
  const ticks = ticksOf(cron, from, world.releasedAtMs + world.horizonMs, limits.strikes + 1)
  if (ticks.length > limits.strikes) {
    schedule.refuse('schedule', `this strikes more than ${limits.strikes} times until the flight ends`)
    return undefined
  }
  const onsets = withoutOverlap(schedule, ticks, isOneShot ? 0 : forMs!)
  if (onsets === undefined) return undefined
  const given = { rampMs: 0, after: times.after, ...(isOneShot || forMs === undefined ? {} : { forMs }) }
  return regular(onsets.map((onset) => onset - world.releasedAtMs)).map((when) => ({ ...given, ...when }))
}

function tellDeadline(schedule: Part): void {
  if (!schedule.has('startingDeadlineSeconds')) return
  schedule.warn('startingDeadlineSeconds', 'Chaos Mesh itself is never down here: what is due begins in time')
}

/** A run that is due while the last one goes on is left out, unless they may overlap. */
function withoutOverlap(schedule: Part, ticks: readonly number[], forMs: number): readonly number[] | undefined {
  const overlaps = ticks.some((tick, index) => index > 0 && tick < ticks[index - 1]! + forMs)
  if (!overlaps) return ticks
  if (schedule.text('concurrencyPolicy') === 'Allow') {
    const message = `one lasts ${formatDuration(forMs)}, and the next begins before: the world has one at a time`
    schedule.refuse('concurrencyPolicy', message, 'Write concurrencyPolicy: Forbid, or a shorter duration.')
    return undefined
  }
  let overMs = Number.NEGATIVE_INFINITY
  return ticks.filter((tick) => {
    if (tick < overMs) return false
    overMs = tick + forMs
    return true
  })
}

function regular(onsetsMs: readonly number[]): readonly Pick<FaultTimes, 'onsetMs' | 'everyMs'>[] {
  const [first, second] = onsetsMs
  if (first === undefined) return []
  if (second === undefined) return [{ onsetMs: first }]
  const everyMs = second - first
  const isRegular = onsetsMs.every((onset, index) => onset === first + index * everyMs)
  return isRegular ? [{ onsetMs: first, everyMs }] : onsetsMs.map((onsetMs) => ({ onsetMs }))
}
