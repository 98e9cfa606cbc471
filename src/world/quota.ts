// A known number of requests, shared among all that they may have become: multinomial, drawn one category at a time.
import { binomial } from '../kernel/binomial.js'
import type { Stream } from '../kernel/random.js'

/** Each category draws from a stream of its own, given what those before it have taken. */
export class Quota {
  /** Of each category and all after it: differences from the start would lose the rare ones. */
  private weights = new Float64Array(0)
  private left = 0

  /** So many requests become something, each category by its mean. */
  begin(requests: number, means: Float64Array, categories: number): void {
    if (this.weights.length < categories) this.weights = new Float64Array(2 * categories)
    let weight = 0
    for (let category = categories - 1; category >= 0; category--) {
      weight += means[category]!
      this.weights[category] = weight
    }
    this.left = requests
  }

  /** How many the next category gets; those without a mean may be passed over. */
  take(stream: Stream, category: number, mean: number): number {
    const count = binomial(stream, this.left, mean / this.weights[category]!)
    this.left -= count
    return count
  }
}
