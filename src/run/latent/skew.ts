// A change of schema that one version breaks the other by: once it is made, or while both are there.
import type { SkewTime } from '../../scenario/faults.js'
import type { Course } from '../../world/course.js'
import { canary, stable } from '../stacks.js'
import type { Latent, Sized, Stage } from './stage.js'

export class Skew implements Latent {
  private hasBegun = false
  private isMigrated = false

  constructor(
    private readonly sized: Sized,
    private readonly time: SkewTime,
    private readonly stage: Stage,
  ) {}

  begin(course: Course): void {
    this.hasBegun = true
    this.sized.begin(course)
    this.look()
  }

  migrated(): void {
    this.isMigrated = true
    this.look()
  }

  resplit(): void {
    this.look()
  }

  private look(): void {
    if (!this.hasBegun) return
    const { pods } = this.stage.split
    const areMixed = pods[stable]! > 0 && pods[canary]! > 0
    const isThere = this.time === 'migrated' ? this.isMigrated : areMixed
    for (const version of this.sized.fault.versions) this.sized.resize(version, isThere ? 1 : 0)
    // Whomever it strikes, the release has brought it.
    if (isThere) this.stage.trouble(canary)
    else this.stage.relief(canary)
  }
}
