// Requests one by one that touch each other: they wait for places in pods, are sent again and share connections.
import type { Tape } from '../../kernel/random.js'
import type { PodGroup } from '../answers.js'
import { assignPods } from '../assign-pods.js'
import { ERROR, OK, REFUSED } from '../codes.js'
import type { Coupling } from '../coupling.js'
import { type FlowPlan, lateOf } from '../flow.js'
import type { Harm } from '../harm.js'
import type { Lane, Pool } from '../lanes.js'
import type { Latency } from '../latency/latency.js'
import type { Rule } from '../rule.js'
import { gapOf, ROUNDING } from '../standing.js'
import { Book } from './book.js'
import { PodNumbers } from './pod-numbers.js'
import type { ErrorShare, Law } from './queueing/lane-laws.js'
import type { QueueingPlan } from './queueing/plan.js'
import { Queueing } from './queueing/queueing.js'
import { Reckoning } from './reckoning.js'
import type { Sampling } from './sampler.js'
import { SingleRequests } from './single-requests.js'

/** Connections are closed and opened all the time: where they lead is taken down so often, and at every change. */
const WEIGHED_EVERY_MS = 1000

/**
 * Every arrival, every answer and every timeout is an event of the queueing engine, which knows nothing of harm. It runs
 * behind the world: whoever changes or looks at the world lets it catch up first. What moves steadily stands still for a
 * while, as it does for requests that don't touch each other.
 */
export class CoupledRequests extends SingleRequests {
  protected readonly book: Book
  /** Of those that never answer some requests. */
  private readonly laws = new WeakMap<Rule, Law>()
  private readonly numbers: PodNumbers
  private engine!: Queueing
  private reckoning!: Reckoning
  /** By lane of the engine, that of the world. */
  private known: Lane[] = []
  protected exposedShare = 0
  /** The same of the requests as they really come, and the share of them that what is released really serves. */
  private keptExposedShare = 0
  private keptReleasedShare = 0

  constructor(
    plan: FlowPlan,
    private readonly coupling: Coupling,
    tape: Tape,
  ) {
    super(plan, tape, coupling.connections && WEIGHED_EVERY_MS)
    this.book = new Book(plan, this.isReleased, () => this.sentToReleased(true), tape)
    this.numbers = new PodNumbers(plan.answering.versions)
    this.begin()
  }

  override reset(tape: Tape): void {
    super.reset(tape)
    this.begin()
  }

  sample(sampling: Sampling): void {
    this.reckoning.sampler = this.samplerOf(sampling)
  }

  split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
    groups?: readonly (readonly PodGroup[])[],
  ): void {
    const { strands, versions } = this.plan.answering
    this.resplit(timeMs, shares, pods, groups)
    for (let strand = 0; strand < strands.length; strand++) {
      this.engine.share(
        strand,
        Array.from({ length: versions }, (_, version) => shares[strand * versions + version]!),
      )
    }
    if (podNumbers !== undefined) assignPods(this.cells, this.lanes, podNumbers, groups)
    for (let version = 0; version < versions; version++) {
      const told = podNumbers?.[version] ?? Array.from({ length: pods[version]! }, (_, pod) => pod)
      this.serve(version, told, groups?.[version] ?? [])
    }
    this.numbers.settle()
  }

  /** Whether where requests go changes while nothing else does. */
  get keepsConnections(): boolean {
    return this.coupling.connections !== undefined
  }

  /** The share of the requests that really go to what is released. */
  releasedShareAt(timeMs: number): number {
    this.advance(timeMs)
    this.engine.weigh()
    let share = 0
    for (const lane of this.lanes.all) if (this.isReleased[lane.version]) share += this.actualShareOf(lane)
    return share
  }

  kill(timeMs: number, version: number, pod: number): void {
    this.advance(timeMs)
    const number = this.numbers.known(version, pod)
    if (number !== undefined) this.engine.kill(number)
  }

  served(timeMs: number, partOf: (version: number, strand: number) => number): number {
    this.advance(timeMs)
    const { served } = this.engine.lanes
    return this.known.reduce((sum, lane, at) => sum + served[at]! * partOf(lane.version, lane.strand), 0)
  }

  /** What is under way then is flown to its end: its user will know, but nobody will read a counter any more. */
  finish(timeMs: number): Harm {
    const { engine, reckoning, book } = this
    this.advance(timeMs)
    this.change()
    reckoning.isAfterwards = true
    const released = this.sentToReleased(false)
    engine.drain()
    book.requests = engine.arrived
    const ended = engine.succeeded + engine.failed
    return book.harm(timeMs, this.traffic, { failed: engine.failed, slow: reckoning.slow, released, ended })
  }

  protected fly(untilMs: number): void {
    this.engine.advance(untilMs)
  }

  protected override begin(): void {
    const { book, cells, grid, lanes, numbers, plan, tape } = this
    const surroundings = {
      laneAt: (lane: number) => this.known[lane]!,
      cellOf: (pod: number, { version, pool }: Lane) =>
        (pod < 0 || pool.refuses ? undefined : cells.cellOf(version, numbers.toldOf(pod))) ?? version,
      rateAt: (timeMs: number) => this.traffic.rateAt(timeMs),
    }
    this.reckoning = new Reckoning(cells, grid, book, surroundings, tape.stream('excess'))
    this.engine = new Queueing(this.queueingPlan(), tape, this.reckoning)
    this.engine.receive(this.arrivals)
    this.known = []
    numbers.reset(plan.stablePods)
    this.engine.serve(0, numbers.placeholders)
    for (const pool of lanes.pools) this.meet(pool)
    this.exposedShare = 0
    this.keptExposedShare = 0
    this.keptReleasedShare = 0
    super.begin()
  }

  private queueingPlan(): QueueingPlan {
    const { answering, audience } = this.plan
    const { places, retries, connections } = this.coupling
    const { crowd } = this.book
    const late = lateOf(answering)
    return {
      versions: answering.versions,
      strands: answering.strands.map(({ share }) => share),
      capacities: places.map((ofPod, version) => ({ ...ofPod, ...limitOf(this.lanes.pools[version]!) })),
      codes: { ok: OK, shed: REFUSED, reset: REFUSED, timedOut: late?.code ?? REFUSED },
      ...(late ? { timeoutMs: late.afterMs } : {}),
      ...(retries ? { retries } : {}),
      ...(connections ? { connections } : {}),
      users: {
        drawUserOf: (strand, version, stream) => crowd.draw(stream, strand, this.isReleased[version]!),
        keepVersion: audience.stickiness !== 'request',
      },
    }
  }

  private serve(version: number, told: ArrayLike<number>, groups: readonly PodGroup[]): void {
    const { engine, lanes, numbers } = this
    const own = Array.from(told, (pod) => numbers.of(version, pod))
    engine.serve(version, own)
    if (groups.length === 0) for (const number of own) engine.turn(number, 0)
    for (const { condition, podNumbers } of groups) {
      this.meet(lanes.poolOf(version, condition))
      for (let index = 0; index < podNumbers.length; index++) {
        engine.turn(numbers.of(version, podNumbers[index]!), condition)
      }
    }
  }

  private meet({ version, condition, refuses, lanes }: Pool): void {
    const { engine } = this
    for (const lane of lanes) {
      this.known[engine.lanes.of(version, lane.strand, condition)] = lane
      if (refuses) engine.refuse(version, lane.strand, condition)
    }
  }

  /** Tells the engine how pods answer from now on, and what is to be put down to them. */
  protected lay(): void {
    this.exposedShare = 0
    this.keptExposedShare = 0
    this.keptReleasedShare = 0
    this.engine.weigh()
    for (const lane of this.lanes.all) this.layLane(lane)
    this.limit()
  }

  protected override get actualExposedShare(): number {
    return this.keepsConnections ? this.keptExposedShare : super.actualExposedShare
  }

  protected override get actualReleasedShare(): number {
    return this.keepsConnections ? this.keptReleasedShare : super.actualReleasedShare
  }

  /** Of all requests, when connections were weighed last. */
  private actualShareOf({ version, strand, pool, share }: Lane): number {
    return this.engine.shareOf(version, strand, pool.condition, share)
  }

  private layLane(lane: Lane): void {
    const { engine } = this
    const { version, strand, pool, formula, servedShare, goodShare, share } = lane
    const gap = gapOf(lane)
    const isWorse = gap > ROUNDING
    if (isWorse) this.exposedShare += share
    if (this.keepsConnections) this.weighLane(lane, isWorse)
    engine.blame(version, strand, pool.condition, isWorse ? Math.min(1, gap / (1 - servedShare * goodShare)) : 0)
    engine.answer(version, strand, pool.condition, this.lawOf(formula.rule), errorsOf(lane))
  }

  private weighLane(lane: Lane, isWorse: boolean): void {
    const { pods, refuses } = lane.pool
    const share = this.actualShareOf(lane)
    if (isWorse) this.keptExposedShare += share
    if (this.isReleased[lane.version] && pods > 0 && !refuses) this.keptReleasedShare += share
  }

  private limit(): void {
    for (const pool of this.lanes.pools) {
      const { perSecond } = limitOf(pool)
      if (perSecond !== undefined) this.engine.limit(pool.version, pool.condition, perSecond)
    }
  }

  private lawOf(rule: Rule): Law {
    const { service, hangShare } = rule
    if (hangShare === 0) return service
    let law = this.laws.get(rule)
    if (law === undefined) {
      law = hanging(service, hangShare)
      this.laws.set(rule, law)
    }
    return law
  }

  /** How many requests, or how often any: what is sent again is sent more often than once. */
  private sentToReleased(everyTime: boolean): number {
    const { sent, resent } = this.engine
    let all = 0
    for (const [version, isReleased] of this.isReleased.entries()) {
      if (isReleased) all += sent[version]! + (everyTime ? resent[version]! : 0)
    }
    return all
  }
}

function limitOf({ lanes }: Pool): { readonly perSecond?: number } {
  const { capacityPerPod } = lanes[0]!.formula.rule
  return capacityPerPod < Number.POSITIVE_INFINITY ? { perSecond: capacityPerPod } : {}
}

/** Of some requests nobody is ever done. */
function hanging(service: Latency, share: number): Law {
  return { sample: (stream) => (stream.uniform() < share ? Number.POSITIVE_INFINITY : service.sample(stream)) }
}

function errorsOf({ errorRatio, codeParts }: Lane): readonly ErrorShare[] {
  if (codeParts === undefined) return [{ code: ERROR, ratio: errorRatio }]
  return Array.from(codeParts, (part, code) => ({ code, ratio: errorRatio * part })).filter(({ ratio }) => ratio > 0)
}
