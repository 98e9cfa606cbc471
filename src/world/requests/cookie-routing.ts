// Where requests go whose router sets cookies: who asks decides, and what they got before.
import { Alias } from '../../kernel/alias.js'
import { below } from '../../kernel/below.js'
import type { Stream, Tape } from '../../kernel/random.js'
import { type CookiePlan, Cookies } from '../cookies.js'
import type { Crowd } from '../crowd.js'
import type { Lane, Lanes, Pool } from '../lanes.js'
import type { Outcomes } from './outcomes.js'

/** Here a request has its user before it has a version, so that what becomes of it is drawn lane by lane. */
export class CookieRouting {
  /** Of the request that was routed last. */
  user = 0
  lane: Lane
  outcomes: Outcomes
  private readonly cookies: Cookies
  private readonly strands: Alias
  /** By the place of a lane among all: pool by pool, and in a pool strand by strand. */
  private readonly tables: Outcomes[] = []
  /** By strand and version, and by version: how they are split, and the pools that its pods are in. */
  private shares: readonly Float64Array[]
  private pods = new Float64Array(0)
  private pools: Pool[][] = []
  private stream: Stream

  constructor(
    plan: CookiePlan,
    users: number,
    private readonly crowd: Crowd,
    private readonly lanes: Lanes,
    private readonly newTable: () => Outcomes,
    tape: Tape,
  ) {
    const { strands, versions } = lanes.answering
    this.cookies = new Cookies(plan, users)
    this.strands = new Alias(strands.map(({ share }) => share))
    this.shares = strands.map(() => new Float64Array(versions))
    this.stream = tape.stream('routing')
    this.lane = lanes.all[0]!
    this.outcomes = newTable()
    this.reset(tape)
  }

  reset(tape: Tape): void {
    const { versions } = this.lanes.answering
    this.stream = tape.stream('routing')
    this.cookies.reset()
    for (const shares of this.shares) shares.fill(0).fill(1, 0, 1)
    this.pods = new Float64Array(versions)
    this.pods[0] = this.lanes.pools[0]!.pods
    this.pool()
  }

  /** From now on versions get these shares of those who have no cookie, at `strand * versions + version`. */
  split(shares: ArrayLike<number>, pods: ArrayLike<number>): void {
    const { versions } = this.lanes.answering
    for (const [strand, ofStrand] of this.shares.entries()) {
      for (let version = 0; version < versions; version++) ofStrand[version] = shares[strand * versions + version]!
    }
    this.pods = Float64Array.from(pods)
    this.pool()
  }

  /** From now on requests are answered as the lanes say. */
  lay(): void {
    for (const [index, lane] of this.lanes.all.entries()) {
      this.tables[index] ??= this.newTable()
      this.tables[index].layOne(lane)
    }
  }

  /** Says whose the next request is, and where it goes. */
  route(timeMs: number): void {
    const { stream, crowd, cookies, pods } = this
    const strand = this.shares.length === 1 ? 0 : this.strands.draw(stream)
    const shares = this.shares[strand]!
    this.user = crowd.draw(stream, strand, false)
    const version = cookies.versionOf(this.user, timeMs, { byWeight: this.weighed(shares), shares, pods })
    const pool = this.poolOf(version)
    this.lane = pool.lanes[strand]!
    this.outcomes = this.tables[pool.index * this.shares.length + strand]!
  }

  private weighed(shares: Float64Array): number {
    let place = this.stream.uniform()
    let last = 0
    for (let version = 0; version < shares.length; version++) {
      if (shares[version] === 0) continue
      last = version
      if (place < shares[version]!) return version
      place -= shares[version]!
    }
    return last
  }

  /** Its pods are equally likely, whatever condition they are in. */
  private poolOf(version: number): Pool {
    const pools = this.pools[version]!
    if (pools.length <= 1) return pools[0] ?? this.lanes.pools[version]!
    let place = below(
      this.stream,
      pools.reduce((sum, { pods }) => sum + pods, 0),
    )
    for (const pool of pools) {
      if (place < pool.pods) return pool
      place -= pool.pods
    }
    return pools[0]!
  }

  private pool(): void {
    const { lanes } = this
    this.pools = Array.from({ length: lanes.answering.versions }, (_, version) =>
      lanes.pools.filter((pool) => pool.version === version && pool.pods > 0),
    )
  }
}
