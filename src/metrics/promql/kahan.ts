// Compensated sums (Kahan, with Neumaier's improvement), as Prometheus adds: sum(…), avg(…), *_over_time.

/** A running sum: `sum` plus the rounding errors gathered in `error`. */
export class KahanSum {
  sum = 0
  error = 0

  start(sum: number, error: number): void {
    this.sum = sum
    this.error = error
  }

  add(value: number): void {
    const total = this.sum + value
    if (Math.abs(total) === Number.POSITIVE_INFINITY) this.error = 0
    else if (Math.abs(this.sum) >= Math.abs(value)) this.error += this.sum - total + value
    else this.error += value - total + this.sum
    this.sum = total
  }
}

/**
 * The mean of values added one by one. Once the sum would overflow, it goes on as an incremental mean.
 * https://github.com/prometheus/prometheus/issues/16714 has why not from the beginning.
 */
export class KahanMean {
  readonly #running = new KahanSum()
  #count = 0
  #incremental = false

  start(first: number): void {
    this.#running.start(first, 0)
    this.#count = 1
    this.#incremental = false
  }

  add(value: number): void {
    const running = this.#running
    this.#count += 1
    const count = this.#count
    if (!this.#incremental) {
      const { sum, error } = running
      running.add(value)
      if (Math.abs(running.sum) !== Number.POSITIVE_INFINITY) return
      this.#incremental = true
      running.start(sum / (count - 1), error / (count - 1))
    }
    const share = (count - 1) / count
    running.start(share * running.sum, share * running.error)
    running.add(value / count)
  }

  get mean(): number {
    const { sum, error } = this.#running
    return this.#incremental ? sum + error : sum / this.#count + error / this.#count
  }
}
