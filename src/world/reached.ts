// How many of a group of equally active users their requests have reached, and how many of them were harmed.
import { binomial } from '../kernel/binomial.js'
import { distinct } from '../kernel/distinct.js'
import { hypergeometric } from '../kernel/hypergeometric.js'
import type { Stream } from '../kernel/random.js'

/** What users met while so many of them, the edge, were those of the canary. */
export interface Meeting {
  readonly edge: number
  readonly ofCanary: Requests
  readonly ofOthers: Requests
}

export interface Requests {
  readonly excess: number
  readonly spared: number
}

export interface Reached {
  readonly exposed: number
  readonly harmed: number
}

/** The users of a smaller edge are those of a larger one, too: every slice between two edges is a group by itself. */
export function reachedByHash(stream: Stream, users: number, meetings: readonly Meeting[]): Reached {
  const inOrder = [...meetings].sort((one, other) => one.edge - other.edge)
  const edges = [0, ...inOrder.map(({ edge }) => edge), users]
  const excess = sliced(stream, inOrder, edges, 'excess')
  const spared = sliced(stream, inOrder, edges, 'spared')
  let harmed = 0
  let exposed = 0
  for (let slice = 0; slice + 1 < edges.length; slice++) {
    const { hurt, met } = hit(stream, edges[slice + 1]! - edges[slice]!, excess[slice]!, spared[slice]!)
    harmed += hurt
    exposed += hurt + met
  }
  return { exposed, harmed }
}

/**
 * Every meeting has drawn its canary's users anew from all. Whom it hit is then any subset of that size, whatever those
 * before have hit, so that overlaps are hypergeometric.
 */
export function reachedBySalts(stream: Stream, users: number, meetings: readonly Meeting[]): Reached {
  let harmed = 0
  /** Exposed and not harmed. */
  let spared = 0
  for (const { edge, ofCanary, ofOthers } of meetings) {
    const one = hit(stream, edge, ofCanary.excess, ofCanary.spared)
    const other = hit(stream, users - edge, ofOthers.excess, ofOthers.spared)
    const hurt = one.hurt + other.hurt
    const met = one.met + other.met
    const hurtAgain = hypergeometric(stream, users, harmed, hurt)
    const hurtNow = hypergeometric(stream, users - harmed, spared, hurt - hurtAgain)
    // Those met are others than those hurt just now.
    const [harmedLeft, sparedLeft] = [harmed - hurtAgain, spared - hurtNow]
    const metHarmed = hypergeometric(stream, users - hurt, harmedLeft, met)
    const metAgain = hypergeometric(stream, users - hurt - harmedLeft, sparedLeft, met - metHarmed)
    harmed = harmedLeft + hurt
    spared = sparedLeft + met - metHarmed - metAgain
  }
  return { exposed: harmed + spared, harmed }
}

interface Hit {
  readonly hurt: number
  /** Without those hurt. */
  readonly met: number
}

/**
 * Of the spared requests, those that fall on harmed users add nobody; the others fall on the rest, so exposed users are
 * the harmed and the new ones: exact, and never fewer.
 */
function hit(stream: Stream, users: number, excess: number, spared: number): Hit {
  const hurt = distinct(stream, excess, users)
  const elsewhere = users > hurt ? binomial(stream, spared, (users - hurt) / users) : 0
  return { hurt, met: distinct(stream, elsewhere, users - hurt) }
}

/**
 * Requests per slice of users between two edges. Requests from below an edge are uniform over all users below it:
 * those that miss the topmost slice are uniform over the slices below, and join the requests from there. The same
 * upside down for requests from above an edge. Exact, with one draw per edge.
 */
function sliced(
  stream: Stream,
  inOrder: readonly Meeting[],
  edges: readonly number[],
  kind: keyof Requests,
): readonly number[] {
  const users = edges.at(-1)!
  const slices = edges.slice(1).map(() => 0)
  let left = 0
  for (let place = inOrder.length; place >= 1; place--) {
    left += inOrder[place - 1]!.ofCanary[kind]
    const edge = edges[place]!
    const top = edge > 0 ? binomial(stream, left, (edge - edges[place - 1]!) / edge) : 0
    slices[place - 1]! += top
    left -= top
  }
  left = 0
  for (let place = 1; place <= inOrder.length; place++) {
    left += inOrder[place - 1]!.ofOthers[kind]
    const edge = edges[place]!
    const bottom = users > edge ? binomial(stream, left, (edges[place + 1]! - edge) / (users - edge)) : 0
    slices[place]! += bottom
    left -= bottom
  }
  return slices
}
