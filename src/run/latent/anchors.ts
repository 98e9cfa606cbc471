// What faults wait for in a flight if they don't begin with the release: when it comes, all whom they concern are told.
import type { Loop } from '../../kernel/loop.js'
import type { Anchor } from '../../scenario/faults.js'
import { type Course, courseOf, later } from '../../world/course.js'
import { isSizedByFlight } from '../../world/fault.js'
import type { Plan } from '../plan.js'
import { type Trouble, troublesOfFault } from '../trouble.js'

export class Anchors {
  /** What has gone wrong by them so far. */
  readonly troubles: Trouble[] = []
  private readonly awaited: Set<Anchor>

  constructor(
    private readonly plan: Plan,
    private readonly loop: Loop,
    /** A fault, by its place in the scenario, takes this course from now on. */
    private readonly began: (index: number, course: Course) => void,
  ) {
    this.awaited = new Set(plan.scenario.faults.map(({ when }) => when.after))
  }

  /** It has come; only the first time counts. */
  reached(anchor: Anchor): void {
    if (!this.awaited.delete(anchor)) return
    const { scenario, faults } = this.plan
    for (const [index, { when, effect }] of scenario.faults.entries()) {
      if (when.after !== anchor) continue
      const course = later(courseOf(when, scenario.durationMs), this.loop.now)
      if (!isSizedByFlight(effect)) this.troubles.push(...troublesOfFault({ ...faults[index]!, ...course }))
      this.began(index, course)
    }
  }
}
