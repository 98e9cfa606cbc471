// What can become of a request as things stand, and how likely each of it is.

import { Alias } from '../../kernel/alias.js'
import { grown } from '../../kernel/grown.js'
import type { Stream } from '../../kernel/random.js'
import { BrokenLaw } from '../broken-law.js'
import { ERROR, OK, REFUSED } from '../codes.js'
import type { Lane } from '../lanes.js'
import type { LatencyClasses } from '../latency/latency-classes.js'
import type { Grid } from '../rule.js'
import { gapOf, ROUNDING } from '../standing.js'
import { Times } from './times.js'

/** Whether a request met something worse than the yardstick, and whether it went bad because of that. */
export const SPARED = 1
export const EXCESS = 2

/**
 * Each combination of a lane, a code and a latency class is a category of its own, and a bad one on a lane that is worse
 * than the yardstick two: of those that go bad there, gap / bad wouldn't have otherwise. One draw says it all.
 */
export class Outcomes {
  count = 0
  /** By category: the place in `all` of its lane, the code and the latency class. */
  lanes = new Int32Array(FIRST_ROOM)
  codes = new Int32Array(FIRST_ROOM)
  classes = new Int32Array(FIRST_ROOM)
  /** SPARED, EXCESS, or 0 for those that weren't exposed. */
  marks = new Uint8Array(FIRST_ROOM)
  /** The share of requests that are exposed. */
  exposedShare = 0
  /** Whether some are given up by their clients. */
  hasLate = false
  /** By category, where anybody adds up times. */
  readonly times: Times | undefined
  private weights = new Float64Array(FIRST_ROOM)
  private readonly alias = new Alias([1])

  constructor(
    private readonly grid: Grid,
    /** Of requests that clients give up on. */
    private readonly lateCode: number,
  ) {
    this.times = grid.sums ? new Times(grid.boundsMs) : undefined
  }

  draw(stream: Stream): number {
    return this.alias.draw(stream)
  }

  /** From now on requests are answered as these lanes say. */
  lay(all: readonly Lane[]): void {
    this.count = 0
    this.exposedShare = 0
    this.hasLate = false
    let sum = 0
    for (let index = 0; index < all.length; index++) {
      const { share } = all[index]!
      sum += share
      if (share > 0) this.layLane(all[index]!, index, share)
    }
    // What is drawn from weights never misses what is lost of them.
    if (!(Math.abs(sum - 1) < 1e-9)) throw new BrokenLaw('every request is sent somewhere', { sum })
    this.alias.set(this.weights, this.count)
  }

  /** The same of those that reach a single lane. */
  layOne(lane: Lane): void {
    this.count = 0
    this.exposedShare = 0
    this.hasLate = false
    this.layLane(lane, 0, 1)
    this.alias.set(this.weights, this.count)
  }

  private layLane(lane: Lane, index: number, share: number): void {
    const { servedShare, errorRatio, codeParts, formula } = lane
    const { lateShare } = formula.rule
    const gap = gapOf(lane)
    const isExposed = gap > ROUNDING
    const excessPart = isExposed ? Math.min(1, gap / (1 - servedShare * lane.goodShare)) : 0
    const mark = isExposed ? SPARED : 0
    if (isExposed) this.exposedShare += share
    const served = share * servedShare
    const late = lateShare > 0 ? served * lateShare : 0
    const errors = (served - late) * errorRatio
    this.layCode(lane, index, OK, served - late - errors, mark, excessPart)
    if (codeParts === undefined) this.layCode(lane, index, ERROR, errors, mark, excessPart)
    else {
      for (let code = 0; code < codeParts.length; code++) {
        this.layCode(lane, index, code, errors * codeParts[code]!, mark, excessPart)
      }
    }
    if (late > 0) {
      this.hasLate = true
      this.addBoth(index, this.lateCode, 0, late, mark, late * excessPart, undefined)
    }
    this.layCode(lane, index, REFUSED, share - served, mark, excessPart)
  }

  private layCode(lane: Lane, index: number, code: number, weight: number, mark: number, excessPart: number): void {
    const { law } = lane.formula.rule
    if (law === undefined || code === REFUSED) {
      return this.addBoth(index, code, 0, weight, mark, code === OK ? 0 : weight * excessPart, undefined)
    }
    for (let latencyClass = 0; latencyClass < law.shares.length; latencyClass++) {
      const part = weight * law.shares[latencyClass]!
      const isBad = code !== OK || latencyClass >= this.grid.slowClass
      this.addBoth(index, code, latencyClass, part, mark, isBad ? part * excessPart : 0, law)
    }
  }

  /** Those that would have gone the same way in any case, and those in excess. */
  private addBoth(
    lane: number,
    code: number,
    latencyClass: number,
    weight: number,
    mark: number,
    excess: number,
    law: LatencyClasses | undefined,
  ): void {
    this.add(lane, code, latencyClass, mark, weight - excess, law)
    this.add(lane, code, latencyClass, EXCESS, excess, law)
  }

  private add(
    lane: number,
    code: number,
    latencyClass: number,
    mark: number,
    weight: number,
    law: LatencyClasses | undefined,
  ): void {
    if (!(weight > 0)) return
    const category = this.count++
    if (category === this.weights.length) this.grow()
    this.times?.set(category, law, latencyClass)
    this.lanes[category] = lane
    this.codes[category] = code
    this.classes[category] = latencyClass
    this.marks[category] = mark
    this.weights[category] = weight
  }

  private grow(): void {
    const room = 2 * this.weights.length
    this.lanes = grown(this.lanes, new Int32Array(room))
    this.codes = grown(this.codes, new Int32Array(room))
    this.classes = grown(this.classes, new Int32Array(room))
    this.marks = grown(this.marks, new Uint8Array(room))
    this.weights = grown(this.weights, new Float64Array(room))
  }
}

const FIRST_ROOM = 64
