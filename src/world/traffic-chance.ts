// What makes traffic rise and fall by chance: bursts and noise.
import { exp, log1p } from '../kernel/elementary.js'
import { exponential } from '../kernel/exponential.js'
import { normal } from '../kernel/normal.js'
import type { Stream } from '../kernel/random.js'
import type { Bursts, Noise } from '../scenario/traffic.js'
import { Polyline, type PolylinePoint } from './polyline.js'

/** A Markov chain of two states, calm and burst, that has been going on for ever when the scenario starts. */
export function drawBursts({ factor, everyMs, forMs }: Bursts, untilMs: number, stream: Stream): Polyline {
  let bursts = stream.uniform() < forMs / everyMs
  const points: PolylinePoint[] = [{ atMs: 0, value: bursts ? factor : 1 }]
  for (let atMs = 0; ; ) {
    atMs += exponential(stream, bursts ? forMs : everyMs - forMs)
    if (atMs >= untilMs) return Polyline.through(points)
    points.push({ atMs, value: bursts ? factor : 1 })
    bursts = !bursts
    points.push({ atMs, value: bursts ? factor : 1 })
  }
}

export function meanOfBursts({ factor, everyMs, forMs }: Bursts): number {
  return 1 + (factor - 1) * (forMs / everyMs)
}

/** Knots of noise in the time within which it finds back. */
export const NOISE_KNOTS = 5

/**
 * The exponential of an Ornstein-Uhlenbeck process, which is seen at knots: two knots that are `every` apart have a
 * correlation of 1/e (of their logarithms), and each has mean 1 and the deviation asked for. Between knots the line is
 * straight, and by up to a twentieth less deviant.
 */
export function drawNoise({ deviationRatio, everyMs }: Noise, untilMs: number, stream: Stream): Polyline {
  const variance = log1p(deviationRatio * deviationRatio)
  const sigma = Math.sqrt(variance)
  const keeps = exp(-1 / NOISE_KNOTS)
  const fresh = Math.sqrt(1 - keeps * keeps)
  const points: PolylinePoint[] = []
  let strays = normal(stream)
  for (let knot = 0; ; knot++) {
    const atMs = (knot * everyMs) / NOISE_KNOTS
    points.push({ atMs, value: exp(sigma * strays - variance / 2) })
    if (atMs >= untilMs) return Polyline.through(points)
    strays = keeps * strays + fresh * normal(stream)
  }
}
