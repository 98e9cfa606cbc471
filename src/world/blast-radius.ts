// Follows who meets a bad version: means while time passes, counts by thinning what a look has drawn.
import { binomial } from '../kernel/binomial.js'
import type { Stream, Tape } from '../kernel/random.js'
import { ANSWERS, EXCESS, EXPOSED, EXPOSED_BAD, SLOW } from './ahead.js'
import { Audience, type AudiencePlan } from './audience.js'
import { OK } from './codes.js'
import { FirstExposure } from './first-exposure.js'
import type { Reached } from './reached.js'

/**
 * A request is exposed if the version it reached was worse, at that instant, than stable would have been; an excess
 * request is one that went bad where stable would have answered well. Both are parts of the Poisson streams whose
 * counts a look draws, so given those counts they are binomial. They are drawn look by look and not once for the whole
 * flight, because policies act on what a look shows: only within a look is everything free of their decisions.
 */
export class BlastRadius {
  exposedRequests = 0
  excessRequests = 0
  /** What the two numbers above are drawn around, given the course of the flight: the same harm with less noise. */
  meanExposedRequests = 0
  meanExcessRequests = 0

  private readonly audience: Audience
  private readonly firsts: readonly FirstExposure[]
  /** Means since the last look, per version. */
  private readonly exposed: Float64Array
  /** The part of it that is in `firsts`. */
  private readonly noted: Float64Array
  private readonly exposedBad: Float64Array
  private readonly excess: Float64Array
  /** The same per weight of the canary with a strand, as the audience counts these: `weight * versions + version`. */
  private readonly exposedAt: number[] = []
  private readonly excessAt: number[] = []
  /** By strand. */
  private readonly weights: number[]
  private stream: Stream
  private readonly versions: number

  constructor(
    private readonly isReleased: readonly boolean[],
    audience: AudiencePlan,
    tape: Tape,
  ) {
    const versions = isReleased.length
    this.versions = versions
    this.audience = new Audience(audience)
    this.firsts = Array.from({ length: versions }, () => new FirstExposure())
    this.exposed = new Float64Array(versions)
    this.noted = new Float64Array(versions)
    this.exposedBad = new Float64Array(versions)
    this.excess = new Float64Array(versions)
    this.stream = tape.stream('harm')
    this.weights = audience.strands.map(() => 0)
    this.begin()
  }

  reset(tape: Tape): void {
    this.stream = tape.stream('harm')
    for (const first of this.firsts) first.reset()
    this.audience.reset()
    this.exposedRequests = 0
    this.excessRequests = 0
    this.meanExposedRequests = 0
    this.meanExcessRequests = 0
    this.exposed.fill(0)
    this.noted.fill(0)
    this.exposedBad.fill(0)
    this.excess.fill(0)
    this.exposedAt.length = 0
    this.excessAt.length = 0
    this.begin()
  }

  /** From now on the router sends this share of the requests of a strand to the canary. */
  route(strand: number, canaryShare: number): void {
    const weight = this.audience.at(canaryShare, strand)
    this.weights[strand] = weight
    while (this.exposedAt.length < (weight + 1) * this.versions) {
      this.exposedAt.push(0)
      this.excessAt.push(0)
    }
  }

  /** Adds mean requests that reach a version while it is worse than stable, how many go bad, and how many in excess. */
  expose(version: number, strand: number, requests: number, bad: number, excess: number): void {
    this.exposed[version]! += requests
    this.exposedBad[version]! += bad
    this.excess[version]! += excess
    const at = this.weights[strand]! * this.versions + version
    this.exposedAt[at]! += requests
    this.excessAt[at]! += excess
    this.meanExposedRequests += requests
    this.meanExcessRequests += excess
  }

  /** The end of a stretch of time, in which requests came at a rate proportional to a straight line. */
  mark(fromMs: number, untilMs: number, rateFrom: number, rateUntil: number): void {
    for (let version = 0; version < this.versions; version++) {
      const requests = this.exposed[version]! - this.noted[version]!
      if (requests > 0) this.firsts[version]!.add(fromMs, untilMs, rateFrom, rateUntil, requests)
      this.noted[version] = this.exposed[version]!
    }
  }

  /** The first instant at which a request could be exposed. */
  get exposurePossibleMs(): number | undefined {
    return earliest(this.firsts.map((first) => first.possibleMs))
  }

  /** The instant at which the first request was exposed. */
  get firstExposedMs(): number | undefined {
    return earliest(this.firsts.map((first) => first.requestMs))
  }

  /** A look has drawn bad and good answers of a version around these means: says whom of them the badness reached. */
  look(look: number, version: number, bad: number, good: number, meanBad: number, meanGood: number): void {
    if (this.exposed[version] === 0) return
    this.stream.seek(look * this.versions + version)
    this.thin(version, bad, good, meanBad, meanGood)
  }

  /** Whether it is still to be told when the first exposed request of a version came: that takes a look at all of it. */
  awaitsFirst(version: number): boolean {
    return this.exposed[version]! > 0 && this.firsts[version]!.requestMs === undefined
  }

  /** Writes what has come to a version since the last look at all of it. */
  sums(version: number, into: Float64Array): void {
    into[EXPOSED] = this.exposed[version]!
    into[EXPOSED_BAD] = this.exposedBad[version]!
    into[EXCESS] = this.excess[version]!
  }

  /** The same of a single pod, whose means these are, where there is one strand; since the last look at all there was one weight only. */
  lookAt(stream: Stream, version: number, bad: number, good: number, means: Float64Array, meanBad: number): void {
    const exposed = means[EXPOSED]!
    const meanExcess = means[EXCESS]!
    if (exposed === 0) return
    const excess = part(stream, bad, meanExcess, meanBad)
    const sparedBad = part(stream, bad - excess, means[EXPOSED_BAD]! - meanExcess, meanBad - meanExcess)
    const spared = sparedBad + part(stream, good, exposed - means[EXPOSED_BAD]!, means[ANSWERS + OK]! - means[SLOW]!)
    this.exposedRequests += excess + spared
    this.excessRequests += excess
    const weight = this.weights[0]!
    this.audience.reach(weight, this.isReleased[version]!, excess, spared)
    const at = weight * this.versions + version
    this.exposedAt[at]! -= exposed
    this.excessAt[at]! -= meanExcess
  }

  /** Some pods have told so much of it already: the next look at all of the version is at the rest. */
  leaveOut(version: number, means: Float64Array, at: number): void {
    this.exposed[version] = rest(this.exposed[version]!, means[at + EXPOSED]!)
    this.exposedBad[version] = rest(this.exposedBad[version]!, means[at + EXPOSED_BAD]!)
    this.excess[version] = rest(this.excess[version]!, means[at + EXCESS]!)
    this.noted[version] = this.exposed[version]!
  }

  /** The users reached over the whole flight. */
  users(tape: Tape): Reached {
    return this.audience.count(tape.stream('users'))
  }

  private begin(): void {
    for (let strand = 0; strand < this.weights.length; strand++) this.route(strand, 0)
  }

  private thin(version: number, bad: number, good: number, meanBad: number, meanGood: number): void {
    const exposed = this.exposed[version]!
    const exposedBad = this.exposedBad[version]!
    const meanExcess = this.excess[version]!
    const excess = part(this.stream, bad, meanExcess, meanBad)
    const sparedBad = part(this.stream, bad - excess, exposedBad - meanExcess, meanBad - meanExcess)
    const spared = sparedBad + part(this.stream, good, exposed - exposedBad, meanGood)
    this.exposedRequests += excess + spared
    this.excessRequests += excess
    this.firsts[version]!.look(this.stream, excess + spared)
    this.allot(version, excess, spared, meanExcess, exposed - meanExcess)
    this.exposed[version] = 0
    this.noted[version] = 0
    this.exposedBad[version] = 0
    this.excess[version] = 0
  }

  /** Distributes drawn requests over the weights under which they can have come. */
  private allot(version: number, excess: number, spared: number, meanExcess: number, meanSpared: number): void {
    let excessLeft = excess
    let sparedLeft = spared
    let meanExcessLeft = meanExcess
    let meanSparedLeft = meanSpared
    let last = this.weights[0]!
    for (let weight = 0, at = version; at < this.exposedAt.length; weight++, at += this.versions) {
      if (this.exposedAt[at] === 0) continue
      last = weight
      const meanExcessHere = this.excessAt[at]!
      const meanSparedHere = this.exposedAt[at]! - meanExcessHere
      const excessHere = part(this.stream, excessLeft, meanExcessHere, meanExcessLeft)
      const sparedHere = part(this.stream, sparedLeft, meanSparedHere, meanSparedLeft)
      this.audience.reach(weight, this.isReleased[version]!, excessHere, sparedHere)
      excessLeft -= excessHere
      sparedLeft -= sparedHere
      meanExcessLeft -= meanExcessHere
      meanSparedLeft -= meanSparedHere
      this.exposedAt[at] = 0
      this.excessAt[at] = 0
    }
    this.audience.reach(last, this.isReleased[version]!, excessLeft, sparedLeft)
  }
}

/** How many of `count` Poisson arrivals with this mean belong to a part with that mean. */
function part(stream: Stream, count: number, mean: number, wholeMean: number): number {
  // Means that should be equal were summed in different orders: closer than this they are the same.
  if (count === 0 || mean >= wholeMean * (1 - 1e-9)) return count
  return binomial(stream, count, Math.min(1, Math.max(0, mean / wholeMean)))
}

/** What is left of a sum when parts of it are taken away: never less than nothing. */
function rest(sum: number, taken: number): number {
  return Math.max(0, sum - taken)
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
