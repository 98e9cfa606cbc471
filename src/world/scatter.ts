// Distributes drawn answers over latency classes: an exact multinomial that is quick for few answers and for many.
import { binomial } from '../kernel/binomial.js'
import type { Stream } from '../kernel/random.js'
import { GUIDES, type LatencyClasses } from './latency.js'

/**
 * Writes into `hits` how many of `total` answers fall into each class, for the likeliest classes only: those before the
 * returned place in the law's order. The others have none. Going from the likeliest class to the rarest, the answers
 * left soon run out, and the classes nobody ever hits cost nothing.
 */
export function scatter(stream: Stream, total: number, law: LatencyClasses, hits: Float64Array): number {
  const { shares, order, tails } = law
  const last = order.length - 1
  let left = total
  let place = 0
  for (; left > FEW; place++) {
    const index = order[place]!
    const hit = place < last ? binomial(stream, left, shares[index]! / tails[place]!) : left
    hits[index] = hit
    left -= hit
  }
  return left > 0 ? scatterFew(stream, left, law, place, hits) : place
}

/** Up to this many answers are placed one by one: a search costs a tenth of a binomial draw, and that is one a class. */
const FEW = 32

/** The same for answers known to fall into the classes from a place on. */
function scatterFew(stream: Stream, total: number, law: LatencyClasses, from: number, hits: Float64Array): number {
  const { order, tails, guide } = law
  const last = order.length - 1
  let end = from
  for (let answer = 0; answer < total; answer++) {
    const point = (1 - stream.uniform32()) * tails[from]!
    let place = Math.max(from, guide[(point * GUIDES) | 0]!)
    while (place < last && point <= tails[place + 1]!) place++
    for (; end <= place; end++) hits[order[end]!] = 0
    hits[order[place]!]! += 1
  }
  return end
}
