// The people behind the requests: how many different users a number of requests has reached.
import { binomial } from '../kernel/binomial.js'
import { distinct } from '../kernel/distinct.js'
import type { Stream } from '../kernel/random.js'

export interface AudiencePlan {
  readonly users: number
  /** A sticky user stays where the router's hash of the user puts them, as long as the weight allows. */
  readonly sticky: boolean
}

export interface Reached {
  readonly exposed: number
  readonly harmed: number
}

/**
 * All users are equally active. Without stickiness every request comes from a user drawn anew from all of them.
 *
 * Sticky routing hashes each user once into [0, 1) and sends those below the canary's weight to the canary, so a
 * growing weight keeps the users it had. The canary's requests come from users below the weight of the moment, everyone
 * else's from users above it. Weights are whole users here: at least one on each side of a weight that is neither
 * 0 nor 1. Users of versions beyond the canary are taken to be spread evenly over the rest.
 */
export class Audience {
  private readonly users: number
  private readonly sticky: boolean
  /** Users below each weight seen, in the order in which they were seen. */
  private readonly edges: number[] = []
  private readonly below: Requests = { excess: [], spared: [] }
  private readonly above: Requests = { excess: [], spared: [] }

  constructor(plan: AudiencePlan) {
    if (!(Number.isSafeInteger(plan.users) && plan.users > 0)) throw new RangeError(`${plan.users} users`)
    this.users = plan.users
    this.sticky = plan.sticky && plan.users > 1
  }

  reset(): void {
    this.edges.length = 0
  }

  /** The number under which requests at this weight of the canary are handed in. */
  at(weight: number, segment = 0): number {
    if (segment > 0) throw new RangeError(`segment ${segment} of one`)
    const edge = this.sticky ? this.usersBelow(weight) : this.users
    const known = this.edges.indexOf(edge)
    if (known >= 0) return known
    for (const { excess, spared } of [this.below, this.above]) {
      excess[this.edges.length] = 0
      spared[this.edges.length] = 0
    }
    return this.edges.push(edge) - 1
  }

  /** Exposed requests: those that went worse than stable would have answered, and those that were spared. */
  reach(at: number, toCanary: boolean, excess: number, spared: number): void {
    const requests = toCanary || !this.sticky ? this.below : this.above
    requests.excess[at]! += excess
    requests.spared[at]! += spared
  }

  /**
   * Harmed users are those hit by an excess request. Of the spared requests, those that fall on harmed users add
   * nobody; the others fall on the rest, so exposed users are the harmed and the new ones: exact, and never fewer.
   */
  count(stream: Stream): Reached {
    const order = [...this.edges.keys()].sort((one, other) => this.edges[one]! - this.edges[other]!)
    const edges = [0, ...order.map((at) => this.edges[at]!), this.users]
    const sizes = edges.slice(1).map((edge, slice) => edge - edges[slice]!)
    const excess = this.sliced(stream, order, edges, 'excess')
    const spared = this.sliced(stream, order, edges, 'spared')
    let harmed = 0
    let exposed = 0
    for (const [slice, size] of sizes.entries()) {
      const hurt = distinct(stream, excess[slice]!, size)
      const elsewhere = size > hurt ? binomial(stream, spared[slice]!, (size - hurt) / size) : 0
      harmed += hurt
      exposed += hurt + distinct(stream, elsewhere, size - hurt)
    }
    return { exposed, harmed }
  }

  private usersBelow(weight: number): number {
    if (weight <= 0) return 0
    if (weight >= 1) return this.users
    return Math.min(this.users - 1, Math.max(1, Math.round(this.users * weight)))
  }

  /**
   * Requests per slice of users between two edges. Requests from below an edge are uniform over all users below it:
   * those that miss the topmost slice are uniform over the slices below, and join the requests from there. The same
   * upside down for requests from above an edge. Exact, with one draw per edge.
   */
  private sliced(stream: Stream, order: readonly number[], edges: readonly number[], kind: keyof Requests): number[] {
    const slices = edges.slice(1).map(() => 0)
    let left = 0
    for (let place = order.length; place >= 1; place--) {
      left += this.below[kind][order[place - 1]!]!
      const edge = edges[place]!
      const top = edge > 0 ? binomial(stream, left, (edge - edges[place - 1]!) / edge) : 0
      slices[place - 1]! += top
      left -= top
    }
    left = 0
    for (let place = 1; place <= order.length; place++) {
      left += this.above[kind][order[place - 1]!]!
      const edge = edges[place]!
      const bottom = this.users > edge ? binomial(stream, left, (edges[place + 1]! - edge) / (this.users - edge)) : 0
      slices[place]! += bottom
      left -= bottom
    }
    return slices
  }
}

interface Requests {
  readonly excess: number[]
  readonly spared: number[]
}
