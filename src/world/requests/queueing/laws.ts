// What holds in every world where requests queue; checked whenever the engine has caught up.
import { BrokenLaw } from '../../broken-law.js'
import type { Pods } from './pods.js'

/** Where every request that has arrived and isn't answered must be. */
export interface Whereabouts {
  readonly nowMs: number
  readonly arrived: number
  readonly succeeded: number
  readonly failed: number
  readonly backingOff: number
  /** At a pod although nobody waits for them. */
  readonly inVain: number
}

export function checkLaws(pods: Pods, whereabouts: Whereabouts): void {
  const { nowMs, arrived, succeeded, failed, backingOff, inVain } = whereabouts
  let atPods = 0
  for (let place = 0; place < pods.end; place++) {
    const pod = pods.numbers[place]!
    const busy = pods.busy[place]!
    const concurrency = pods.concurrency[place]!
    const queued = pods.queued[place]!
    const room = pods.room[place]!
    if (!(busy >= 0 && busy <= concurrency)) {
      throw new BrokenLaw('a pod serves no more than it can', { nowMs, pod, busy, concurrency })
    }
    if (!(queued >= 0 && queued <= room)) {
      throw new BrokenLaw('a queue holds no more than it can', { nowMs, pod, queued, room })
    }
    atPods += busy + queued
  }
  const inFlight = atPods - inVain + backingOff
  if (arrived !== succeeded + failed + inFlight) {
    throw new BrokenLaw('what arrives is answered or in flight', { nowMs, arrived, succeeded, failed, inFlight })
  }
}

export function checkTime(nowMs: number, timeMs: number): void {
  if (!(timeMs >= nowMs && timeMs < Number.POSITIVE_INFINITY)) {
    throw new BrokenLaw('time does not go back', { nowMs, timeMs })
  }
}
