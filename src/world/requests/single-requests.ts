// What flights of single requests have in common: when things change for them, whatever becomes of each.
import type { Tape } from '../../kernel/random.js'
import type { Answers, PodGroup } from '../answers.js'
import { BrokenLaw } from '../broken-law.js'
import { Cells } from '../cells.js'
import { type FlowPlan, lateOf } from '../flow.js'
import type { Harm } from '../harm.js'
import { Lanes } from '../lanes.js'
import { ReleasedShares } from '../released-shares.js'
import { type Grid, gridOf } from '../rule.js'
import { Standing } from '../standing.js'
import type { Traffic } from '../traffic.js'
import { Arrivals } from './arrivals.js'
import type { Book } from './book.js'
import { Pieces } from './pieces.js'
import { Sampler, type Sampling } from './sampler.js'

/** It runs behind the world: whoever changes or looks at the world lets it catch up first. Looking changes nothing. */
export abstract class SingleRequests implements Answers {
  readonly cells: Cells
  traffic: Traffic
  protected readonly grid: Grid
  protected readonly lanes: Lanes
  protected readonly standing: Standing
  protected readonly pieces: Pieces
  protected readonly isReleased: readonly boolean[]
  protected readonly arrivals: Arrivals
  protected abstract readonly book: Book
  private readonly released: ReleasedShares
  private laidMs = 0
  private lineEndMs = 0

  constructor(
    protected readonly plan: FlowPlan,
    protected tape: Tape,
    /** How long things stand still at most; as long as nothing changes if left out. */
    pitchMs?: number,
  ) {
    const { answering, objective } = plan
    const { versions, codes } = answering
    this.traffic = plan.traffic.draw(tape)
    this.isReleased = plan.isReleased ?? Array.from({ length: versions }, (_, version) => version === 1)
    this.grid = gridOf(plan.latencyBoundsMs, objective)
    this.cells = new Cells(versions, codes.length, this.grid, tape, lateOf(answering))
    this.lanes = new Lanes(answering, this.grid, objective)
    this.standing = new Standing(this.traffic, this.lanes, this.isReleased, plan.stablePods)
    this.pieces = new Pieces(this.standing, pitchMs)
    this.released = new ReleasedShares(answering, this.isReleased)
    this.arrivals = new Arrivals(this.traffic, tape)
  }

  reset(tape: Tape): void {
    this.tape = tape
    this.cells.reset(tape)
    this.traffic = this.plan.traffic.draw(tape)
    this.standing.reset(this.traffic)
    this.arrivals.reset(this.traffic, tape)
    this.book.reset(tape)
  }

  abstract split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
    groups?: readonly (readonly PodGroup[])[],
  ): void
  abstract served(timeMs: number, partOf: (version: number, strand: number) => number): number
  abstract finish(timeMs: number): Harm
  /** From now on some requests are shown to somebody. What he sees he can't change. */
  abstract sample(sampling: Sampling): void

  resize(timeMs: number, stablePods: number): void {
    this.advance(timeMs)
    this.change()
    this.standing.resize(stablePods)
  }

  turn(timeMs: number, act: () => void): void {
    this.advance(timeMs)
    act()
    this.lanes.reformulate()
    this.enter()
  }

  draw(timeMs: number): void {
    this.advance(timeMs)
  }

  drawPod(timeMs: number): void {
    this.advance(timeMs)
  }

  hasExposed(timeMs: number): boolean {
    this.advance(timeMs)
    return this.book.firstExposedMs !== undefined
  }

  /** The share of the requests that are exposed, as the split sends them and things were laid out last. */
  protected abstract get exposedShare(): number

  /** The share of them that really are. */
  protected get actualExposedShare(): number {
    return this.exposedShare
  }

  /** The share of the requests that serving pods of what is released really get. */
  protected get actualReleasedShare(): number {
    return this.standing.releasedShare
  }

  /** Works out what becomes of requests from now on, as things stand. */
  protected abstract lay(): void
  /** Every request comes until then, while things stand as they were laid out. */
  protected abstract fly(untilMs: number): void

  protected samplerOf(sampling: Sampling): Sampler {
    return new Sampler(sampling, this.book.crowd, this.isReleased, this.grid.boundsMs, this.tape)
  }

  /** Lets time pass, and every request of it come. */
  protected advance(timeMs: number): void {
    const { standing, pieces } = this
    if (timeMs < standing.nowMs) throw new BrokenLaw('time does not go back', { nowMs: standing.nowMs, timeMs })
    while (standing.nowMs < timeMs) {
      if (standing.nowMs >= pieces.endMs) {
        this.pass()
        pieces.begin()
        this.lay()
      }
      const untilMs = Math.min(timeMs, pieces.endMs)
      this.fly(untilMs)
      standing.nowMs = untilMs
      if (untilMs >= standing.changeMs) this.enter()
    }
  }

  /** A flight begins. */
  protected begin(): void {
    this.laidMs = 0
    this.pieces.reset()
    this.follow()
  }

  protected resplit(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    groups: readonly (readonly PodGroup[])[] | undefined,
  ): void {
    this.advance(timeMs)
    this.change()
    this.released.split(timeMs, shares, pods)
    this.standing.split(shares, pods, groups)
    this.book.route(timeMs, this.released.ofStrand)
  }

  /** From now on things don't stand as they were laid out. */
  protected change(): void {
    this.pass()
    this.pieces.cut()
  }

  /** Accounts for the time since this was done last; returns how many requests came in it on average. */
  protected pass(): number {
    const { book } = this
    const { nowMs } = this.standing
    const mean = this.traffic.integral(this.laidMs, nowMs)
    if (mean * this.exposedShare > 0) book.possibleMs ??= this.laidMs
    book.pass(this.laidMs, nowMs, this.actualExposedShare, this.actualReleasedShare)
    this.laidMs = nowMs
    return mean
  }

  private enter(): void {
    const { standing } = this
    this.change()
    standing.enter()
    if (standing.nowMs >= this.lineEndMs) this.follow()
  }

  private follow(): void {
    const { nowMs } = this.standing
    this.arrivals.follow(nowMs)
    this.lineEndMs = this.traffic.changesAfter(nowMs)
  }
}
