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
  private readonly segments: readonly Members[]

  constructor({ segments, stickiness }: AudiencePlan, tape: Tape) {
    let first = 0
    this.segments = segments.map((segment) => {
      first += segment.users
      return new Members(segment, stickiness, first - segment.users)
    })
    this.reset(tape)
  }

  reset(tape: Tape): void {
    for (const [index, members] of this.segments.entries()) members.reset(tape.stream('salts', index))
  }

  /** From now on the router sends this share of the requests of a segment to the canary. */
  route(segment: number, canaryShare: number): void {
    this.segments[segment]!.route(canaryShare)
  }

  /** The user behind a request of a segment that has reached the canary, or another version. */
  draw(stream: Stream, segment: number, toCanary: boolean): number {
    return this.segments[segment]!.draw(stream, toCanary)
  }

  /** Whether requests of a user of a segment go to the canary now; undefined where each request is weighed by itself. */
  isOfCanary(segment: number, user: number): boolean | undefined {
    return this.segments[segment]!.isOfCanary(user)
  }
}

/** The users of one segment. */
class Members {
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
    this.route(0)
  }

  route(canaryShare: number): void {
    const { groups } = this.segment
    const edges = this.isSticky ? this.buckets.below(canaryShare) : groups.map(({ users }) => users)
    const below = edges.reduce((sum, edge) => sum + edge, 0)
    if (below === this.below) return
    this.below = below
    this.edges = edges
    if (this.isSalted) this.orders = groups.map(({ users }) => new Permutation(users, this.salts!))
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
