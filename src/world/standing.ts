// How things stand at an instant: which lane gets which share of the requests, and what each does with them.
import type { PodGroup } from './answers.js'
import { Crowding } from './crowding.js'
import type { Lane, Lanes, Pool } from './lanes.js'
import type { Traffic } from './traffic.js'

export class Standing {
  /** Whoever lets time go on sets it, never beyond the next change. */
  nowMs = 0
  /** The next instant at which traffic or a behaviour changes its formula. */
  changeMs = 0
  /** Whether a behaviour changed its formula when these were taken up, and not traffic alone. */
  hasTurned = false
  /** What serving pods get of what is released. */
  releasedShare = 0
  private behaviourMs = 0
  private stablePods: number
  private lineStartMs = 0
  private lineRate = 0
  private lineSlope = 0
  private ramping = false
  /** What stable could serve with all its pods. */
  private fullCapacity = 0
  /** Below this rate nobody sheds. */
  private calmRate = 0
  /** By strand: what is good of the answers that stable gives it, as far as it isn't the release's doing. */
  private readonly stableGood: Float64Array
  /** Whether what the lanes do holds for as long as nobody sheds or ramps. */
  private calm = false
  /** Undefined where pods have room for whatever comes. */
  private readonly crowding: Crowding | undefined

  constructor(
    private traffic: Traffic,
    readonly lanes: Lanes,
    private readonly isReleased: readonly boolean[],
    /** Pods that stable would have if nothing were released. */
    private readonly stablePodsAtFirst: number,
  ) {
    this.stableGood = new Float64Array(lanes.answering.strands.length)
    this.stablePods = stablePodsAtFirst
    if (lanes.pools.some(({ places }) => places !== undefined)) this.crowding = new Crowding(lanes)
    this.reset(traffic)
  }

  /** Back to the start, with everything served by stable. */
  reset(traffic: Traffic): void {
    const { lanes } = this
    this.traffic = traffic
    this.nowMs = 0
    this.behaviourMs = 0
    this.releasedShare = 0
    this.stablePods = this.stablePodsAtFirst
    lanes.reset()
    this.clear()
    for (const [strand, { share }] of lanes.answering.strands.entries()) {
      this.send(lanes.pools[0]!, strand, share)
    }
    lanes.pools[0]!.pods = this.stablePods
    this.enter()
  }

  /** Takes up the formulas that hold from now on. */
  enter(): void {
    this.hasTurned = this.hasPlaces || this.nowMs >= this.behaviourMs
    this.behaviourMs = Number.POSITIVE_INFINITY
    this.lineStartMs = this.nowMs
    this.lineRate = this.traffic.rateAt(this.nowMs)
    this.lineSlope = this.traffic.slopeAt(this.nowMs)
    this.ramping = false
    for (const lane of this.lanes.all) {
      const { formula, innocent } = lane
      this.behaviourMs = Math.min(this.behaviourMs, formula.enter(this.nowMs))
      lane.rule = formula.rule
      this.ramping ||= formula.rule.ramping
      if (innocent === undefined) continue
      this.behaviourMs = Math.min(this.behaviourMs, innocent.enter(this.nowMs))
      this.ramping ||= innocent.rule.ramping
    }
    this.changeMs = Math.min(this.traffic.changesAfter(this.nowMs), this.behaviourMs)
    if (this.crowding) {
      const endRate = this.crowding.enter(this.lineRate, this.lineSlope)
      this.changeMs = this.crossing(endRate, this.nowMs, this.changeMs)
    }
    this.measureCapacity()
  }

  /** From now on versions get these shares of the requests, and have so many pods that are sent any. */
  split(shares: ArrayLike<number>, pods: ArrayLike<number>, groups?: readonly (readonly PodGroup[])[]): void {
    const { lanes, isReleased } = this
    const known = lanes.pools.length
    this.clear()
    this.releasedShare = 0
    for (let version = 0; version < isReleased.length; version++) {
      const serving = pods[version]!
      const ofVersion = groups?.[version]
      if (ofVersion === undefined || ofVersion.length === 0) {
        this.serve(lanes.pools[version]!, serving, 1, shares)
        continue
      }
      for (const { condition, podNumbers } of ofVersion) {
        this.serve(lanes.poolOf(version, condition), podNumbers.length, podNumbers.length / serving, shares)
      }
    }
    if (lanes.pools.length > known) this.enter()
    else this.measureCapacity()
  }

  /** Somebody has changed how many pods stable would have if nothing were released. */
  resize(stablePods: number): void {
    this.stablePods = stablePods
    this.measureCapacity()
  }

  /** Whether an error ratio ramps or somebody sheds between now and then. */
  isRough(untilMs: number): boolean {
    return this.ramping || Math.max(this.rateAt(this.nowMs), this.rateAt(untilMs)) > this.calmRate
  }

  /** Whether what the lanes do changes between now and the next change. */
  get isMoving(): boolean {
    return this.ramping || (this.lineSlope !== 0 && this.isRough(this.changeMs))
  }

  /** Whether any pods have room for only so many requests. */
  get hasPlaces(): boolean {
    return this.crowding !== undefined
  }

  /** How much the rate grows per millisecond. */
  get slope(): number {
    return this.lineSlope
  }

  /** Measures how things stand while nobody sheds or ramps. */
  calmDown(): void {
    if (this.calm) return
    this.measure(this.nowMs, 0)
    this.calm = true
  }

  /** How things stand at an instant at which requests arrive at this rate. */
  measure(timeMs: number, rate: number): void {
    const { lanes, stableGood } = this
    this.calm = false
    for (const lane of lanes.all) {
      const { formula, pool } = lane
      lane.errorRatio = formula.errorRatioAt(timeMs)
      lane.codeParts = formula.codePartsAt(timeMs)
      const { slowShare, lateShare } = lane.rule
      lane.goodShare = (1 - lane.errorRatio) * (1 - slowShare)
      if (lateShare > 0) lane.goodShare *= 1 - lateShare
      lane.servedShare = servedShare(rate * pool.share, pool.capacity) * pool.admittedShare
    }
    this.measureStable(timeMs)
    const fullShare = servedShare(rate, this.fullCapacity)
    for (const lane of lanes.all) {
      const { refuses, isStruckDown } = lane.pool
      const isOwn = lane.version === 0 && !refuses
      const good = isOwn ? innocentGood(lane, timeMs) : isStruckDown ? 0 : stableGood[lane.strand]!
      lane.yardstick = fullShare * good
    }
  }

  /** The end of the piece that starts here, inside which every formula is smooth. */
  bendAfter(startMs: number, untilMs: number): number {
    let endMs = this.crossing(this.fullCapacity, startMs, untilMs)
    for (const { capacity, share } of this.lanes.pools) {
      if (capacity === 0 || share === 0) continue
      endMs = this.crossing(capacity / share, startMs, endMs)
    }
    return this.signChange(startMs, endMs)
  }

  rateAt(timeMs: number): number {
    return this.lineRate + this.lineSlope * (timeMs - this.lineStartMs)
  }

  private measureStable(timeMs: number): void {
    const { lanes, stableGood } = this
    const [first] = lanes.pools
    let serving = 0
    for (const pool of lanes.pools) if (pool.version === 0 && !pool.refuses) serving += pool.pods
    for (let strand = 0; strand < stableGood.length; strand++) {
      if (serving === first!.pods || serving === 0) {
        stableGood[strand] = innocentGood(first!.lanes[strand]!, timeMs)
        continue
      }
      let good = 0
      for (const pool of lanes.pools) {
        if (pool.version !== 0 || pool.refuses || pool.pods === 0) continue
        good += (pool.pods / serving) * innocentGood(pool.lanes[strand]!, timeMs)
      }
      stableGood[strand] = good
    }
  }

  private clear(): void {
    for (const pool of this.lanes.pools) {
      pool.share = 0
      pool.pods = 0
    }
    for (const lane of this.lanes.all) lane.share = 0
  }

  /** These pods of a version are sent such a part of what it gets. */
  private serve(pool: Pool, pods: number, part: number, shares: ArrayLike<number>): void {
    const { strands, versions } = this.lanes.answering
    pool.pods = pods
    for (let strand = 0; strand < strands.length; strand++) {
      this.send(pool, strand, strands[strand]!.share * shares[strand * versions + pool.version]! * part)
    }
    if (this.isReleased[pool.version] && pods > 0 && !pool.refuses) this.releasedShare += pool.share
  }

  private send(pool: Pool, strand: number, share: number): void {
    pool.lanes[strand]!.share = share
    pool.share += share
  }

  private measureCapacity(): void {
    const { pools } = this.lanes
    this.calm = false
    this.fullCapacity = capacityOf(pools[0]!, this.stablePods)
    this.calmRate = this.fullCapacity
    for (const pool of pools) {
      pool.capacity = pool.refuses ? 0 : capacityOf(pool, pool.pods)
      if (pool.capacity > 0) this.calmRate = Math.min(this.calmRate, pool.capacity / pool.share)
    }
    this.crowding?.settle(this.stablePods)
  }

  /** Where the rate of requests passes a level between two instants; the later of them if it doesn't. */
  private crossing(level: number, startMs: number, endMs: number): number {
    if (this.lineSlope === 0 || level === Number.POSITIVE_INFINITY) return endMs
    const timeMs = this.lineStartMs + (level - this.lineRate) / this.lineSlope
    return timeMs > startMs + SHORTEST_MS && timeMs < endMs - SHORTEST_MS ? timeMs : endMs
  }

  /** Where a lane becomes better or worse than the yardstick; the end if none does in either half. */
  private signChange(startMs: number, endMs: number): number {
    const { all } = this.lanes
    const inset = (endMs - startMs) * 1e-6
    const middleMs = (startMs + endMs) / 2
    this.measureAt(startMs + inset)
    for (const lane of all) lane.sign = signOf(lane)
    this.measureAt(middleMs)
    for (const lane of all) {
      if (lane.sign * signOf(lane) < 0) return this.bisect(lane, startMs, middleMs)
      lane.sign ||= signOf(lane)
    }
    this.measureAt(endMs - inset)
    for (const lane of all) if (lane.sign * signOf(lane) < 0) return this.bisect(lane, middleMs, endMs)
    return endMs
  }

  private bisect(lane: Lane, startMs: number, endMs: number): number {
    let lowMs = startMs
    let highMs = endMs
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middleMs = (lowMs + highMs) / 2
      this.measureAt(middleMs)
      if (signOf(lane) === lane.sign) lowMs = middleMs
      else highMs = middleMs
    }
    return highMs
  }

  private measureAt(timeMs: number): void {
    this.measure(timeMs, this.rateAt(timeMs))
  }
}

/** Two bad parts that should be equal differ by rounding less than this; a real difference this small harms nobody. */
export const ROUNDING = 1e-12

/** No bend is looked for this near to the ends of a piece. */
const SHORTEST_MS = 1e-6

/** Enough to find an instant within an hour to a nanosecond. */
const HALVINGS = 42

/** Of so many pods that are as those of the pool. */
function capacityOf({ lanes }: Pool, pods: number): number {
  return pods === 0 ? 0 : pods * lanes[0]!.formula.rule.capacityPerPod
}

/** Without capacity nothing is served, and nothing even of nothing. */
function servedShare(rate: number, capacity: number): number {
  if (capacity === 0) return 0
  return rate > capacity ? capacity / rate : 1
}

/** What of its answers would be good without what the release has brought about. */
function innocentGood({ innocent, formula, goodShare, pool, fullRule }: Lane, timeMs: number): number {
  if (pool.places !== undefined) return pool.fullAdmittedShare * (innocent ?? formula).goodShareAt(timeMs, fullRule)
  return innocent === undefined || innocent === formula ? goodShare : innocent.goodShareAt(timeMs)
}

/** By how much a lane is worse than the yardstick. */
export function gapOf({ yardstick, servedShare, goodShare }: Lane): number {
  return yardstick - servedShare * goodShare
}

function signOf(lane: Lane): number {
  if (lane.share === 0) return 0
  const gap = gapOf(lane)
  return gap > ROUNDING ? 1 : gap < -ROUNDING ? -1 : 0
}
