// Where one formula holds: the requests of one strand that reach the pods of one version in one condition.
import type { Places } from '../scenario/service.js'
import type { Behaviour } from './behaviour.js'
import { CODES } from './codes.js'
import type { Objective } from './harm.js'
import { Queues } from './queues.js'
import { type Grid, type Rule, Rules } from './rule.js'

/** How the pods of a version answer the requests of a strand, in a condition that not all of its pods need to be in. */
export interface Answering {
  readonly versions: number
  readonly strands: readonly StrandShare[]
  /** Response codes; the first ones are CODES. */
  readonly codes: readonly number[]
  /** How long clients wait before they give up, with TIMEOUT among the codes; undefined where they never do. */
  readonly timeoutMs?: number | undefined
  /** A new flight begins. */
  reset?(): void
  behaviour(version: number, strand: number, condition: number): Behaviour
  /**
   * The same without what the release itself has brought about: what users would have got had there been none.
   * Undefined where that makes no difference.
   */
  innocent?(version: number, strand: number, condition: number): Behaviour | undefined
  /** Pods in this condition are still sent requests and answer none. */
  refuses?(condition: number): boolean
  /** … and would answer none without a release either. */
  isStruckDown?(condition: number): boolean
}

/** Requests that are alike in everything but chance. */
export interface StrandShare {
  /** Of all requests. */
  readonly share: number
  /** Which of the users send them: an index into the segments of the population. */
  readonly segment: number
}

/** All requests are alike, and all pods of a version. */
export function alike(behaviours: readonly Behaviour[]): Answering {
  return {
    versions: behaviours.length,
    strands: [{ share: 1, segment: 0 }],
    codes: CODES,
    behaviour: (version) => behaviours[version]!,
  }
}

/** A behaviour as it is at one instant after another. */
export class Formula {
  rule: Rule
  private at = 0

  constructor(
    readonly behaviour: Behaviour,
    private readonly rules: Rules,
  ) {
    this.rule = rules.rule(0)
  }

  /** Takes up the rule that holds at an instant; returns when the next one begins. */
  enter(timeMs: number): number {
    const { rules } = this
    if (rules.startMs(this.at) > timeMs) this.at = 0
    while (rules.startMs(this.at + 1) <= timeMs) this.at++
    this.rule = rules.rule(this.at)
    return rules.startMs(this.at + 1)
  }

  errorRatioAt(timeMs: number): number {
    return this.rule.ramping ? this.behaviour.errorRatioAt(timeMs) : this.rule.errorRatio
  }

  codePartsAt(timeMs: number): ArrayLike<number> | undefined {
    return this.rule.ramping ? this.behaviour.codePartsAt(timeMs) : this.rule.codeParts
  }

  /** What is good of the answers that are given, in such times. */
  goodShareAt(timeMs: number, { slowShare, lateShare } = this.rule): number {
    return (1 - this.errorRatioAt(timeMs)) * (1 - slowShare) * (1 - lateShare)
  }
}

/** Pods of a version that are in the same condition. */
export class Pool {
  /** Of all requests. */
  share = 0
  pods = 0
  /** Requests a second that they can serve. */
  capacity = 0
  /** For how many requests each of them has room; undefined where they take whatever comes. */
  places: Places | undefined
  /** Of the requests that come, so many find a place. */
  admittedShare = 1
  /** The same if all of these came to stable at full strength. */
  fullAdmittedShare = 1
  /** By strand. */
  readonly lanes: Lane[] = []

  constructor(
    /** Its place in the order in which this flight has met them. */
    readonly index: number,
    readonly version: number,
    readonly condition: number,
    readonly refuses: boolean,
    /** Of stable: without a release its pods would answer none either. */
    readonly isStruckDown: boolean,
  ) {}
}

export class Lane {
  formula!: Formula
  /** What its formula says now, with the time that requests wait for a place. */
  rule!: Rule
  /** The same without what the release has brought about, and with as many in front as at stable at full strength. */
  fullRule!: Rule
  /** Undefined where the release has brought nothing about. */
  innocent: Formula | undefined
  /** Of all requests. */
  share = 0
  /** Means since they were last taken, by code, and of the successes those that were slow. */
  readonly answers: Float64Array
  slowAnswers = 0
  /** Mean requests that it has served in this flight. */
  served = 0
  /** By code, such a part of its errors; undefined where all have the code ERROR. */
  codeParts: ArrayLike<number> | undefined
  /** At one instant: errors among its answers, what is good of them, and what of its requests is answered at all. */
  errorRatio = 0
  goodShare = 0
  servedShare = 0
  /** What of its answers would be good if all pods of stable were there to give them. */
  yardstick = 0
  /** Whether it was worse or better than that, when somebody looked for where it changes. */
  sign = 0

  constructor(
    readonly pool: Pool,
    readonly strand: number,
    readonly segment: number,
    codes: number,
  ) {
    this.answers = new Float64Array(codes)
  }

  get version(): number {
    return this.pool.version
  }
}

/**
 * Tables that grow: the pools without any condition come first, so that pool v is that of version v, and others join
 * them as pods get into conditions.
 */
export class Lanes {
  readonly pools: Pool[] = []
  readonly all: Lane[] = []
  private readonly poolByKey = new Map<number, Pool>()
  /** What has been worked out before, in this flight or another. */
  private readonly rules = new WeakMap<Behaviour, Rules>()
  readonly queues: Queues

  constructor(
    readonly answering: Answering,
    private readonly grid: Grid,
    private readonly objective: Objective | undefined,
  ) {
    this.queues = new Queues(grid, objective, answering.timeoutMs)
    for (let version = 0; version < answering.versions; version++) this.poolOf(version, 0)
  }

  /** A new flight begins. */
  reset(): void {
    const { versions, strands } = this.answering
    for (const { version, condition } of this.pools.splice(versions))
      this.poolByKey.delete(this.keyOf(version, condition))
    this.all.length = versions * strands.length
    this.answering.reset?.()
    this.reformulate()
  }

  poolOf(version: number, condition: number): Pool {
    const key = this.keyOf(version, condition)
    const known = this.poolByKey.get(key)
    if (known) return known
    const { answering, pools } = this
    const refuses = answering.refuses?.(condition) ?? false
    const isStruckDown = version === 0 && (answering.isStruckDown?.(condition) ?? false)
    const pool = new Pool(pools.length, version, condition, refuses, isStruckDown)
    for (const [strand, { segment }] of answering.strands.entries()) {
      const lane = new Lane(pool, strand, segment, answering.codes.length)
      this.formulate(lane)
      pool.lanes.push(lane)
      this.all.push(lane)
    }
    pool.places = pool.lanes[0]!.formula.behaviour.base.places
    pools.push(pool)
    this.poolByKey.set(key, pool)
    return pool
  }

  /** Requests are answered in another way from now on. */
  reformulate(): void {
    for (const lane of this.all) this.formulate(lane)
  }

  private keyOf(version: number, condition: number): number {
    return condition * this.answering.versions + version
  }

  private formulate(lane: Lane): void {
    const { answering } = this
    const { strand } = lane
    const { version, condition } = lane.pool
    lane.formula = this.following(answering.behaviour(version, strand, condition), lane.formula)
    lane.rule = lane.formula.rule
    const innocent = answering.innocent?.(version, strand, condition)
    lane.innocent = innocent && this.following(innocent, lane.innocent)
  }

  private following(behaviour: Behaviour, formula: Formula | undefined): Formula {
    if (behaviour === formula?.behaviour) return formula
    let rules = this.rules.get(behaviour)
    if (rules === undefined) {
      rules = new Rules(behaviour, this.grid, this.objective)
      this.rules.set(behaviour, rules)
    }
    return new Formula(behaviour, rules)
  }
}
