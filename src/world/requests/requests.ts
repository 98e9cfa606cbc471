// Requests one by one: each arrives at its instant, is somebody's, and is answered by a pod in its own way.
import { below } from '../../kernel/below.js'
import { standardExponential } from '../../kernel/exponential.js'
import type { Stream, Tape } from '../../kernel/random.js'
import type { PodGroup } from '../answers.js'
import { assignPods } from '../assign-pods.js'
import { type FlowPlan, lateOf } from '../flow.js'
import type { Harm } from '../harm.js'
import type { Late } from '../held.js'
import type { Lane } from '../lanes.js'
import { Book } from './book.js'
import { CookieRouting } from './cookie-routing.js'
import { CountedAnswers } from './counted-answers.js'
import { EXCESS, Outcomes } from './outcomes.js'
import type { Sampler, Sampling } from './sampler.js'
import { SingleRequests } from './single-requests.js'
import { Waiting } from './waiting.js'

/**
 * While requests don't touch each other, what becomes of one depends on how things stand when it arrives and on nothing
 * else. So between two changes of the world a request is two draws: the wait for it and its outcome; where pods are told
 * apart, a third for its pod; and where it meets a bad version, one for whose it is. Only the world's own changes cut
 * time into pieces, and every draw is one request's: looking changes nothing.
 *
 * What moves steadily (an error ratio that ramps, a load that a version can't serve) stands still for a 128th of the
 * stretch on which its formula is smooth, as it is in the middle of that. A mean over a step of length h is what it is in
 * the middle but for h² f'' / 24: over a ramp under ramping traffic counts are right to 1 in 100,000, and at any instant
 * within it they are those of a 256th of it earlier or later at most.
 */
export class Requests extends SingleRequests {
  private readonly outcomes: Outcomes
  protected readonly book: Book
  private readonly counted: CountedAnswers
  /** Requests that their clients will give up on are counted when they do. */
  private readonly late: Late | undefined
  private readonly waiting = new Waiting()
  private sampler: Sampler | undefined
  /** Undefined where the outcome of a request doesn't depend on whose it is. */
  private readonly routing: CookieRouting | undefined
  private outcomeStream: Stream
  private podStream: Stream
  private timeStream: Stream
  /** Whether each pool counts in one cell; and by category the places there of its count and its time. */
  private isOneCellEach = true
  private targets = new Int32Array(0)
  private rows = new Int32Array(0)

  constructor(plan: FlowPlan, tape: Tape) {
    super(plan, tape)
    const { isReleased } = this
    this.late = lateOf(plan.answering)
    this.outcomes = new Outcomes(this.grid, this.late?.code ?? NO_CODE)
    this.counted = new CountedAnswers(this.cells, this.waiting, this.grid.slowClass, isReleased)
    this.book = new Book(plan, isReleased, () => this.counted.sentToReleased, tape)
    const newTable = () => new Outcomes(this.grid, this.late?.code ?? NO_CODE)
    const { cookies, audience } = plan
    this.routing = cookies && new CookieRouting(cookies, audience.users, this.book.crowd, this.lanes, newTable, tape)
    this.outcomeStream = tape.stream('outcomes')
    this.podStream = tape.stream('pods')
    this.timeStream = tape.stream('times')
    this.begin()
  }

  override reset(tape: Tape): void {
    super.reset(tape)
    this.routing?.reset(tape)
    this.outcomeStream = tape.stream('outcomes')
    this.podStream = tape.stream('pods')
    this.timeStream = tape.stream('times')
    this.sampler = undefined
    this.begin()
  }

  sample(sampling: Sampling): void {
    this.sampler = this.samplerOf(sampling)
  }

  split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
    groups?: readonly (readonly PodGroup[])[],
  ): void {
    this.resplit(timeMs, shares, pods, groups)
    this.routing?.split(shares, pods)
    if (podNumbers === undefined) return
    assignPods(this.cells, this.lanes, podNumbers, groups)
    this.isOneCellEach = this.lanes.pools.every(({ index }) => this.cells.cellsOfPool(index).length <= 1)
  }

  served(timeMs: number, partOf: (version: number, strand: number) => number): number {
    this.advance(timeMs)
    this.pass()
    return this.lanes.all.reduce((sum, lane) => sum + lane.served * partOf(lane.version, lane.strand), 0)
  }

  finish(timeMs: number): Harm {
    this.advance(timeMs)
    this.change()
    return this.book.harm(timeMs, this.traffic, this.counted.tally)
  }

  protected get exposedShare(): number {
    return this.outcomes.exposedShare
  }

  protected override advance(timeMs: number): void {
    super.advance(timeMs)
    this.giveUp(timeMs)
  }

  protected fly(untilMs: number): void {
    if (this.isPlain) this.servePlain(untilMs)
    else this.serve(untilMs)
  }

  protected override begin(): void {
    this.waiting.clear()
    for (const lane of this.lanes.all) lane.served = 0
    this.isOneCellEach = true
    super.begin()
  }

  protected override pass(): number {
    const mean = super.pass()
    for (const lane of this.lanes.all) lane.served += mean * lane.share * lane.servedShare
    return mean
  }

  protected lay(): void {
    this.outcomes.lay(this.lanes.all)
    this.routing?.lay()
    if (this.isOneCellEach) this.aim()
  }

  private aim(): void {
    const { cells, lanes, outcomes } = this
    if (this.targets.length < outcomes.count) {
      this.targets = new Int32Array(2 * outcomes.count)
      this.rows = new Int32Array(2 * outcomes.count)
    }
    for (let category = 0; category < outcomes.count; category++) {
      const { pool } = lanes.all[outcomes.lanes[category]!]!
      const cell = cells.cellsOfPool(pool.index)[0] ?? pool.version
      const code = outcomes.codes[category]!
      this.targets[category] = cells.index(cell, code, outcomes.classes[category]!)
      this.rows[category] = cell * cells.codes + code
    }
  }

  /** Whether there is nothing to do about a request but to count it, and perhaps its time. */
  private get isPlain(): boolean {
    const { exposedShare, hasLate } = this.outcomes
    const isCountedOnly = exposedShare === 0 && !hasLate && this.sampler === undefined && this.routing === undefined
    return isCountedOnly && this.isOneCellEach && this.arrivals.gapMs > 0
  }

  /** What `serve` does, where that is so. */
  private servePlain(untilMs: number): void {
    const { arrivals, outcomes, targets, rows, outcomeStream, timeStream } = this
    const { counts, sumsMs } = this.cells
    const { times } = outcomes
    const { stream, gapMs } = arrivals
    let { nextMs, fromMs, wait } = arrivals
    let requests = 0
    while (nextMs < untilMs) {
      const category = outcomes.draw(outcomeStream)
      const target = targets[category]!
      counts[target] = counts[target]! + 1
      if (times !== undefined) sumsMs[rows[category]!]! += times.draw(timeStream, category)
      wait = standardExponential(stream)
      fromMs = nextMs
      nextMs = fromMs + wait * gapMs
      requests++
    }
    arrivals.nextMs = nextMs
    arrivals.fromMs = fromMs
    arrivals.wait = wait
    this.book.requests += requests
  }

  private serve(untilMs: number): void {
    const { arrivals, routing, cells, lanes, book, late } = this
    const { counts, sumsMs } = cells
    let { outcomes } = this
    while (arrivals.nextMs < untilMs) {
      const timeMs = arrivals.nextMs
      if (routing !== undefined) {
        routing.route(timeMs)
        outcomes = routing.outcomes
      }
      const category = outcomes.draw(this.outcomeStream)
      const lane = routing?.lane ?? lanes.all[outcomes.lanes[category]!]!
      const cell = this.cellOf(lane)
      const code = outcomes.codes[category]!
      const latencyClass = outcomes.classes[category]!
      const { times } = outcomes
      book.requests++
      if (code === late?.code) this.waiting.add(timeMs + late.afterMs, cell)
      else counts[cells.index(cell, code, latencyClass)]! += 1
      if (times !== undefined) sumsMs[cell * cells.codes + code]! += times.draw(this.timeStream, category)
      const mark = outcomes.marks[category]!
      let user = routing?.user
      if (mark !== 0) {
        user = book.expose(timeMs, lane.strand, lane.version, mark === EXCESS, this.standing.rateAt(timeMs), user)
      }
      if (this.sampler?.isDue(book.requests)) {
        const durationMs = code === late?.code ? late.afterMs : undefined
        this.sampler.take(book.requests, { timeMs, lane, pod: cells.podOf(cell), code, latencyClass, durationMs, user })
      }
      arrivals.take()
    }
  }

  private cellOf({ pool }: Lane): number {
    const cells = this.cells.cellsOfPool(pool.index)
    if (cells.length <= 1) return cells[0] ?? pool.version
    return cells[below(this.podStream, cells.length)]!
  }

  private giveUp(nowMs: number): void {
    const { cells, late, waiting } = this
    if (late === undefined) return
    for (let cell = waiting.next(nowMs); cell !== undefined; cell = waiting.next(nowMs)) {
      cells.counts[cells.index(cell, late.code, cells.lateClass)]! += 1
      if (this.grid.sums) cells.sumsMs[cell * cells.codes + late.code]! += late.afterMs
    }
  }
}

const NO_CODE = -1
