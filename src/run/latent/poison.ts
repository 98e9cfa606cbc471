// A version spoils what both versions share: every request that it serves may, and who reads it later gets an error.
import { exp } from '../../kernel/elementary.js'
import { type Course, growthAt } from '../../world/course.js'
import type { Latent, Sized, Stage } from './stage.js'

/** So often it is counted what has been spoiled: in between nobody notices. */
const beatMs = 5_000

const beatPriority = -2

/** Less than this is nothing. */
const least = 1e-9

/**
 * Of so many records, each request that the culprit serves spoils one, whichever it is: n requests leave (1 - 1/N)^n of
 * them well, e^(-n/N) for many. What is spoiled is read as often as the rest, and recovers after an exponential time.
 */
export class Poison implements Latent {
  private readonly beatHandler: number
  private course!: Course
  private served = 0
  private spoiled = 0

  constructor(
    private readonly sized: Sized,
    private readonly effect: { readonly records: number; readonly recoveryMs?: number },
    /** What of the requests of a strand that a version serves spoils anything. */
    private readonly spoils: (version: number, strand: number) => number,
    private readonly culprit: number,
    private readonly stage: Stage,
  ) {
    this.beatHandler = stage.loop.handler(() => this.beat())
  }

  begin(course: Course): void {
    const { loop } = this.stage
    this.course = course
    this.sized.begin({ onsetMs: loop.now, endMs: Number.POSITIVE_INFINITY, rampMs: 0 })
    loop.at(Math.max(loop.now, course.onsetMs), beatPriority, this.beatHandler)
  }

  private beat(): void {
    const { answers, loop } = this.stage
    const { records, recoveryMs } = this.effect
    const served = answers.served(loop.now, this.spoils)
    const fresh = (served - this.served) * growthAt(this.course, loop.now - beatMs / 2)
    this.served = served
    const left = recoveryMs === undefined ? 1 : exp(-beatMs / recoveryMs)
    this.spoiled = 1 - (1 - this.spoiled * left) * exp(-fresh / records)
    if (this.spoiled > least) this.stage.trouble(this.culprit)
    for (const version of this.sized.fault.versions) this.sized.resize(version, this.spoiled > least ? this.spoiled : 0)
    const isOver = loop.now > this.course.endMs && this.spoiled <= least
    if (!isOver) loop.at(loop.now + beatMs, beatPriority, this.beatHandler)
  }
}
