// Requests as a flow: between two changes of the world rates are known, so counts are drawn only when somebody looks.
import type { Tape } from '../kernel/random.js'
import { Ahead, ANSWERS, SLOW } from './ahead.js'
import type { Answers, PodGroup } from './answers.js'
import type { Arrivals } from './arrivals.js'
import { assignPods } from './assign-pods.js'
import type { AudiencePlan } from './audience.js'
import { BlastRadius } from './blast-radius.js'
import { BrokenLaw } from './broken-law.js'
import { type Brought, Cells } from './cells.js'
import { OK, TIMEOUT } from './codes.js'
import type { CookiePlan } from './cookies.js'
import type { Coupling } from './coupling.js'
import { budgetSpentPercent, checkLaws, type Harm, type Objective } from './harm.js'
import type { Late } from './held.js'
import { type Answering, type Lane, Lanes } from './lanes.js'
import { MeanFlow } from './mean-flow.js'
import { ReleasedShares } from './released-shares.js'
import { gridOf } from './rule.js'
import { Silence } from './silence.js'
import { Standing } from './standing.js'
import type { Traffic, TrafficSource } from './traffic.js'

export interface FlowPlan {
  readonly traffic: TrafficSource
  /** Of all versions: 0 is stable, 1 the canary; further ones run either of the two, in pods of their own. */
  readonly answering: Answering
  /** Per version, whether it runs what is released; only the canary does if left out. */
  readonly isReleased?: readonly boolean[]
  /** Pods stable has while no release is under way, until somebody resizes it. */
  readonly stablePods: number
  readonly audience: AudiencePlan
  /** Those that a router sets: only single requests have users who come again. */
  readonly cookies?: CookiePlan
  /** How requests touch each other where they are flown one by one; undefined where they don't. */
  readonly coupling?: Coupling
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
 * Where a log is replayed it is known how many requests arrive, so between two looks counts are multinomial, given that
 * number. There a look comes at every change of the shares and the behaviours, too: within each stretch shares hold.
 *
 * A version with n serving pods serves at most n times its capacity per pod and sheds the rest; a version without one
 * refuses everything it is sent. Errors take as long as successes do.
 */
export class Flow implements Answers {
  readonly cells: Cells
  traffic: Traffic
  private readonly lanes: Lanes
  private readonly standing: Standing
  private readonly means: MeanFlow
  private readonly radius: BlastRadius
  private readonly meanRate: number
  private readonly watched: readonly boolean[]
  private readonly everyVersion: readonly boolean[]
  private readonly isReleased: readonly boolean[]
  private readonly ahead: Ahead | undefined
  private readonly sums: Float64Array
  private readonly released: ReleasedShares
  private readonly silence = new Silence(ROUNDING)
  private looks = 0
  private lookMs = 0
  /** Means since the last look, per version. */
  private readonly meanBad: Float64Array
  private readonly meanGood: Float64Array
  private meanRequests = 0
  private meanReleased = 0
  /** Of those that a log has counted, how many until the last look. */
  private arrived = 0
  private lastSplit = ''
  private requests = 0
  private bad = 0
  private slow = 0
  private canaryRequests = 0

  constructor(
    private readonly plan: FlowPlan,
    private tape: Tape,
  ) {
    const { answering, objective } = plan
    const { versions, codes } = answering
    const grid = gridOf(plan.latencyBoundsMs, objective)
    const everyVersion = Array.from({ length: versions }, () => true)
    this.everyVersion = everyVersion
    this.cells = new Cells(versions, codes.length, grid, tape, lateOf(answering))
    this.isReleased = plan.isReleased ?? everyVersion.map((_, version) => version === 1)
    this.released = new ReleasedShares(answering, this.isReleased)
    this.radius = new BlastRadius(this.isReleased, plan.audience, tape)
    this.lanes = new Lanes(answering, grid, objective)
    this.traffic = plan.traffic.draw(tape)
    this.standing = new Standing(this.traffic, this.lanes, this.isReleased, plan.stablePods)
    this.means = new MeanFlow(this.standing, this.radius)
    const means = ANSWERS + codes.length
    this.sums = new Float64Array(means)
    this.watched = plan.watched ?? this.everyVersion
    if (this.watched.length !== versions) throw new RangeError(`watched names ${this.watched.length} versions`)
    this.ahead = plan.looksApart ? new Ahead(versions, means) : undefined
    this.meanBad = new Float64Array(versions)
    this.meanGood = new Float64Array(versions)
    this.meanRate = (plan.traffic.mean.integral(0, plan.horizonMs) / plan.horizonMs) * 1000
  }

  reset(tape: Tape): void {
    this.tape = tape
    this.cells.reset(tape)
    this.radius.reset(tape)
    this.traffic = this.plan.traffic.draw(tape)
    this.standing.reset(this.traffic)
    this.means.reset()
    for (const version of this.everyVersion.keys()) this.ahead?.settle(version)
    this.looks = 0
    this.lookMs = 0
    this.meanBad.fill(0)
    this.meanGood.fill(0)
    this.meanRequests = 0
    this.meanReleased = 0
    this.silence.reset()
    this.arrived = 0
    this.lastSplit = ''
    this.requests = 0
    this.bad = 0
    this.slow = 0
    this.canaryRequests = 0
  }

  split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
    groups?: readonly (readonly PodGroup[])[],
  ): void {
    this.advance(timeMs)
    // Afterwards the pods' parts are others, or the versions'.
    if (this.ahead || (this.traffic.arrivals && this.isNew([shares, pods, podNumbers, groups]))) this.draw(timeMs)
    if (podNumbers !== undefined || this.standing.hasPlaces) this.pour()
    this.standing.split(shares, pods, groups)
    this.released.split(timeMs, shares, pods)
    this.silence.split(timeMs, this.released.ofStrand, this.sentToReleased())
    const { ofStrand } = this.released
    for (let strand = 0; strand < ofStrand.length; strand++) this.radius.route(strand, ofStrand[strand]!)
    if (podNumbers !== undefined) assignPods(this.cells, this.lanes, podNumbers, groups)
  }

  resize(timeMs: number, stablePods: number): void {
    this.advance(timeMs)
    this.standing.resize(stablePods)
  }

  turn(timeMs: number, act: () => void): void {
    this.advance(timeMs)
    if (this.ahead || this.traffic.arrivals) this.lookAt(this.watched)
    else this.pour()
    act()
    this.lanes.reformulate()
    this.standing.enter()
  }

  /** Lets time pass. Counters stay as they are until somebody looks. */
  advance(timeMs: number): void {
    const { means, standing } = this
    if (timeMs < standing.nowMs) throw new BrokenLaw('time does not go back', { nowMs: standing.nowMs, timeMs })
    while (standing.nowMs < timeMs) {
      means.pass(Math.min(timeMs, standing.changeMs))
      if (standing.nowMs < standing.changeMs) continue
      if (this.ahead) this.lookAt(this.watched)
      else this.pour()
      const wasRough = standing.isRough(standing.nowMs)
      standing.enter()
      if (this.traffic.arrivals === undefined) continue
      if (wasRough || standing.hasTurned || standing.isRough(standing.nowMs)) this.lookAt(this.everyVersion)
    }
  }

  draw(timeMs: number): void {
    this.advance(timeMs)
    if (timeMs > this.lookMs) this.lookAt(this.watched)
    this.lookMs = timeMs
  }

  drawPod(timeMs: number, version: number, pod: number): void {
    const { ahead, cells, radius } = this
    const cell = cells.cellOf(version, pod)
    const isAlone = ahead !== undefined && this.isPlain && this.traffic.arrivals === undefined
    if (!isAlone || radius.awaitsFirst(version)) return this.draw(timeMs)
    this.advance(timeMs)
    if (cell !== undefined && cells.partOf(cell) > 0 && this.watched[version]) this.lookAtPod(ahead, version, cell)
  }

  served(timeMs: number, partOf: (version: number, strand: number) => number): number {
    this.advance(timeMs)
    let served = 0
    for (const lane of this.lanes.all) served += lane.served * partOf(lane.version, lane.strand)
    return served
  }

  hasExposed(timeMs: number): boolean {
    const { radius } = this
    this.advance(timeMs)
    if (radius.firstExposedMs === undefined) {
      const awaiting = this.everyVersion.map((_, version) => radius.awaitsFirst(version))
      if (awaiting.includes(true)) this.lookAt(awaiting)
    }
    return radius.firstExposedMs !== undefined
  }

  finish(timeMs: number): Harm {
    this.advance(timeMs)
    this.lookAt(this.everyVersion)
    this.silence.check(timeMs, this.sentToReleased())
    const { radius, means, plan } = this
    const reached = radius.users(this.tape)
    const harm: Harm = {
      requests: this.requests,
      failed: this.bad - this.slow,
      slow: this.slow,
      canaryRequests: this.canaryRequests,
      canarySilentSinceMs: this.silence.sinceMs,
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
    checkLaws(harm, this.cells.total() + this.cells.waiting)
    const { arrivals } = this.traffic
    if (arrivals) checkReplay(this.requests, arrivals.countBefore(timeMs))
    else checkArrivals(this.meanRequests, this.traffic.integral(0, timeMs))
    return harm
  }

  /** A split that changes nothing must not cost a look: who looks on may bring some about, and changes nothing. */
  private isNew(split: readonly unknown[]): boolean {
    const before = this.lastSplit
    this.lastSplit = JSON.stringify(split)
    return this.lastSplit !== before
  }

  /** Whether all that comes to a version comes under one formula. */
  private get isPlain(): boolean {
    return this.lanes.all.length === this.everyVersion.length
  }

  /** Hands the means of the lanes to their cells: before the rules or the pods they came about under change. */
  private pour(): void {
    for (const lane of this.lanes.all) this.pourLane(lane)
    if (this.ahead)
      for (let version = 0; version < this.isReleased.length; version++) this.leaveOut(this.ahead, version)
  }

  /** The mean so far. */
  private sentToReleased(): number {
    let sent = this.meanReleased
    for (const { version, answers } of this.lanes.all) {
      if (this.isReleased[version]) for (let code = 0; code < answers.length; code++) sent += answers[code]!
    }
    return sent
  }

  private pourLane(lane: Lane): void {
    const { answers, slowAnswers, version, rule } = lane
    const good = answers[OK]! - slowAnswers
    let bad = 0
    for (let code = OK + 1; code < answers.length; code++) bad += answers[code]!
    bad += slowAnswers
    this.meanGood[version]! += good
    this.meanBad[version]! += bad
    this.meanRequests += good + bad
    if (this.isReleased[version]) this.meanReleased += good + bad
    this.cells.pour(lane.pool.index, version, answers, rule.law)
    this.means.take(lane)
  }

  private lookAt(watched: readonly boolean[]): void {
    this.pour()
    const look = this.lookNumber
    const { arrivals } = this.traffic
    // Of a number that is known, what one version gets is missing from the others.
    const versions = arrivals ? this.everyVersion : watched
    this.cells.expect(arrivals && this.arrivedSince(arrivals))
    const brought = this.cells.look(look, versions, this.standing.nowMs)
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

  /** The last look. */
  private arrivedSince(arrivals: Arrivals): number {
    const before = this.arrived
    this.arrived = arrivals.countBefore(this.standing.nowMs)
    return this.arrived - before
  }

  /** What is counted grows: counters, harm, and the budget that it has spent. */
  private note(version: number, { bad, good, slow }: Brought): void {
    const requests = bad[version]! + good[version]!
    if (!(bad[version]! >= 0 && good[version]! >= 0)) {
      throw new BrokenLaw('no answer is taken back', { version, bad: bad[version]!, good: good[version]! })
    }
    this.requests += requests
    this.bad += bad[version]!
    this.slow += slow[version]!
    if (this.isReleased[version]) this.canaryRequests += requests
  }

  private lookAtPod(ahead: Ahead, version: number, cell: number): void {
    const { cells, lanes, radius, sums } = this
    const lane = lanes.all[version]!
    sums[SLOW] = lane.slowAnswers
    for (let code = 0; code < lane.answers.length; code++) sums[ANSWERS + code] = lane.answers[code]!
    radius.sums(version, sums)
    ahead.take(cell, version, cells.partOf(cell), sums)
    const look = this.lookNumber
    const brought = cells.lookAt(cell, ahead.fresh, ANSWERS, lane.rule.law, look, this.standing.nowMs)
    this.note(version, brought)
    const stream = cells.streamOfHarm(cell)
    stream.seek(look)
    radius.lookAt(
      stream,
      version,
      brought.bad[version]!,
      brought.good[version]!,
      ahead.fresh,
      ahead.badOf(ahead.fresh, 0),
    )
  }

  /** The next look at all is at what no pod has shown alone. */
  private leaveOut(ahead: Ahead, version: number): void {
    const { ofVersion, taken } = ahead
    const at = version * ahead.means
    const bad = ahead.badOf(ofVersion, at)
    this.meanBad[version] = Math.max(0, this.meanBad[version]! - bad)
    const good = ofVersion[at + ANSWERS + OK]! - ofVersion[at + SLOW]!
    this.meanGood[version] = Math.max(0, this.meanGood[version]! - good)
    this.radius.leaveOut(version, ofVersion, at)
    const { law } = this.lanes.all[version]!.rule
    for (const cell of ahead.cellsOf(version)) this.cells.takeBack(cell, taken, cell * ahead.means + ANSWERS, law)
    ahead.settle(version)
  }

  /**
   * By which a look finds its place in the streams. Where pods are looked at one by one it is the time, in microseconds:
   * how many looks there have been depends on how many pods there are, and the time doesn't.
   */
  private get lookNumber(): number {
    return this.ahead ? Math.round(1000 * this.standing.nowMs) : this.looks
  }
}

/** Means are sums of millions of terms at most, of which each is right to 16 digits. */
const ROUNDING = 1e-9

/** What is known of requests that clients give up on. */
export function lateOf({ codes, timeoutMs }: Answering): Late | undefined {
  return timeoutMs === undefined ? undefined : { code: codes.indexOf(TIMEOUT), afterMs: timeoutMs }
}

function checkReplay(requests: number, arrived: number): void {
  if (requests !== arrived) throw new BrokenLaw('every request of a log is replayed once', { arrived, requests })
}

function checkArrivals(answered: number, arrived: number): void {
  if (!(Math.abs(answered - arrived) <= 1e-6 * (1 + arrived))) {
    throw new BrokenLaw('what arrives is answered', { arrived, answered })
  }
}
