// The time until an event that doesn't age: the exponential distribution.

import { log } from './elementary.js'
import type { Stream } from './random.js'

export function exponential(stream: Stream, mean: number): number {
  if (!(mean >= 0)) throw new RangeError(`an exponential time of mean ${mean}`)
  return mean * Math.abs(log(1 - stream.uniform()))
}
