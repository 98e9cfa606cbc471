// Choices by chance, the same for the same seed.
import { type Stream, Tape } from '../../../src/kernel/random.js'

export class Dice {
  private readonly stream: Stream

  constructor(seed: string) {
    this.stream = new Tape(seed).stream('dice')
  }

  chance(ratio: number): boolean {
    return this.stream.uniform() < ratio
  }

  among<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.stream.uniform() * choices.length)]!
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.stream.uniform()
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1))
  }

  seconds(least: number, most: number): string {
    return `${this.whole(least, most)}s`
  }

  percent(least: number, most: number): string {
    return `${Math.round(10 * this.between(least, most)) / 10}%`
  }

  /** Such a part of the times what somebody makes, and nothing otherwise. */
  maybe<T extends object>(ratio: number, make: () => T): T | Readonly<Record<string, never>> {
    return this.chance(ratio) ? make() : {}
  }
}
