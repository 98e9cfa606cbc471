// What has become of the requests of a flight, summed up from the cells in which each was counted.
import type { Cells } from '../cells.js'
import { OK } from '../codes.js'
import type { Tally } from './book.js'
import type { Waiting } from './waiting.js'

export class CountedAnswers {
  constructor(
    private readonly cells: Cells,
    private readonly waiting: Waiting,
    /** The first latency class that is slower than the objective. */
    private readonly slowClass: number,
    private readonly isReleased: readonly boolean[],
  ) {}

  /** Those whose clients still wait will fail. */
  get tally(): Tally {
    const { cells, waiting, slowClass } = this
    let failed = waiting.count
    let slow = 0
    for (let cell = 0; cell < cells.count; cell++) {
      for (let code = 0; code < cells.codes; code++) {
        for (let latencyClass = 0; latencyClass < cells.classes; latencyClass++) {
          const count = cells.counts[cells.index(cell, code, latencyClass)]!
          if (code !== OK) failed += count
          else if (latencyClass >= slowClass) slow += count
        }
      }
    }
    return { failed, slow, released: this.sentToReleased, ended: cells.total() + waiting.count }
  }

  get sentToReleased(): number {
    const { cells, waiting } = this
    const row = cells.codes * cells.classes
    const released = this.isReleased.flatMap((isReleased, version) => (isReleased ? cells.cellsOf(version) : []))
    let sent = waiting.count === 0 ? 0 : waiting.countOf(new Set(released))
    for (const cell of released) for (let at = cell * row; at < (cell + 1) * row; at++) sent += cells.counts[at]!
    return sent
  }
}
