// A fault that begins some time after something else has happened.
import type { Course } from '../../world/course.js'
import type { RequestFault } from '../../world/service.js'
import type { Latent, Stage } from './stage.js'

export class Delayed implements Latent {
  constructor(
    private readonly fault: RequestFault,
    private readonly place: number,
    private readonly stage: Stage,
  ) {}

  begin(course: Course): void {
    const { answers, loop, service } = this.stage
    answers.turn(loop.now, () => service.begin(this.place, course))
    for (const version of this.fault.versions) this.stage.trouble(version, course.onsetMs, course.endMs)
  }
}
