// How many marked ones are among those picked without putting any back: the hypergeometric distribution.

import { binomialLogProbability } from './binomial.js'
import { exp, log } from './elementary.js'
import type { Stream } from './random.js'

/** Of `total` so many are marked and so many are picked. Below a mean of 10 one uniform; from there on a rejection. */
export function hypergeometric(stream: Stream, total: number, marked: number, picked: number): number {
  const isCount = (part: number) => Number.isInteger(part) && part >= 0 && part <= total
  if (!(isCount(marked) && isCount(picked) && Number.isSafeInteger(total))) {
    throw new RangeError(`${picked} picked of ${total}, of which ${marked} are marked`)
  }
  // What isn't marked and what isn't picked obey the same law: the rarer side of each leaves least to search.
  const few = Math.min(marked, total - marked)
  const picks = Math.min(picked, total - picked)
  const both = few === 0 || picks === 0 ? 0 : ofRare(stream, total, few, picks)
  const amongPicked = picks === picked ? both : few - both
  return few === marked ? amongPicked : picked - amongPicked
}

function ofRare(stream: Stream, total: number, marked: number, picked: number): number {
  return (marked / total) * picked < 10
    ? byInversion(stream, total, marked, picked)
    : byRejection(stream, total, marked, picked)
}

function byInversion(stream: Stream, total: number, marked: number, picked: number): number {
  const most = Math.min(marked, picked)
  const others = total - marked - picked
  let rest = stream.uniform()
  let probability = exp(logProbability(0, total, marked, picked))
  let k = 0
  // What is left of the sum's rounding errors must not send the count far into the tail.
  while (rest >= probability && probability > 1e-17 && k < most) {
    rest -= probability
    probability *= ((marked - k) / (k + 1)) * ((picked - k) / (others + k + 1))
    k++
  }
  return k
}

// HRUA: E. Stadlober, The ratio of uniforms approach for generating discrete random variates, Journal of Computational
// and Applied Mathematics 31 (1990).
function byRejection(stream: Stream, total: number, marked: number, picked: number): number {
  const share = marked / total
  const centre = picked * share + 0.5
  const variance = picked * share * (1 - share) * ((total - picked) / (total - 1))
  const width = HAT_SLOPE * Math.sqrt(variance + 0.5) + HAT_OFFSET
  const end = Math.min(marked, picked) + 1
  const mode = Math.floor((picked + 1) * ((marked + 1) / (total + 2)))
  const peak = logProbability(mode, total, marked, picked)
  for (;;) {
    const u = 1 - stream.uniform()
    const place = centre + (width * (stream.uniform() - 0.5)) / u
    if (!(place >= 0 && place < end)) continue
    const k = Math.floor(place)
    if (2 * log(u) <= logProbability(k, total, marked, picked) - peak) return k
  }
}

/** By binomials, whose logarithms keep their digits however large the counts are. */
function logProbability(k: number, total: number, marked: number, picked: number): number {
  const p = picked / total
  return (
    binomialLogProbability(k, marked, p) +
    binomialLogProbability(picked - k, total - marked, p) -
    binomialLogProbability(picked, total, p)
  )
}

/** 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e). */
const HAT_SLOPE = 1.7155277699214135
const HAT_OFFSET = 0.8989161620588988
