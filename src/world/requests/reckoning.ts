// Reckons what has come of requests that are sent again: metrics see every attempt, users only what it all came to.
import type { Stream } from '../../kernel/random.js'
import type { Cells } from '../cells.js'
import { OK, REFUSED } from '../codes.js'
import type { Lane } from '../lanes.js'
import type { Grid } from '../rule.js'
import type { Book } from './book.js'
import type { Ending, Sink } from './queueing/ending.js'
import type { Sampler } from './sampler.js'

/** Of the world, what is asked about an attempt. */
export interface Surroundings {
  laneAt(lane: number): Lane
  /** Where the answers of a pod are counted; of an attempt that reached none, those of its version are. */
  cellOf(pod: number, lane: Lane): number
  /** Requests a second at an instant. */
  rateAt(timeMs: number): number
}

/**
 * An attempt that was sent to a lane worse than the yardstick makes its request an exposed one. If the attempt goes bad,
 * it wouldn't have by the yardstick with probability gap / bad: the blame of its lane. A request is in excess if it goes
 * bad in the end although at least one of its attempts wouldn't have. So with b the bad share of the lanes and y that of
 * the yardstick, of requests that go bad n times in a row b^n - y^n are in excess: what stable would have given them
 * with as many attempts.
 */
export class Reckoning implements Sink {
  /** Successes that took longer in the end than the objective allows. */
  slow = 0
  sampler: Sampler | undefined
  /** What is told from now on is told after the end of the flight, when no counter is read any more. */
  isAfterwards = false
  /** By number, of requests that are sent again. */
  private readonly unfinished = new Map<number, Past>()

  constructor(
    private readonly cells: Cells,
    private readonly grid: Grid,
    private readonly book: Book,
    private readonly surroundings: Surroundings,
    /** Decides which bad answers are in excess. */
    private readonly stream: Stream,
  ) {}

  take(ending: Ending): void {
    const lane = this.surroundings.laneAt(ending.lane)
    const cell = this.surroundings.cellOf(ending.pod, lane)
    const latencyClass = this.classOf(ending.latencyMs)
    if (!this.isAfterwards) this.count(ending, cell, latencyClass)
    this.reckon(ending, lane, cell, latencyClass)
  }

  private count({ code, latencyMs }: Ending, cell: number, latencyClass: number): void {
    const { cells, grid } = this
    // What is refused takes no time: that is how it is counted at any fidelity.
    cells.counts[cells.index(cell, code, code === REFUSED ? 0 : latencyClass)]! += 1
    if (grid.sums && code !== REFUSED) cells.sumsMs[cell * cells.codes + code]! += latencyMs
  }

  private reckon(ending: Ending, lane: Lane, cell: number, latencyClass: number): void {
    const { request, blame, isLast } = ending
    const past = ending.tries === 1 ? undefined : this.unfinished.get(request)
    const isBad = ending.code !== OK || latencyClass >= this.grid.slowClass
    const isBlamed = blame > 0 && isBad && this.stream.uniform() < blame
    const now: Past | undefined =
      past === undefined && blame === 0 && (isLast || this.sampler === undefined)
        ? undefined
        : {
            exposedMs: past?.exposedMs ?? (blame > 0 ? ending.timeMs - ending.latencyMs : undefined),
            isBlamed: isBlamed || past?.isBlamed === true,
            waitMs: ending.waitMs + (past?.waitMs ?? 0),
          }
    if (!isLast) {
      if (now) this.unfinished.set(request, now)
      return
    }
    if (past) this.unfinished.delete(request)
    this.conclude(ending, lane, now)
    if (this.sampler?.isDue(request)) this.show(ending, lane, cell, latencyClass, past?.waitMs ?? 0)
  }

  private conclude({ code, ageMs, user }: Ending, lane: Lane, past: Past | undefined): void {
    const isOk = code === OK
    const isSlow = isOk && this.classOf(ageMs) >= this.grid.slowClass
    if (isSlow) this.slow++
    if (past?.exposedMs === undefined) return
    const { exposedMs, isBlamed } = past
    const isExcess = isBlamed && (!isOk || isSlow)
    const rate = this.surroundings.rateAt(exposedMs)
    this.book.expose(exposedMs, lane.strand, lane.version, isExcess, rate, user)
  }

  private show(ending: Ending, lane: Lane, cell: number, latencyClass: number, waitedMs: number): void {
    this.sampler!.take(ending.request, {
      timeMs: ending.timeMs - ending.ageMs,
      lane,
      pod: this.cells.podOf(cell),
      code: ending.code,
      latencyClass,
      durationMs: ending.ageMs,
      user: ending.user,
      attempts: ending.tries,
      waitMs: waitedMs + ending.waitMs,
    })
  }

  private classOf(ms: number): number {
    const { boundsMs } = this.grid
    let latencyClass = 0
    while (latencyClass < boundsMs.length && ms - boundsMs[latencyClass]! > ROUNDING_MS) latencyClass++
    return latencyClass
  }
}

/** The difference of two instants is no exact number of milliseconds any more. */
const ROUNDING_MS = 1e-6

/** What the attempts of a request have come to until now. */
interface Past {
  readonly exposedMs: number | undefined
  readonly isBlamed: boolean
  readonly waitMs: number
}
