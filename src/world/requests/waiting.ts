// Requests whose clients still wait, and will give up: all are equally patient, so the first to come is the first to go.

/** Two columns, filled and emptied like a ring. */
export class Waiting {
  /** How many there are. */
  count = 0
  private first = 0
  private untilMs = new Float64Array(FIRST_ROOM)
  private cells = new Int32Array(FIRST_ROOM)

  clear(): void {
    this.count = 0
  }

  /** A request of a cell, whose client waits until then: not less long than those before. */
  add(untilMs: number, cell: number): void {
    if (this.count === this.cells.length) this.grow()
    const at = (this.first + this.count++) & (this.cells.length - 1)
    this.untilMs[at] = untilMs
    this.cells[at] = cell
  }

  /** The cell of the next one whose client has given up by now; undefined if none has. */
  next(nowMs: number): number | undefined {
    const { first } = this
    if (this.count === 0 || this.untilMs[first]! >= nowMs) return undefined
    this.first = (first + 1) & (this.cells.length - 1)
    this.count--
    return this.cells[first]!
  }

  /** How many there are of some cells. */
  countOf(cells: ReadonlySet<number>): number {
    let count = 0
    for (let index = 0; index < this.count; index++) {
      if (cells.has(this.cells[(this.first + index) & (this.cells.length - 1)]!)) count++
    }
    return count
  }

  private grow(): void {
    const { first, untilMs, cells } = this
    const room = cells.length
    this.untilMs = new Float64Array(2 * room)
    this.cells = new Int32Array(2 * room)
    for (let index = 0; index < room; index++) {
      const at = (first + index) & (room - 1)
      this.untilMs[index] = untilMs[at]!
      this.cells[index] = cells[at]!
    }
    this.first = 0
  }
}

/** A power of two, so that the ring closes by a mask. */
const FIRST_ROOM = 64
