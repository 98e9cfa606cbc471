// Cuts the time of single requests into pieces, in each of which things stand as they do in its middle.
import type { Standing } from '../standing.js'

/** What moves steadily is cut into so many steps on every stretch on which its formula is smooth. */
const STEPS = 128

export class Pieces {
  /** Things stand as they were laid out until then. */
  endMs = 0
  private smoothEndMs = 0
  private stepMs = 0

  constructor(
    private readonly standing: Standing,
    /** None goes on beyond a whole number of these. */
    private readonly pitchMs = Number.POSITIVE_INFINITY,
  ) {}

  reset(): void {
    this.endMs = 0
    this.smoothEndMs = 0
  }

  /** From now on things don't stand as they were laid out. */
  cut(): void {
    this.endMs = this.standing.nowMs
    this.smoothEndMs = this.standing.nowMs
  }

  /** Works out how things stand from now on. */
  begin(): void {
    const { standing } = this
    const { nowMs, changeMs, isMoving } = standing
    const pitchEndMs = (Math.floor(nowMs / this.pitchMs) + 1) * this.pitchMs
    this.endMs = Math.min(isMoving ? this.stepEnd(nowMs, changeMs) : changeMs, pitchEndMs)
    const asOfMs = isMoving ? (nowMs + this.endMs) / 2 : nowMs
    standing.measure(asOfMs, standing.rateAt(asOfMs))
  }

  private stepEnd(nowMs: number, changeMs: number): number {
    if (nowMs >= this.smoothEndMs) {
      const bendMs = this.standing.bendAfter(nowMs, changeMs)
      this.smoothEndMs = bendMs > nowMs ? bendMs : changeMs
      this.stepMs = (this.smoothEndMs - nowMs) / STEPS
    }
    // What is left in the end is no step of its own.
    return nowMs + 1.5 * this.stepMs < this.smoothEndMs ? nowMs + this.stepMs : this.smoothEndMs
  }
}
