// How long something takes in the life of a pod: always the same, or drawn anew each time.
import { type LogNormal, logNormal } from '../../kernel/lognormal.js'
import type { Stream, Tape } from '../../kernel/random.js'

export type Delay = { readonly fixedMs: number } | LogNormal

export const noDelay: Delay = Object.freeze({ fixedMs: 0 })

const mostDrawsPerPod = 64

/** The draws of one kind. Each belongs to the nth time that it happens to a pod: other pods and times leave it alone. */
export class Delays {
  private readonly streams: readonly Stream[]

  constructor(
    /** By version. */
    private readonly delays: readonly Delay[],
    tape: Tape,
    name: string,
  ) {
    this.streams = delays.map((_, version) => tape.stream(name, version))
  }

  /** In whole milliseconds. */
  draw(version: number, ordinal: number, nth: number): number {
    const delay = this.delays[version]!
    if ('fixedMs' in delay) return delay.fixedMs
    const stream = this.streams[version]!
    stream.seek(ordinal * mostDrawsPerPod + Math.min(nth, mostDrawsPerPod - 1))
    return Math.round(logNormal(stream, delay.mu, delay.sigma))
  }
}
