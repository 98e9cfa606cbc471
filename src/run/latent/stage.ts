// What a fault that waits for something sees of a flight, and does to it.
import type { Loop } from '../../kernel/loop.js'
import type { Answers } from '../../world/answers.js'
import type { Split } from '../../world/cluster/split.js'
import type { Course } from '../../world/course.js'
import type { RequestFault, Service } from '../../world/service.js'

export interface Stage {
  readonly loop: Loop
  readonly service: Service
  readonly answers: Answers
  /** Where requests go now. */
  readonly split: Split
  /** Something is wrong with a version, from now on. */
  trouble(version: number): void
  /** It is no more, for now. */
  relief(version: number): void
}

/** One fault in one flight. */
export interface Latent {
  /** What it waits for has come: from now on it takes this course. */
  begin(course: Course): void
  /** Requests go elsewhere. */
  resplit?(): void
  /** A pod of the canary has started: by the first one at the latest, what the release changes for both is changed. */
  migrated?(): void
}

/** A fault whose size follows from what happens: nothing at first. */
export class Sized {
  constructor(
    readonly fault: RequestFault,
    /** Its place among the faults of the service. */
    private readonly place: number,
    private readonly stage: Stage,
  ) {}

  begin(course: Course): void {
    const { answers, loop, service } = this.stage
    answers.turn(loop.now, () => {
      service.begin(this.place, course)
      for (const version of this.fault.versions) service.resize(this.place, version, 0)
    })
  }

  resize(version: number, size: number): void {
    const { answers, loop, service } = this.stage
    if (size === service.sizeOf(this.place, version)) return
    answers.turn(loop.now, () => service.resize(this.place, version, size))
  }
}
