// Who the exposed requests came from: how many different users a number of requests has reached.
import { multinomial } from '../kernel/multinomial.js'
import type { Stream } from '../kernel/random.js'
import type { Stickiness } from '../scenario/users.js'
import { Buckets } from './buckets.js'
import type { Group, Population, Segment } from './population.js'
import { type Meeting, type Reached, reachedByHash, reachedBySalts } from './reached.js'

export interface AudiencePlan extends Population {
  readonly stickiness: Stickiness
}

/**
 * A request falls on the users it can come from in proportion to their activity. Without stickiness these are all users
 * of its segment. With a hash, the canary's requests come from users below the weight of the moment, everyone else's
 * from users above it; a growing weight keeps the users it had, unless every new weight hashes anew. Weights are whole
 * users here. Users of versions beyond the canary are taken to be spread evenly over the rest.
 */
export class Audience {
  private readonly segments: readonly SegmentUsers[]
  private readonly ofStrands: readonly SegmentUsers[]
  private readonly encounters: Encounter[] = []
  /** By strand, the number under which its requests are handed in now. */
  private readonly now: number[]

  constructor({ segments, strands, stickiness }: AudiencePlan) {
    if (stickiness === 'cookie') throw new RangeError('who has a cookie depends on who came when, one by one')
    this.segments = segments.map((segment) => new SegmentUsers(segment, stickiness))
    this.ofStrands = strands.map(({ segment }) => this.segments[segment]!)
    this.now = strands.map(() => NOWHERE)
  }

  reset(): void {
    this.encounters.length = 0
    this.now.fill(NOWHERE)
  }

  /** The number under which requests of a strand are handed in while the canary has this weight with them. */
  at(weight: number, strand = 0): number {
    const users = this.ofStrands[strand]!
    const edges = users.edgesAt(weight)
    const below = sumOf(edges)
    const before = this.now[strand]!
    if (this.encounters[before]?.below === below) return before
    const fits = (at: number) => this.encounters[at]?.users === users && this.encounters[at].below === below
    // Salts don't matter where nobody or everybody is below.
    const isSalted = users.isSalted && below > 0 && below < users.segment.users
    // Whoever has the same users and the same weight has the same salt.
    const known = (isSalted ? this.now : [...this.encounters.keys()]).find(fits)
    const at = known ?? this.encounters.push(new Encounter(users, edges, below)) - 1
    this.now[strand] = at
    return at
  }

  /** Exposed requests: those that went worse than stable would have answered, and those that were spared. */
  reach(at: number, toCanary: boolean, excess: number, spared: number): void {
    const encounter = this.encounters[at]!
    const side = toCanary || !encounter.users.isSticky ? encounter.ofCanary : encounter.ofOthers
    side.excess += excess
    side.spared += spared
  }

  /** Harmed users are those hit by an excess request; exposed are these and those hit by a spared one. */
  count(stream: Stream): Reached {
    let exposed = 0
    let harmed = 0
    for (const users of this.segments) {
      const encounters = this.encounters.filter((encounter) => encounter.users === users)
      const reached = users.count(stream, encounters)
      exposed += reached.exposed
      harmed += reached.harmed
    }
    return { exposed, harmed }
  }
}

const NOWHERE = -1

/** The users of one segment. */
class SegmentUsers {
  readonly isSticky: boolean
  readonly isSalted: boolean
  private readonly buckets: Buckets
  private readonly everybody: readonly number[]

  constructor(
    readonly segment: Segment,
    stickiness: Stickiness,
  ) {
    this.isSticky = stickiness !== 'request' && segment.users > 1
    this.isSalted = this.isSticky && stickiness === 'resalted'
    this.buckets = new Buckets(segment.groups)
    this.everybody = segment.groups.map(({ users }) => users)
  }

  edgesAt(weight: number): readonly number[] {
    return this.isSticky ? this.buckets.below(weight) : this.everybody
  }

  count(stream: Stream, encounters: readonly Encounter[]): Reached {
    const { groups } = this.segment
    const ofGroups = groups.length === 1 ? [encounters] : spreadOver(stream, groups, encounters)
    let exposed = 0
    let harmed = 0
    for (const [group, { users }] of groups.entries()) {
      const meetings = ofGroups[group]!
      const reached = this.isSalted ? reachedBySalts(stream, users, meetings) : reachedByHash(stream, users, meetings)
      exposed += reached.exposed
      harmed += reached.harmed
    }
    return { exposed, harmed }
  }
}

/** The requests that a segment's users met while the same of them were below the weight. */
class Encounter implements Meeting {
  readonly ofCanary = { excess: 0, spared: 0 }
  readonly ofOthers = { excess: 0, spared: 0 }

  constructor(
    readonly users: SegmentUsers,
    readonly edges: readonly number[],
    readonly below: number,
  ) {}

  /** Of the only group. */
  get edge(): number {
    return this.below
  }
}

/** By group what its users met: requests fall on groups in proportion to those of their users they can come from. */
function spreadOver(stream: Stream, groups: readonly Group[], encounters: readonly Encounter[]): readonly Meeting[][] {
  const shares = new Float64Array(groups.length)
  const counts = new Float64Array(groups.length)
  const meetings: Meeting[][] = groups.map(() => [])
  for (const { edges, ofCanary, ofOthers } of encounters) {
    const spread = (requests: number, usersOf: (group: number) => number) => {
      for (const [group, { users, share }] of groups.entries()) shares[group] = (share * usersOf(group)) / users
      if (requests === 0 || sumOf(shares) === 0) counts.fill(0)
      else multinomial(stream, requests, shares, counts)
      return [...counts]
    }
    const isBelow = (group: number) => edges[group]!
    const isAbove = (group: number) => groups[group]!.users - edges[group]!
    const [excess, spared] = [spread(ofCanary.excess, isBelow), spread(ofCanary.spared, isBelow)]
    const [otherExcess, otherSpared] = [spread(ofOthers.excess, isAbove), spread(ofOthers.spared, isAbove)]
    for (const [group, edge] of edges.entries()) {
      meetings[group]!.push({
        edge,
        ofCanary: { excess: excess[group]!, spared: spared[group]! },
        ofOthers: { excess: otherExcess[group]!, spared: otherSpared[group]! },
      })
    }
  }
  return meetings
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < counts.length; index++) sum += counts[index]!
  return sum
}
