// A fault that begins some time after something else has happened.
import type { Course } from '../../world/course.js'
import type { Latent, Stage } from './stage.js'

export class Delayed implements Latent {
  constructor(
    private readonly place: number,
    private readonly stage: Stage,
  ) {}

  begin(course: Course): void {
    const { answers, loop, service } = this.stage
    answers.turn(loop.now, () => service.begin(this.place, course))
  }
}
