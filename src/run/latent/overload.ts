// A fault that is there while the pods of a version get more requests than they can stand.
import type { Course } from '../../world/course.js'
import type { Latent, Sized, Stage } from './stage.js'

/** So long after the instant at which the rate meets the threshold it is above it, or below. */
const marginMs = 1e-3

export class Overload implements Latent {
  private readonly checkHandler: number
  private epoch = 0
  private hasBegun = false

  constructor(
    private readonly sized: Sized,
    /** Requests a second and pod. */
    private readonly threshold: number,
    private readonly stage: Stage,
  ) {
    this.checkHandler = stage.loop.handler((epoch) => {
      if (epoch === this.epoch) this.check()
    })
  }

  begin(course: Course): void {
    this.hasBegun = true
    this.sized.begin(course)
    this.check()
  }

  resplit(): void {
    if (this.hasBegun) this.check()
  }

  private check(): void {
    const { loop, answers, split } = this.stage
    const { traffic } = answers
    const rate = traffic.rateAt(loop.now)
    let nextMs = traffic.changesAfter(loop.now)
    for (const version of this.sized.fault.versions) {
      const share = split.shares[version]!
      const level = share > 0 ? (this.threshold * split.pods[version]!) / share : Number.POSITIVE_INFINITY
      const isOver = split.pods[version]! > 0 && rate > level
      if (isOver) this.stage.trouble(version)
      else this.stage.relief(version)
      this.sized.resize(version, isOver ? 1 : 0)
      const crossingMs = loop.now + (level - rate) / traffic.slopeAt(loop.now)
      if (crossingMs > loop.now) nextMs = Math.min(nextMs, crossingMs + marginMs)
    }
    this.epoch++
    if (nextMs < Number.POSITIVE_INFINITY) loop.at(nextMs, checkPriority, this.checkHandler, this.epoch)
  }
}

const checkPriority = -2
