// Keeps the book of a flight's harm: which requests and which users it reached, one by one.
import type { Stream, Tape } from '../../kernel/random.js'
import { BrokenLaw } from '../broken-law.js'
import { Crowd } from '../crowd.js'
import type { FlowPlan } from '../flow.js'
import { budgetSpentPercent, checkLaws, type Harm } from '../harm.js'
import { Silence } from '../silence.js'
import type { Traffic } from '../traffic.js'
import { ReachedUsers } from './reached-users.js'

/** What has become of all requests until now. */
export interface Tally {
  readonly failed: number
  readonly slow: number
  /** Sent to what is released. */
  readonly released: number
  /** Whose end is known. */
  readonly ended: number
}

export class Book {
  /** Requests that have arrived. */
  requests = 0
  /** The first instant at which a request could be exposed, and the one at which one was. */
  possibleMs: number | undefined
  firstExposedMs: number | undefined
  readonly crowd: Crowd
  private exposed = 0
  private excess = 0
  private exposedShareMs = 0
  private peakShare = 0
  private readonly reached: ReachedUsers
  private readonly meanRate: number
  private stream: Stream
  private readonly silence = new Silence()

  constructor(
    private readonly plan: FlowPlan,
    private readonly isReleased: readonly boolean[],
    /** How often anything was sent to what is released. */
    private readonly sentToReleased: () => number,
    tape: Tape,
  ) {
    const { traffic, horizonMs, audience } = plan
    this.meanRate = (traffic.mean.integral(0, horizonMs) / horizonMs) * 1000
    this.crowd = new Crowd(audience, tape)
    this.reached = new ReachedUsers(audience.users)
    this.stream = tape.stream('users')
    this.reset(tape)
  }

  reset(tape: Tape): void {
    this.stream = tape.stream('users')
    this.requests = 0
    this.possibleMs = undefined
    this.firstExposedMs = undefined
    this.exposed = 0
    this.excess = 0
    this.exposedShareMs = 0
    this.peakShare = 0
    this.silence.reset()
    this.reached.reset()
    this.crowd.reset(tape)
  }

  /** From now on what is released gets these shares of the requests of each strand. */
  route(timeMs: number, released: Float64Array): void {
    for (let strand = 0; strand < released.length; strand++) this.crowd.route(strand, released[strand]!)
    this.silence.split(timeMs, released, this.sentToReleased())
  }

  /** For a while such a share of the requests was exposed, and such a share reached what is released. */
  pass(fromMs: number, untilMs: number, exposedShare: number, releasedShare: number): void {
    if (untilMs <= fromMs) return
    if (!this.plan.cookies) this.exposedShareMs += exposedShare * (untilMs - fromMs)
    this.peakShare = Math.max(this.peakShare, releasedShare)
  }

  /** A request was exposed, and perhaps went bad because of it; returns whose it was, if that isn't known already. */
  expose(
    timeMs: number,
    strand: number,
    version: number,
    isExcess: boolean,
    ratePerSecond: number,
    known?: number,
  ): number {
    // Where they are told as they end, another one may have come before.
    this.firstExposedMs = Math.min(this.firstExposedMs ?? timeMs, timeMs)
    this.exposed++
    if (isExcess) this.excess++
    const user = known ?? this.crowd.draw(this.stream, strand, this.isReleased[version]!)
    // Where nobody knows the share of the requests that is exposed, each stands for the time until the next.
    if (this.plan.cookies) this.exposedShareMs += 1000 / ratePerSecond
    this.reached.add(user, isExcess)
    return user
  }

  /** What was done until now, by traffic that may be known to the request. */
  harm(nowMs: number, { arrivals }: Traffic, { failed, slow, released, ended }: Tally): Harm {
    const { plan, reached } = this
    this.silence.check(nowMs, this.sentToReleased())
    const arrived = arrivals?.countBefore(nowMs) ?? this.requests
    if (this.requests !== arrived) {
      throw new BrokenLaw('every request of a log is replayed once', { arrived, requests: this.requests })
    }
    const harm: Harm = {
      requests: this.requests,
      failed,
      slow,
      canaryRequests: released,
      canarySilentSinceMs: this.silence.sinceMs,
      exposedRequests: this.exposed,
      excessRequests: this.excess,
      // They happened: there is nothing to smooth.
      meanExposedRequests: this.exposed,
      meanExcessRequests: this.excess,
      users: reached.users,
      exposedUsers: reached.exposed,
      harmedUsers: reached.harmed,
      userMinutes: (reached.users * this.exposedShareMs) / 60_000,
      budgetSpentPercent: plan.objective && budgetSpentPercent(this.excess, this.meanRate, plan.objective),
      peakWeightPercent: 100 * this.peakShare,
      exposurePossibleMs: this.possibleMs,
      firstExposedRequestMs: this.firstExposedMs,
    }
    checkLaws(harm, ended)
    return harm
  }
}
