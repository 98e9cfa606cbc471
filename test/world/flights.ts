// What the tests of the flow share: a service to fly, faults to fly it with, and how near to a formula is near enough.
import { expect } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { Behaviour, type BehaviourBase } from '../../src/world/behaviour.js'
import type { AnswerEffect, Fault } from '../../src/world/fault.js'
import { Flow, type FlowPlan } from '../../src/world/flow.js'
import { alike } from '../../src/world/lanes.js'
import { Latency } from '../../src/world/latency/latency.js'
import { Traffic } from '../../src/world/traffic.js'
import { audienceOf } from './people.js'

export const second = 1000
export const minute = 60 * second
export const forever = Number.POSITIVE_INFINITY

export const healthy: BehaviourBase = {
  errorRatio: 0.002,
  latency: Latency.fromPercentiles(80, 400),
  capacityPerPod: forever,
}

export type Changes = Partial<FlowPlan> & { readonly behaviours?: readonly Behaviour[] }

/** Thirty minutes of 100 requests a second by a thousand users, five stable pods, nothing wrong. */
export function planOf({ behaviours = canaryWith(), ...changes }: Changes = {}): FlowPlan {
  return {
    traffic: Traffic.constant(100),
    answering: alike(behaviours),
    stablePods: 5,
    audience: audienceOf(1000),
    objective: { ratio: 0.999, windowMs: 30 * 24 * 60 * minute },
    horizonMs: 30 * minute,
    ...changes,
  }
}

export function faultOf(effect: AnswerEffect, times: Partial<Fault> = {}): Fault<AnswerEffect> {
  return { versions: [1], onsetMs: 0, endMs: forever, rampMs: 0, ...times, effect }
}

export function errors(ratio: number, times: Partial<Fault> = {}): Fault<AnswerEffect> {
  return faultOf({ kind: 'errors', ratio, status: 500 }, times)
}

/** Stable as it is, and a canary with these faults. */
export function canaryWith(...faults: readonly Fault<AnswerEffect>[]): readonly Behaviour[] {
  return [new Behaviour(healthy, []), new Behaviour(healthy, faults)]
}

/** Flies one plan under many seeds and collects what each flight gives. */
export function overSeeds<Result>(count: number, plan: FlowPlan, fly: (flow: Flow) => Result): Result[] {
  const flow = new Flow(plan, new Tape(0))
  return Array.from({ length: count }, (_, seed) => {
    flow.reset(new Tape(seed))
    return fly(flow)
  })
}

/** Within four standard errors, by the spread of the draws themselves. */
export function expectMean(label: string, draws: readonly number[], expected: number): void {
  const n = draws.length
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / n
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (n - 1)
  const off = Math.abs(mean - expected) / Math.sqrt(variance / n)
  expect(off, `${label}: mean ${mean} of seeds 0 to ${n - 1}, expected ${expected}`).toBeLessThan(4)
}

/** The correlation of two series of independent draws is normal around 0. */
export function expectUncorrelated(label: string, one: readonly number[], other: readonly number[]): void {
  const n = one.length
  const mean = (draws: readonly number[]) => draws.reduce((sum, draw) => sum + draw, 0) / n
  const [meanOne, meanOther] = [mean(one), mean(other)]
  let product = 0
  let squaresOne = 0
  let squaresOther = 0
  for (let i = 0; i < n; i++) {
    product += (one[i]! - meanOne) * (other[i]! - meanOther)
    squaresOne += (one[i]! - meanOne) ** 2
    squaresOther += (other[i]! - meanOther) ** 2
  }
  const correlation = product / Math.sqrt(squaresOne * squaresOther)
  expect(Math.abs(correlation) * Math.sqrt(n), `${label}: correlation ${correlation}`).toBeLessThan(4)
}

/** Simpson's rule, for formulas that are smooth between the given instants. */
export function quadrature(formula: (timeMs: number) => number, instants: readonly number[], steps = 2000): number {
  let sum = 0
  for (let piece = 0; piece + 1 < instants.length; piece++) {
    const from = instants[piece]!
    const width = (instants[piece + 1]! - from) / steps
    // Not on the edges themselves: there a step belongs to one side only.
    const inset = width * 1e-9
    for (let step = 0; step < steps; step++) {
      const start = from + step * width
      sum += (width / 6) * (formula(start + inset) + 4 * formula(start + width / 2) + formula(start + width - inset))
    }
  }
  return sum
}
