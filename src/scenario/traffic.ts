// Who sends requests, and how many, as a scenario tells it: a rate or a log, and what changes it over time.
import type { LogFormat } from './access-log/formats.js'
import type { ScenarioUsers } from './users.js'

export interface ScenarioTraffic extends ScenarioUsers {
  /** Without any, a log is replayed. */
  readonly points: readonly TrafficPoint[]
  readonly replay?: Replay
  readonly week?: Week
  readonly crowds: readonly Crowd[]
  readonly bursts?: Bursts
  readonly noise?: Noise
}

/** From `atMs` on the rate is this, reached in a straight line from the rate before if there is a ramp. */
export interface TrafficPoint {
  readonly atMs: number
  readonly ratePerSecond: number
  readonly rampMs: number
}

/** How the rate follows the hours of the day and the days of the week, in UTC. */
export interface Week {
  /** The rate twelve hours from the peak, as a part of that at the peak. */
  readonly lowRatio: number
  /** Since midnight. */
  readonly peakMs: number
  /** From Sunday on, as a part of what the rate would be. */
  readonly dayRatios: readonly number[]
}

/** Everybody comes at once, and then goes away again little by little. */
export interface Crowd {
  readonly atMs: number
  readonly factor: number
  readonly riseMs: number
  readonly holdMs: number
  readonly fallMs: number
  /** When all of it is gone. */
  readonly untilMs: number
}

/** On average one begins every so often and lasts so long; both are drawn from exponential distributions. */
export interface Bursts {
  readonly factor: number
  readonly everyMs: number
  readonly forMs: number
}

/** The rate strays from what it should be, and finds back within about this time. */
export interface Noise {
  /** Standard deviation of a factor whose mean is 1. */
  readonly deviationRatio: number
  readonly everyMs: number
}

export interface Replay {
  /** As seen from the program. */
  readonly file: string
  readonly format: LogFormat
  /** Names of fields or columns; without one, what is usual for the format. */
  readonly timeField?: string
  readonly countField?: string
  /** Which part of the log, in milliseconds since 1970; without, from its first request on and up to its end. */
  readonly fromMs?: number
  readonly untilMs?: number
  readonly scale: number
  /** When in the scenario it begins. */
  readonly atMs: number
  /** Requests of each second from `atMs` on, once the log has been read. */
  readonly counts?: readonly number[]
}
