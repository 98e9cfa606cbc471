// Requests as a flow: between two changes of the world rates are known, so counts are drawn only when somebody looks.
import type { Tape } from '../kernel/random.js'
import { Ahead, MEANS, SLOW } from './ahead.js'
import type { AudiencePlan } from './audience.js'
import type { Behaviour } from './behaviour.js'
import { BlastRadius } from './blast-radius.js'
import { BrokenLaw } from './broken-law.js'
import { type Brought, Cells, CODES, ERROR, OK, REFUSED } from './cells.js'
import { budgetSpentPercent, checkLaws, type Harm, type Objective } from './harm.js'
import { MeanFlow } from './mean-flow.js'
import { gridOf, rulesOf } from './rule.js'
import type { Traffic } from './traffic.js'

export interface FlowPlan {
  readonly traffic: Traffic
  /** One per version: 0 is stable, 1 the canary; further ones run either of the two, in pods of their own. */
  readonly behaviours: readonly Behaviour[]
  /** Per version, whether it runs what is released; only the canary does if left out. */
  readonly isReleased?: readonly boolean[]
  /** Pods stable has while no release is under way, until somebody resizes it. */
  readonly stablePods: number
  readonly audience: AudiencePlan
  readonly objective?: Objective
  /** Upper bounds of latency buckets, if any query looks at latency. */
  readonly latencyBoundsMs?: readonly number[]
  /**
   * Per version, whether anybody looks at its counters during the flight; all are watched if left out. Counters nobody
   * looks at are drawn once, at the end: the same law at a fraction of the time.
   */
  readonly watched?: readonly boolean[]
  /** Whether pods are looked at one by one, each at its own instants. */
  readonly looksApart?: boolean
  /** How long the scenario is: its mean rate is taken over this. */
  readonly horizonMs: number
}

/**
 * Arrivals are Poisson and answers don't depend on each other, so between two looks the count of every (cell, code,
 * latency class) is Poisson, with the integral of its rate as mean whatever changed meanwhile. Means are integrated in
 * closed form across the changes, and a look draws from them: exact in distribution, at a cost that doesn't depend on
 * how many requests there are.
 *
 * A version with n serving pods serves at most n times its capacity per pod and sheds the rest; a version without one
 * refuses everything it is sent. Errors take as long as successes do.
 */
export class Flow {
  /** The counters, for whoever scrapes them. */
  readonly cells: Cells
  private readonly means: MeanFlow
  private readonly radius: BlastRadius
  private readonly meanRate: number
  private readonly watched: readonly boolean[]
  private readonly everyVersion: readonly boolean[]
  private readonly isReleased: readonly boolean[]
  private readonly ahead: Ahead | undefined
  private readonly sums = new Float64Array(MEANS)
  private looks = 0
  private lookMs = 0
  /** Means since the last look, per version. */
  private readonly meanBad: Float64Array
  private readonly meanGood: Float64Array
  private meanRequests = 0
  private requests = 0
  private bad = 0
  private slow = 0
  private canaryRequests = 0

  constructor(
    private readonly plan: FlowPlan,
    private tape: Tape,
  ) {
    const versions = plan.behaviours.length
    const grid = gridOf(plan.latencyBoundsMs, plan.objective)
    const rules = plan.behaviours.map((behaviour) => rulesOf(behaviour, grid, plan.objective))
    this.cells = new Cells(versions, grid, tape)
    this.isReleased = plan.isReleased ?? plan.behaviours.map((_, version) => version === 1)
    this.radius = new BlastRadius(this.isReleased, plan.audience, tape)
    this.means = new MeanFlow(plan.traffic, plan.behaviours, rules, this.isReleased, plan.stablePods, this.radius)
    this.everyVersion = plan.behaviours.map(() => true)
    this.watched = plan.watched ?? this.everyVersion
    if (this.watched.length !== versions) throw new RangeError(`watched names ${this.watched.length} versions`)
    this.ahead = plan.looksApart ? new Ahead(versions) : undefined
    this.meanBad = new Float64Array(versions)
    this.meanGood = new Float64Array(versions)
    this.meanRate = (plan.traffic.integral(0, plan.horizonMs) / plan.horizonMs) * 1000
  }

  /** Flies the same plan from the start with another tape. */
  reset(tape: Tape): void {
    this.tape = tape
    this.cells.reset(tape)
    this.radius.reset(tape)
    this.means.reset()
    for (const version of this.everyVersion.keys()) this.ahead?.settle(version)
    this.looks = 0
    this.lookMs = 0
    this.meanBad.fill(0)
    this.meanGood.fill(0)
    this.meanRequests = 0
    this.requests = 0
    this.bad = 0
    this.slow = 0
    this.canaryRequests = 0
  }

  /**
   * From this instant on the router gives versions these shares of the requests (their sum is 1), and so many of their
   * pods serve. Before the first split stable serves everything. Where pods shall be told apart, `podNumbers` lists the
   * serving pods of each version by a number that is theirs for life.
   */
  split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
  ): void {
    this.advance(timeMs)
    // Afterwards the pods' parts are others.
    if (this.ahead) this.draw(timeMs)
    let sum = 0
    let released = 0
    for (let version = 0; version < this.everyVersion.length; version++) {
      const part = shares[version]!
      if (!(part >= 0 && pods[version]! >= 0)) throw new BrokenLaw('shares and pods are counts', { timeMs, version })
      sum += part
      if (this.isReleased[version]) released += part
    }
    if (!(Math.abs(sum - 1) < 1e-9)) throw new BrokenLaw('every request is sent somewhere', { timeMs, sum })
    if (podNumbers !== undefined) this.servePods(podNumbers)
    this.means.split(shares, pods)
    this.radius.route(released)
  }

  /** From this instant on stable would have so many pods if nothing were released. */
  resize(timeMs: number, stablePods: number): void {
    this.advance(timeMs)
    this.means.resize(stablePods)
  }

  /** Lets time pass. Counters stay as they are until somebody looks. */
  advance(timeMs: number): void {
    const { means } = this
    if (timeMs < means.nowMs) throw new BrokenLaw('time does not go back', { nowMs: means.nowMs, timeMs })
    while (means.nowMs < timeMs) {
      means.pass(Math.min(timeMs, means.changeMs))
      if (means.nowMs < means.changeMs) continue
      if (this.ahead) this.lookAt(this.watched)
      else this.pour()
      means.enter()
    }
  }

  /** A look: afterwards the counters of the watched versions are what they are at this instant. */
  draw(timeMs: number): void {
    this.advance(timeMs)
    if (timeMs > this.lookMs) this.lookAt(this.watched)
    this.lookMs = timeMs
  }

  /** A look at one pod alone: afterwards its counters, and perhaps others, are what they are at this instant. */
  drawPod(timeMs: number, version: number, pod: number): void {
    const { ahead, cells, radius } = this
    const cell = cells.cellOf(version, pod)
    if (ahead === undefined || radius.awaitsFirst(version)) return this.draw(timeMs)
    this.advance(timeMs)
    if (cell !== undefined && cells.partOf(cell) > 0 && this.watched[version]) this.lookAtPod(ahead, version, cell)
  }

  /** Whether a request that was drawn has met a version that was worse than it should be. */
  get hasExposed(): boolean {
    return this.radius.firstExposedMs !== undefined
  }

  /** The end of the flight: what harm was done. All counters are up to date then. */
  finish(timeMs: number): Harm {
    this.advance(timeMs)
    this.lookAt(this.everyVersion)
    const { radius, means, plan } = this
    const reached = radius.users(this.tape)
    const harm: Harm = {
      requests: this.requests,
      failed: this.bad - this.slow,
      slow: this.slow,
      canaryRequests: this.canaryRequests,
      exposedRequests: radius.exposedRequests,
      excessRequests: radius.excessRequests,
      meanExposedRequests: radius.meanExposedRequests,
      meanExcessRequests: radius.meanExcessRequests,
      users: plan.audience.users,
      exposedUsers: reached.exposed,
      harmedUsers: reached.harmed,
      userMinutes: (plan.audience.users * means.exposedShareMs) / 60_000,
      budgetSpentPercent: plan.objective && budgetSpentPercent(radius.excessRequests, this.meanRate, plan.objective),
      peakWeightPercent: 100 * means.peakCanaryShare,
      exposurePossibleMs: radius.exposurePossibleMs,
      firstExposedRequestMs: radius.firstExposedMs,
    }
    checkLaws(harm, this.cells.total())
    checkArrivals(this.meanRequests, plan.traffic.integral(0, timeMs))
    return harm
  }

  private servePods(podNumbers: ArrayLike<ArrayLike<number>>): void {
    this.pour()
    for (let version = 0; version < podNumbers.length; version++) this.cells.serve(version, podNumbers[version]!)
  }

  /** Hands the means of the versions to their cells: before the rules or the pods they came about under change. */
  private pour(): void {
    const { answers, slowAnswers } = this.means
    for (let version = 0; version < slowAnswers.length; version++) {
      const at = version * CODES.length
      const good = answers[at + OK]! - slowAnswers[version]!
      const bad = answers[at + ERROR]! + answers[at + REFUSED]! + slowAnswers[version]!
      this.meanGood[version]! += good
      this.meanBad[version]! += bad
      this.meanRequests += good + bad
      this.cells.pour(version, answers, at, this.means.rule(version).law)
      if (this.ahead) this.leaveOut(this.ahead, version)
      this.means.take(version)
    }
  }

  private lookAt(versions: readonly boolean[]): void {
    this.pour()
    const look = this.lookNumber
    const brought = this.cells.look(look, versions)
    const { bad, good } = brought
    for (let version = 0; version < versions.length; version++) {
      if (!versions[version]) continue
      this.note(version, brought)
      const meanBad = this.meanBad[version]!
      const meanGood = this.meanGood[version]!
      this.radius.look(look, version, bad[version]!, good[version]!, meanBad, meanGood)
      this.meanBad[version] = 0
      this.meanGood[version] = 0
    }
    this.looks++
  }

  private note(version: number, { bad, good, slow }: Brought): void {
    const requests = bad[version]! + good[version]!
    this.requests += requests
    this.bad += bad[version]!
    this.slow += slow[version]!
    if (this.isReleased[version]) this.canaryRequests += requests
  }

  private lookAtPod(ahead: Ahead, version: number, cell: number): void {
    const { cells, means, radius, sums } = this
    for (let code = 0; code < CODES.length; code++) sums[code] = means.answers[version * CODES.length + code]!
    sums[SLOW] = means.slowAnswers[version]!
    radius.sums(version, sums)
    ahead.take(cell, version, cells.partOf(cell), sums)
    const look = this.lookNumber
    const brought = cells.lookAt(cell, ahead.fresh, means.rule(version).law, look)
    this.note(version, brought)
    const stream = cells.streamOfHarm(cell)
    stream.seek(look)
    radius.lookAt(stream, version, brought.bad[version]!, brought.good[version]!, ahead.fresh)
  }

  /** The next look at all is at what no pod has shown alone. */
  private leaveOut(ahead: Ahead, version: number): void {
    const { ofVersion, taken } = ahead
    const at = version * MEANS
    const bad = ofVersion[at + ERROR]! + ofVersion[at + REFUSED]! + ofVersion[at + SLOW]!
    this.meanBad[version] = Math.max(0, this.meanBad[version]! - bad)
    this.meanGood[version] = Math.max(0, this.meanGood[version]! - ofVersion[at + OK]! + ofVersion[at + SLOW]!)
    this.radius.leaveOut(version, ofVersion, at)
    const { law } = this.means.rule(version)
    for (const cell of ahead.cellsOf(version)) this.cells.takeBack(cell, taken, cell * MEANS, law)
    ahead.settle(version)
  }

  /**
   * By which a look finds its place in the streams. Where pods are looked at one by one it is the time, in microseconds:
   * how many looks there have been depends on how many pods there are, and the time doesn't.
   */
  private get lookNumber(): number {
    return this.ahead ? Math.round(1000 * this.means.nowMs) : this.looks
  }
}

function checkArrivals(answered: number, arrived: number): void {
  if (!(Math.abs(answered - arrived) <= 1e-6 * (1 + arrived))) {
    throw new BrokenLaw('what arrives is answered', { arrived, answered })
  }
}
