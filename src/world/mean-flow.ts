// The part of the flow without chance: integrates how many answers of which kind each version gives on average.
import type { Behaviour } from './behaviour.js'
import type { BlastRadius } from './blast-radius.js'
import { CODES, ERROR, OK, REFUSED } from './cells.js'
import type { Rule } from './rule.js'
import type { Traffic } from './traffic.js'

/**
 * While rates and behaviours stand still, a stretch of time is one multiplication per version. When an error ratio
 * ramps or somebody sheds, it is cut where a formula bends (at full capacity, or where a version stops being worse than
 * the yardstick), and each piece is integrated by Gauss-Legendre quadrature with three points: exact for polynomials of
 * degree five, that is, for a straight rate times four error ramps under way at once on one version.
 */
export class MeanFlow {
  nowMs = 0
  /** The next instant at which traffic or a behaviour changes its formula: `pass` never goes beyond it. */
  changeMs = 0
  /** Means since they were last taken: answers at `version * CODES.length + code`, and slow successes. */
  readonly answers: Float64Array
  readonly slowAnswers: Float64Array
  /** The integral over time of the share of requests that were exposed. */
  exposedShareMs = 0
  /** The greatest share serving canary pods ever got. */
  peakCanaryShare = 0

  private readonly versions: number
  private stablePods: number
  private readonly ruleAt: Int32Array
  private lineStartMs = 0
  private lineRate = 0
  private lineSlope = 0
  private ramping = false

  private readonly shares: Float64Array
  /** What serving pods get of what is released. */
  private releasedShare = 0
  private readonly pods: Float64Array
  /** Requests a second each version can serve, and stable could with all its pods. */
  private readonly capacities: Float64Array
  private fullCapacity = 0
  /** Below this rate nobody sheds. */
  private calmRate = 0

  /** Per version, at one instant: errors and slow ones among its answers, what is good of them, and what it serves. */
  private readonly errorRatios: Float64Array
  private readonly slowShares: Float64Array
  private readonly goodShares: Float64Array
  private readonly servedShares: Float64Array
  /** The share of good answers stable would give with all its pods and all the requests. */
  private yardstick = 0
  /** Whether these hold for as long as nobody sheds or ramps. */
  private calm = false
  private readonly signs: Int8Array

  constructor(
    private readonly traffic: Traffic,
    private readonly behaviours: readonly Behaviour[],
    private readonly rules: readonly (readonly Rule[])[],
    private readonly isReleased: readonly boolean[],
    /** Pods that stable would have if nothing were released. */
    private readonly stablePodsAtFirst: number,
    private readonly radius: BlastRadius,
  ) {
    this.versions = behaviours.length
    this.stablePods = stablePodsAtFirst
    this.answers = new Float64Array(this.versions * CODES.length)
    this.slowAnswers = new Float64Array(this.versions)
    this.ruleAt = new Int32Array(this.versions)
    this.shares = new Float64Array(this.versions)
    this.pods = new Float64Array(this.versions)
    this.capacities = new Float64Array(this.versions)
    this.errorRatios = new Float64Array(this.versions)
    this.slowShares = new Float64Array(this.versions)
    this.goodShares = new Float64Array(this.versions)
    this.servedShares = new Float64Array(this.versions)
    this.signs = new Int8Array(this.versions)
    this.reset()
  }

  /** Back to the start, with everything served by stable. */
  reset(): void {
    this.nowMs = 0
    this.exposedShareMs = 0
    this.peakCanaryShare = 0
    this.answers.fill(0)
    this.slowAnswers.fill(0)
    this.ruleAt.fill(0)
    this.shares.fill(0)
    this.pods.fill(0)
    this.releasedShare = 0
    this.shares[0] = 1
    this.stablePods = this.stablePodsAtFirst
    this.pods[0] = this.stablePods
    this.enter()
  }

  /** Takes up the formulas that hold from now on. */
  enter(): void {
    this.changeMs = this.traffic.changesAfter(this.nowMs)
    this.lineStartMs = this.nowMs
    this.lineRate = this.traffic.rateAt(this.nowMs)
    this.lineSlope = this.traffic.slopeAt(this.nowMs)
    this.ramping = false
    this.calm = false
    for (let version = 0; version < this.versions; version++) {
      const rules = this.rules[version]!
      let at = this.ruleAt[version]!
      while (at + 1 < rules.length && rules[at + 1]!.startMs <= this.nowMs) at++
      this.ruleAt[version] = at
      this.ramping ||= rules[at]!.ramping
      if (at + 1 < rules.length) this.changeMs = Math.min(this.changeMs, rules[at + 1]!.startMs)
    }
    this.measureCapacity()
  }

  /** From now on versions get these shares of the requests, and have so many serving pods. */
  split(shares: ArrayLike<number>, pods: ArrayLike<number>): void {
    let released = 0
    for (let version = 0; version < this.versions; version++) {
      this.shares[version] = shares[version]!
      this.pods[version] = pods[version]!
      if (this.isReleased[version] && pods[version]! > 0) released += shares[version]!
    }
    this.releasedShare = released
    this.measureCapacity()
  }

  /** Somebody has changed how many pods stable would have if nothing were released. */
  resize(stablePods: number): void {
    this.stablePods = stablePods
    this.measureCapacity()
  }

  /** Forgets the means of a version, which somebody has counted. */
  take(version: number): void {
    // One by one: `fill` takes 20 ns on arrays this short, these stores 5.
    for (let code = 0; code < CODES.length; code++) this.answers[version * CODES.length + code] = 0
    this.slowAnswers[version] = 0
  }

  rule(version: number): Rule {
    return this.rules[version]![this.ruleAt[version]!]!
  }

  /** Lets time go on to an instant that is not beyond the next change. */
  pass(untilMs: number): void {
    const fromMs = this.nowMs
    const rateFrom = this.rateAt(fromMs)
    const rateUntil = this.rateAt(untilMs)
    if (this.ramping || Math.max(rateFrom, rateUntil) > this.calmRate) this.passRough(fromMs, untilMs)
    else {
      if (!this.calm) this.calmDown()
      const requests = ((rateFrom + rateUntil) * (untilMs - fromMs)) / 2000
      const exposed = this.gather(requests, untilMs - fromMs)
      if (exposed > 0) this.radius.mark(fromMs, untilMs, rateFrom, rateUntil)
    }
    this.peakCanaryShare = Math.max(this.peakCanaryShare, this.releasedShare)
    this.nowMs = untilMs
  }

  private passRough(fromMs: number, untilMs: number): void {
    this.calm = false
    for (let startMs = fromMs; startMs < untilMs; ) {
      const bendMs = this.bendAfter(startMs, untilMs)
      const endMs = bendMs > startMs ? bendMs : untilMs
      const halfMs = (endMs - startMs) / 2
      let exposed = 0
      for (let node = 0; node < NODES.length; node++) {
        const timeMs = startMs + halfMs * (1 + NODES[node]!)
        const weightMs = halfMs * WEIGHTS[node]!
        const rate = this.rateAt(timeMs)
        this.measure(timeMs, rate)
        exposed += this.gather((rate * weightMs) / 1000, weightMs)
      }
      if (exposed > 0) this.radius.mark(startMs, endMs, this.rateAt(startMs), this.rateAt(endMs))
      startMs = endMs
    }
  }

  /** Adds what becomes of a mean number of requests as things stand; returns how many of them are exposed. */
  private gather(requests: number, durationMs: number): number {
    const { answers } = this
    let allExposed = 0
    for (let version = 0; version < this.versions; version++) {
      const share = this.shares[version]!
      if (share === 0) continue
      const sent = requests * share
      const served = sent * this.servedShares[version]!
      const errors = served * this.errorRatios[version]!
      const at = version * CODES.length
      answers[at + OK]! += served - errors
      answers[at + ERROR]! += errors
      answers[at + REFUSED]! += sent - served
      this.slowAnswers[version]! += (served - errors) * this.slowShares[version]!
      const gap = this.gapOf(version)
      if (gap <= ROUNDING) continue
      const bad = sent - served * this.goodShares[version]!
      this.radius.expose(version, sent, bad, sent * gap)
      this.exposedShareMs += share * durationMs
      allExposed += sent
    }
    return allExposed
  }

  /** By how much a version is worse than the yardstick. */
  private gapOf(version: number): number {
    return this.yardstick - this.servedShares[version]! * this.goodShares[version]!
  }

  /** How things stand while nobody sheds or ramps. */
  private calmDown(): void {
    this.measure(this.nowMs, 0)
    this.calm = true
  }

  /** How things stand at an instant at which requests arrive at this rate. */
  private measure(timeMs: number, rate: number): void {
    for (let version = 0; version < this.versions; version++) {
      const rule = this.rule(version)
      const errorRatio = rule.ramping ? this.behaviours[version]!.errorRatioAt(timeMs) : rule.errorRatio
      this.errorRatios[version] = errorRatio
      this.slowShares[version] = rule.slowShare
      this.goodShares[version] = (1 - errorRatio) * (1 - rule.slowShare)
      this.servedShares[version] = servedShare(rate * this.shares[version]!, this.capacities[version]!)
    }
    this.yardstick = servedShare(rate, this.fullCapacity) * this.goodShares[0]!
  }

  private measureCapacity(): void {
    this.fullCapacity = this.capacityOf(0, this.stablePods)
    this.calmRate = this.fullCapacity
    for (let version = 0; version < this.versions; version++) {
      const pods = this.pods[version]!
      const capacity = this.capacityOf(version, pods)
      this.capacities[version] = capacity
      this.servedShares[version] = capacity > 0 ? 1 : 0
      if (pods > 0) this.calmRate = Math.min(this.calmRate, capacity / this.shares[version]!)
    }
  }

  private capacityOf(version: number, pods: number): number {
    return pods === 0 ? 0 : pods * this.behaviours[version]!.base.capacityPerPod
  }

  /** The end of the piece that starts here, inside which every formula is smooth. */
  private bendAfter(startMs: number, untilMs: number): number {
    let endMs = this.crossing(this.fullCapacity, startMs, untilMs)
    for (let version = 0; version < this.versions; version++) {
      if (this.pods[version] === 0 || this.shares[version] === 0) continue
      endMs = this.crossing(this.capacities[version]! / this.shares[version]!, startMs, endMs)
    }
    return this.signChange(startMs, endMs)
  }

  /** Where the rate of requests passes a level between two instants; the later of them if it doesn't. */
  private crossing(level: number, startMs: number, endMs: number): number {
    if (this.lineSlope === 0 || level === Number.POSITIVE_INFINITY) return endMs
    const timeMs = this.lineStartMs + (level - this.lineRate) / this.lineSlope
    return timeMs > startMs + SHORTEST_MS && timeMs < endMs - SHORTEST_MS ? timeMs : endMs
  }

  /** Where a version becomes better or worse than the yardstick; the end if none does in either half. */
  private signChange(startMs: number, endMs: number): number {
    const { signs } = this
    const inset = (endMs - startMs) * 1e-6
    const middleMs = (startMs + endMs) / 2
    this.measureGaps(startMs + inset)
    for (let version = 0; version < this.versions; version++) signs[version] = this.signOf(version)
    this.measureGaps(middleMs)
    for (let version = 0; version < this.versions; version++) {
      if (signs[version]! * this.signOf(version) < 0) return this.bisect(version, signs[version]!, startMs, middleMs)
      signs[version] ||= this.signOf(version)
    }
    this.measureGaps(endMs - inset)
    for (let version = 0; version < this.versions; version++) {
      if (signs[version]! * this.signOf(version) < 0) return this.bisect(version, signs[version]!, middleMs, endMs)
    }
    return endMs
  }

  private bisect(version: number, sign: number, startMs: number, endMs: number): number {
    let lowMs = startMs
    let highMs = endMs
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middleMs = (lowMs + highMs) / 2
      this.measureGaps(middleMs)
      if (this.signOf(version) === sign) lowMs = middleMs
      else highMs = middleMs
    }
    return highMs
  }

  private measureGaps(timeMs: number): void {
    this.measure(timeMs, this.rateAt(timeMs))
  }

  private signOf(version: number): number {
    if (this.shares[version] === 0) return 0
    const gap = this.gapOf(version)
    return gap > ROUNDING ? 1 : gap < -ROUNDING ? -1 : 0
  }

  private rateAt(timeMs: number): number {
    return this.lineRate + this.lineSlope * (timeMs - this.lineStartMs)
  }
}

/** Gauss-Legendre on [-1, 1]: nodes are the zeros of the third Legendre polynomial. */
const NODES = [-0.7745966692414834, 0, 0.7745966692414834] as const
const WEIGHTS = [5 / 9, 8 / 9, 5 / 9] as const

/** Two bad parts that should be equal differ by rounding less than this; a real difference this small harms nobody. */
const ROUNDING = 1e-12

/** No bend is looked for this near to the ends of a piece. */
const SHORTEST_MS = 1e-6

/** Enough to find an instant within an hour to a nanosecond. */
const HALVINGS = 42

/** A version without pods has no capacity, and serves nothing even of nothing. */
function servedShare(rate: number, capacity: number): number {
  if (capacity === 0) return 0
  return rate > capacity ? capacity / rate : 1
}
