// Whose request it is: every user by a number, drawn by activity among those whom the router could have sent there.
import { Alias } from '../kernel/alias.js'
import { below } from '../kernel/below.js'
import { Permutation } from '../kernel/permutation.js'
import type { Stream, Tape } from '../kernel/random.js'
import type { AudiencePlan } from './audience.js'
import { Buckets } from './buckets.js'
import type { Segment } from './population.js'

/**
 * The law of the audience, one request at a time: versions get the part of the requests that their weight says, and
 * those of the canary come from users below it. Users are numbered from 0 on, segment by segment, and in a segment group
 * by group.
 */
export class Crowd {
  /** By strand. */
  private readonly senders: readonly Senders[]

  constructor({ segments, strands, stickiness }: AudiencePlan, tape: Tape) {
    let next = 0
    const firsts = segments.map(({ users }) => {
      next += users
      return next - users
    })
    this.senders = strands.map(({ segment }) => new Senders(segments[segment]!, stickiness, firsts[segment]!))
    this.reset(tape)
  }

  reset(tape: Tape): void {
    for (const [strand, senders] of this.senders.entries()) senders.reset(tape.stream('salts', strand))
  }

  /** From now on the router sends this share of the requests of a strand to the canary. */
  route(strand: number, canaryShare: number): void {
    this.senders[strand]!.route(canaryShare, this.senders)
  }

  /** The user behind a request of a strand that has reached the canary, or another version. */
  draw(stream: Stream, strand: number, toCanary: boolean): number {
    return this.senders[strand]!.draw(stream, toCanary)
  }

  /** Whether requests of a strand from this user go to the canary now; undefined where each is weighed by itself. */
  isOfCanary(strand: number, user: number): boolean | undefined {
    return this.senders[strand]!.isOfCanary(user)
  }
}

/** The users that the requests of a strand come from. */
class Senders {
  private readonly isSticky: boolean
  private readonly isSalted: boolean
  private readonly buckets: Buckets
  /** Of each group the number of its first user. */
  private readonly firsts: readonly number[]
  /** Of each group the users below the weight: the first so many in the order of the hash. */
  private edges: readonly number[] = []
  private orders: readonly Permutation[] = []
  private readonly ofCanary = new Alias([1])
  private readonly ofOthers = new Alias([1])
  private salts: Stream | undefined
  private below = Number.NaN

  constructor(
    private readonly segment: Segment,
    stickiness: AudiencePlan['stickiness'],
    first: number,
  ) {
    const { groups, users } = segment
    this.isSticky = stickiness !== 'request' && users > 1
    this.isSalted = this.isSticky && stickiness === 'resalted'
    this.buckets = new Buckets(groups)
    let next = first
    this.firsts = groups.map((group) => {
      next += group.users
      return next - group.users
    })
  }

  reset(salts: Stream): void {
    this.salts = salts
    this.below = Number.NaN
    this.route(0, [])
  }

  /** Whoever has the same users and the same weight has the same salt. */
  route(canaryShare: number, others: readonly Senders[]): void {
    const { groups } = this.segment
    const edges = this.isSticky ? this.buckets.below(canaryShare) : groups.map(({ users }) => users)
    const below = edges.reduce((sum, edge) => sum + edge, 0)
    if (below === this.below) return
    const alike = others.find((other) => other.segment === this.segment && other.below === below)
    this.below = below
    this.edges = edges
    if (this.isSalted) this.orders = alike?.orders ?? groups.map(({ users }) => new Permutation(users, this.salts!))
    this.weigh(this.ofCanary, (group) => edges[group]!)
    if (this.isSticky) this.weigh(this.ofOthers, (group) => groups[group]!.users - edges[group]!)
  }

  draw(stream: Stream, toCanary: boolean): number {
    const { edges } = this
    if (toCanary || !this.isSticky) {
      const group = this.groupOf(this.ofCanary, stream)
      return this.userAt(group, below(stream, edges[group]!))
    }
    const group = this.groupOf(this.ofOthers, stream)
    const edge = edges[group]!
    return this.userAt(group, edge + below(stream, this.segment.groups[group]!.users - edge))
  }

  isOfCanary(user: number): boolean | undefined {
    if (!this.isSticky) return undefined
    const group = this.firsts.findLastIndex((first) => first <= user)
    const number = user - this.firsts[group]!
    return (this.isSalted ? this.orders[group]!.placeOf(number) : number) < this.edges[group]!
  }

  private groupOf(alias: Alias, stream: Stream): number {
    return this.firsts.length === 1 ? 0 : alias.draw(stream)
  }

  private userAt(group: number, place: number): number {
    return this.firsts[group]! + (this.isSalted ? this.orders[group]!.at(place) : place)
  }

  /** By the activity of those of each group who are counted; where nobody is, nobody will be drawn. */
  private weigh(alias: Alias, countedOf: (group: number) => number): void {
    const weights = this.segment.groups.map(({ users, share }, group) => (share * countedOf(group)) / users)
    if (weights.some((weight) => weight > 0)) alias.set(weights)
  }
}
