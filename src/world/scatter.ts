// Distributes drawn answers over latency classes: an exact multinomial that is quick for few answers and for many.
import { binomial } from '../kernel/binomial.js'
import type { Stream } from '../kernel/random.js'
import { GUIDES, type LatencyClasses } from './latency/latency-classes.js'

/**
 * Writes into `hits`, place by place in the law's order, how many of `total` answers fall into the class there, and
 * returns how many places it has written; the classes after these have none. Going from the likeliest class to the
 * rarest, the answers left soon run out, and the classes nobody ever hits cost nothing.
 */
export function scatter(stream: Stream, total: number, law: LatencyClasses, hits: Float64Array): number {
  const { shares, order, tails } = law
  const last = order.length - 1
  let left = total
  let place = 0
  for (; left > FEW; place++) {
    const hit = place < last ? binomial(stream, left, shares[order[place]!]! / tails[place]!) : left
    hits[place] = hit
    left -= hit
  }
  if (left === 0) return place
  scatterFew(stream, left, law, place, hits)
  return order.length
}

/** Up to this many answers are placed one by one, at 6 ns each; a binomial draw, one a class, takes 80 to 150 ns. */
const FEW = 48

/** The same for answers known to fall into the classes from a place on. */
function scatterFew(stream: Stream, total: number, law: LatencyClasses, from: number, hits: Float64Array): void {
  const { tails, guide } = law
  const last = tails.length - 1
  const mass = tails[from]!
  for (let place = from; place <= last; place++) hits[place] = 0
  for (let answer = 0; answer < total; answer++) {
    const point = (1 - stream.uniform32()) * mass
    let place = guide[(point * GUIDES) | 0]!
    while (place < last && point <= tails[place + 1]!) place++
    hits[place] = hits[place]! + 1
  }
}
