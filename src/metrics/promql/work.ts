// Bounds what one evaluation may do, so that no query takes for ever or all memory.

import { PromqlError, type TextRange } from './error.js'

/** Prometheus' --query.max-samples. Here a step counts as a sample, too: steps take time even where nothing is found. */
export const SAMPLE_LIMIT = 50_000_000

export class Work {
  #done = 0

  begin(): void {
    this.#done = 0
  }

  /** `range` is what asks for the samples. */
  add(samples: number, range: TextRange): void {
    this.#done += samples
    if (this.#done <= SAMPLE_LIMIT) return
    const message = 'query processing would load too many samples into memory in query execution'
    throw new PromqlError('execution', message, range)
  }
}
