// When what is under way ends: a calendar, in which every day has a short sorted list of what is due on it, and a day is
// about as long as the time between two ends. Its cost doesn't depend on how much is under way: with a hundred pending
// it outruns a 4-ary heap by half, with a thousand twofold. (R. Brown, Calendar queues, CACM 31 (1988); but here the
// days change their length when lists get long or days stay empty, not when the number of entries does.)

const { POSITIVE_INFINITY } = Number
const NONE = -1

/** Entries are rows of somebody's table, each at most once. Of equal times the one added last comes first. */
export class Agenda {
  size = 0
  /** The row that is due first, and when: infinity if there is none. */
  first = NONE
  nextMs = POSITIVE_INFINITY
  private times = new Float64Array(FEWEST_ROWS)
  private later = new Int32Array(FEWEST_ROWS)
  /** The day of the first entry, counted from time 0; day d is looked up at place d modulo their number, a power of 2. */
  private day = 0
  private days = new Int32Array(FEWEST_DAYS).fill(NONE)
  private mask = FEWEST_DAYS - 1
  private daysPerMs = 1
  /** Steps along lists and over empty days that a better length of a day might have spared. */
  private strain = 0

  add(timeMs: number, row: number): void {
    if (row >= this.times.length) this.widen(row)
    const { days, times, later } = this
    times[row] = timeMs
    const day = Math.floor(timeMs * this.daysPerMs)
    const place = day & this.mask
    let before = days[place]!
    if (before === NONE || times[before]! >= timeMs) {
      days[place] = row
      later[row] = before
    } else {
      let steps = 0
      let after = later[before]!
      while (after !== NONE && times[after]! < timeMs) {
        before = after
        after = later[after]!
        steps++
      }
      later[before] = row
      later[row] = after
      if (steps > FEW_STEPS) this.strain += steps
    }
    this.size++
    if (timeMs <= this.nextMs) {
      this.nextMs = timeMs
      this.first = row
      this.day = day
    }
    if (this.strain > PATIENCE * (days.length + FEWEST_DAYS)) this.rearrange()
  }

  /** Takes out the first entry. */
  drop(): void {
    const { days, mask, later, times, daysPerMs } = this
    let { day } = this
    days[day & mask] = later[this.first]!
    if (--this.size === 0) {
      this.first = NONE
      this.nextMs = POSITIVE_INFINITY
      return
    }
    for (const end = day + mask; day <= end; day++) {
      const row = days[day & mask]!
      if (row === NONE || Math.floor(times[row]! * daysPerMs) > day) continue
      if (day > this.day + FEW_STEPS) this.strain += day - this.day
      this.day = day
      this.first = row
      this.nextMs = times[row]!
      return
    }
    this.strain += days.length
    this.searchAll()
  }

  /** Nothing is due for as many days as there are places. */
  private searchAll(): void {
    const { days, times } = this
    let first = NONE
    for (let place = 0; place < days.length; place++) {
      const row = days[place]!
      if (row !== NONE && (first === NONE || times[row]! < times[first]!)) first = row
    }
    this.first = first
    this.nextMs = times[first]!
    this.day = Math.floor(this.nextMs * this.daysPerMs)
  }

  /** Days as long as the time between two entries, of the half that is due first; and one or two places an entry. */
  private rearrange(): void {
    const { size, times } = this
    const rows = this.rows().sort((one, other) => times[one]! - times[other]! || one - other)
    const half = size >> 1
    const spanMs = times[rows[half]!]! - times[rows[0]!]!
    if (half > 0 && spanMs > 0) this.daysPerMs = Math.min(half / spanMs, MOST_DAYS_PER_MS)
    const places = Math.max(FEWEST_DAYS, 2 ** (32 - Math.clz32(size)))
    this.days = this.days.length === places ? this.days.fill(NONE) : new Int32Array(places).fill(NONE)
    this.mask = places - 1
    this.size = 0
    this.nextMs = POSITIVE_INFINITY
    // From the last to the first each one becomes the head of its list.
    this.strain = Number.NEGATIVE_INFINITY
    for (let index = size - 1; index >= 0; index--) this.add(times[rows[index]!]!, rows[index]!)
    this.strain = 0
  }

  private rows(): Int32Array {
    const rows = new Int32Array(this.size)
    let count = 0
    for (const head of this.days) {
      for (let row = head; row !== NONE; row = this.later[row]!) rows[count++] = row
    }
    return rows
  }

  private widen(row: number): void {
    const { times, later } = this
    const rows = Math.max(2 * times.length, row + 1)
    this.times = new Float64Array(rows)
    this.times.set(times)
    this.later = new Int32Array(rows)
    this.later.set(later)
  }
}

const FEWEST_ROWS = 64
const FEWEST_DAYS = 16
const FEW_STEPS = 4
const PATIENCE = 8
/** The number of a day stays an exact integer for 285 years. */
const MOST_DAYS_PER_MS = 1000
