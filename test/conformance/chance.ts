// Random choices that a seed repeats.
import seedrandom from 'seedrandom'

export class Chance {
  private readonly next: () => number

  constructor(seed: string) {
    const generator = seedrandom.alea(seed)
    this.next = () => generator()
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** An integer from 0, less than `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}
