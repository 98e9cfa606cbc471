// What makes some pods of a version behave unlike its others.

export interface Condition {
  /** Faults that strike only some pods, and strike these: by their places in the scenario, in order. */
  readonly faults: readonly number[]
  /** How much of what pods do worse right after their start: 1 at first, 0 when they are warm. */
  readonly coldness: number
  /** They are sent requests still, and answer none. */
  readonly refuses: boolean
  /** So would they without a release: a fault took them. */
  readonly isStruckDown?: boolean
}

/** Equal conditions have the same number; 0 is that of most pods, in which nothing is special. */
export class Conditions {
  readonly all: Condition[] = []
  private readonly numbers = new Map<string, number>()

  constructor() {
    this.numberOf({ faults: [], coldness: 0, refuses: false })
  }

  numberOf(condition: Condition): number {
    const { faults, coldness, refuses, isStruckDown = false } = condition
    const key = `${faults.join(' ')}/${coldness}/${refuses}/${isStruckDown}`
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.all.push(condition) - 1
      this.numbers.set(key, number)
    }
    return number
  }
}
