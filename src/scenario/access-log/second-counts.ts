// How many requests came in each second, for as many hours as anybody wants to replay.
import { limits } from '../limits.js'

const SECONDS_PER_PAGE = 3600

/** In pages of an hour, made when the first request falls into one: what comes out of order costs nothing more. */
export class SecondCounts {
  private readonly pages = new Map<number, Float64Array<ArrayBuffer>>()
  private pageNumber = Number.NaN
  private page = new Float64Array(0)

  /** False if there is no more room for the hour. */
  add(second: number, count: number): boolean {
    const number = Math.floor(second / SECONDS_PER_PAGE)
    if (number !== this.pageNumber && !this.turnTo(number)) return false
    this.page[second - number * SECONDS_PER_PAGE]! += count
    return true
  }

  of(second: number): number {
    const number = Math.floor(second / SECONDS_PER_PAGE)
    return this.pages.get(number)?.[second - number * SECONDS_PER_PAGE] ?? 0
  }

  /** Seconds with any requests, in order. */
  *seconds(): Generator<number> {
    for (const number of [...this.pages.keys()].sort((one, other) => one - other)) {
      const page = this.pages.get(number)!
      for (const [index, count] of page.entries()) if (count > 0) yield number * SECONDS_PER_PAGE + index
    }
  }

  private turnTo(number: number): boolean {
    let page = this.pages.get(number)
    if (page === undefined) {
      if (this.pages.size === limits.logHours) return false
      page = new Float64Array(SECONDS_PER_PAGE)
      this.pages.set(number, page)
    }
    this.pageNumber = number
    this.page = page
    return true
  }
}
