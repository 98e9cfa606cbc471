// Requests one by one where they couple to each other: they queue at pods of finite capacity, their clients lose patience,
// send again and hold connections. Runs behind the main loop: `advance` catches up with an instant, and between two such
// calls whoever owns it may change the world.
import type { Tape } from '../../../kernel/random.js'
import { IN_VAIN, LOST, QUEUED, SERVED, STUCK } from './attempts.js'
import type { Sink } from './ending.js'
import { Engine } from './engine.js'
import { KeptShares } from './kept-shares.js'
import type { ErrorShare, Law } from './lane-laws.js'
import type { QueueingPlan } from './plan.js'

export class Queueing extends Engine {
  private readonly kept: KeptShares | undefined

  constructor(
    private readonly plan: QueueingPlan,
    tape: Tape,
    sink: Sink,
  ) {
    super(plan, tape, sink)
    const { connections } = this.routing
    this.kept = connections && new KeptShares(connections, this.pods, this.lanes, plan.strands)
  }

  /** From now on each version gets this share of a strand. */
  share(strand: number, shares: ArrayLike<number>): void {
    this.routing.share(strand, shares)
  }

  /** Takes down where connections lead that clients keep. */
  weigh(): void {
    this.kept?.weigh(this.nowMs)
  }

  /** Of all requests, those that a lane really got when that was done, where the split sends it such a share of them. */
  shareOf(version: number, strand: number, condition: number, sentShare: number): number {
    return this.kept?.shareOf(this.lanes.of(version, strand, condition), sentShare) ?? sentShare
  }

  /** From now on a lane answers so. What pods work on already ends as it would have. */
  answer(version: number, strand: number, condition: number, law: Law, errors: readonly ErrorShare[]): void {
    this.lanes.set(this.lanes.of(version, strand, condition), law, errors)
  }

  /** How much of what goes wrong in a lane is put down to it, of what is sent there from now on. */
  blame(version: number, strand: number, condition: number, part: number): void {
    const lane = this.lanes.of(version, strand, condition)
    this.lanes.room(lane)
    this.lanes.blames[lane] = part
  }

  /** From now on pods of a version in this condition answer nobody: what is sent to them is turned away. */
  refuse(version: number, strand: number, condition: number): void {
    const lane = this.lanes.of(version, strand, condition)
    this.lanes.room(lane)
    this.lanes.refuses[lane] = 1
  }

  /** From now on pods of a version that are in this condition accept so many requests a second each. */
  limit(version: number, condition: number, perSecond: number): void {
    const { pods } = this
    const lane = this.lanes.of(version, 0, condition)
    for (let place = 0; place < pods.end; place++) if (pods.lanes[place] === lane) pods.limit(place, perSecond)
  }

  /** From now on these pods of a version get its requests; those that did until now finish their work and hang up. */
  serve(version: number, numbers: ArrayLike<number>): void {
    const { pods, routing } = this
    const before = routing.placesOf(version)
    const capacity = this.plan.capacities[version]!
    for (const place of before) pods.isOpen[place] = 0
    const lane = this.lanes.of(version, 0, 0)
    const places = Array.from(
      numbers,
      (number) => pods.placeOf(number) ?? pods.add(number, version, lane, capacity, this.nowMs),
    )
    for (const place of places) pods.isOpen[place] = 1
    routing.serve(version, places)
    for (const place of before) {
      if (pods.isOpen[place] === 1) continue
      routing.hangUp(place)
      this.forgetIfDone(place)
    }
  }

  /** From now on a pod that is there is in this condition, and so is what waits in its queue. */
  turn(number: number, condition: number): void {
    const place = this.pods.placeOf(number)
    if (place !== undefined) this.pods.lanes[place] = this.lanes.of(this.pods.versions[place]!, 0, condition)
  }

  /** The pod dies: what it works on and what waits in its queue is reset. */
  kill(number: number): void {
    const { pods, attempts, routing } = this
    const place = pods.placeOf(number)
    if (place === undefined) return
    const version = pods.versions[place]!
    const others = routing.placesOf(version).filter((other) => other !== place)
    routing.serve(version, others)
    routing.hangUp(place)
    const { end } = attempts
    for (let row = 0; row < end; row++) {
      if (attempts.pods[row] === place) this.lose(row)
    }
    pods.remove(place)
  }

  private lose(row: number): void {
    const { attempts } = this
    const state = attempts.states[row]!
    // Only the end of what is at work is in the agenda, and stays there.
    const isDue = state === SERVED || state === SERVED + IN_VAIN
    if (state === QUEUED || state === SERVED || state === STUCK) {
      if (this.isTimed) attempts.unwatch(row)
      this.conclude(row, this.codes.reset, !isDue)
    } else if (state === QUEUED + IN_VAIN || state === STUCK + IN_VAIN || isDue) {
      this.inVain--
      if (!isDue) attempts.give(row)
    }
    if (isDue) attempts.states[row] = LOST
  }
}
