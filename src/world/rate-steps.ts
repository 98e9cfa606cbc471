// Into which steps a rate is cut that moves, where what becomes of requests depends on it in no simple way.
import { exp, log } from '../kernel/elementary.js'

export interface RateStep {
  /** For which the rate is taken. */
  readonly rate: number
  /** The rate at which the next step begins; undefined if none does. */
  readonly endRate: number | undefined
}

/**
 * A rate that grows or falls goes from step to step, each of them 2 % wide and taken for its middle, below 0.01/s for
 * nothing. One that stands still is rounded to three digits: it is what people write, and what is drawn by chance is
 * often met again.
 */
export function rateStep(rate: number, slope: number): RateStep {
  if (slope === 0) return { rate: rounded(rate), endRate: undefined }
  const place = log(rate / LEAST) / WIDTH
  // On the edge it is in the step that it goes into.
  const step = slope > 0 ? Math.floor(place + EDGE) : Math.ceil(place - EDGE) - 1
  if (!(step >= 0)) return { rate: 0, endRate: slope > 0 ? LEAST : undefined }
  return { rate: edge(step + 0.5), endRate: edge(slope > 0 ? step + 1 : step) }
}

function edge(step: number): number {
  return LEAST * exp(step * WIDTH)
}

function rounded(rate: number): number {
  return Number(rate.toPrecision(3))
}

const LEAST = 0.01
const WIDTH = log(1.02)
/** As a part of a step: nearer than an instant tells a rate from the edge. */
const EDGE = 1e-3
