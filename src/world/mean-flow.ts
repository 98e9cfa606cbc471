// The part of the flow without chance: integrates how many answers of which kind each lane gives on average.
import type { BlastRadius } from './blast-radius.js'
import { ERROR, OK, REFUSED, TIMEOUT } from './codes.js'
import type { Lane } from './lanes.js'
import { gapOf, ROUNDING, type Standing } from './standing.js'

/**
 * While rates and behaviours stand still, a stretch of time is one multiplication per lane. When an error ratio ramps or
 * somebody sheds, it is cut where a formula bends (at full capacity, or where a lane stops being worse than the
 * yardstick), and each piece is integrated by Gauss-Legendre quadrature with three points: exact for polynomials of
 * degree five, that is, for a straight rate times four error ramps under way at once on one lane.
 */
export class MeanFlow {
  /** The integral over time of the share of requests that were exposed. */
  exposedShareMs = 0
  /** The greatest share serving canary pods ever got. */
  peakCanaryShare = 0

  private readonly lateCode: number

  constructor(
    private readonly standing: Standing,
    private readonly radius: BlastRadius,
  ) {
    this.lateCode = standing.lanes.answering.codes.indexOf(TIMEOUT)
    this.reset()
  }

  /** Back to the start. */
  reset(): void {
    this.exposedShareMs = 0
    this.peakCanaryShare = 0
    for (const lane of this.standing.lanes.all) {
      this.take(lane)
      lane.served = 0
    }
  }

  /** Forgets the means of a lane, which somebody has counted. */
  take(lane: Lane): void {
    // One by one: `fill` takes 20 ns on arrays this short, these stores 5.
    for (let code = 0; code < lane.answers.length; code++) lane.answers[code] = 0
    lane.slowAnswers = 0
  }

  /** Lets time go on to an instant that is not beyond the next change. */
  pass(untilMs: number): void {
    const { standing } = this
    const fromMs = standing.nowMs
    if (standing.isRough(untilMs)) this.passRough(fromMs, untilMs)
    else {
      standing.calmDown()
      const rateFrom = standing.rateAt(fromMs)
      const rateUntil = standing.rateAt(untilMs)
      const requests = ((rateFrom + rateUntil) * (untilMs - fromMs)) / 2000
      const exposed = this.gather(requests, untilMs - fromMs)
      if (exposed > 0) this.radius.mark(fromMs, untilMs, rateFrom, rateUntil)
    }
    this.peakCanaryShare = Math.max(this.peakCanaryShare, standing.releasedShare)
    standing.nowMs = untilMs
  }

  private passRough(fromMs: number, untilMs: number): void {
    const { standing } = this
    for (let startMs = fromMs; startMs < untilMs; ) {
      const bendMs = standing.bendAfter(startMs, untilMs)
      const endMs = bendMs > startMs ? bendMs : untilMs
      const halfMs = (endMs - startMs) / 2
      let exposed = 0
      for (let node = 0; node < NODES.length; node++) {
        const timeMs = startMs + halfMs * (1 + NODES[node]!)
        const weightMs = halfMs * WEIGHTS[node]!
        const rate = standing.rateAt(timeMs)
        standing.measure(timeMs, rate)
        exposed += this.gather((rate * weightMs) / 1000, weightMs)
      }
      if (exposed > 0) this.radius.mark(startMs, endMs, standing.rateAt(startMs), standing.rateAt(endMs))
      startMs = endMs
    }
  }

  /** Adds what becomes of a mean number of requests as things stand; returns how many of them are exposed. */
  private gather(requests: number, durationMs: number): number {
    let allExposed = 0
    for (const lane of this.standing.lanes.all) {
      if (lane.share === 0) continue
      const sent = requests * lane.share
      const served = sent * lane.servedShare
      this.answer(lane, sent, served)
      const gap = gapOf(lane)
      if (gap <= ROUNDING) continue
      const bad = sent - served * lane.goodShare
      this.radius.expose(lane.version, lane.strand, sent, bad, sent * gap)
      this.exposedShareMs += lane.share * durationMs
      allExposed += sent
    }
    return allExposed
  }

  private answer(lane: Lane, sent: number, served: number): void {
    const { answers, rule } = lane
    lane.served += served * rule.workedShare
    let answered = served
    if (rule.lateShare > 0) {
      answers[this.lateCode]! += served * rule.lateShare
      answered -= served * rule.lateShare
    }
    const errors = answered * lane.errorRatio
    answers[OK]! += answered - errors
    if (lane.codeParts === undefined) answers[ERROR]! += errors
    else for (let code = 0; code < answers.length; code++) answers[code]! += errors * lane.codeParts[code]!
    answers[REFUSED]! += sent - served
    lane.slowAnswers += (answered - errors) * rule.slowShare
  }
}

/** Gauss-Legendre on [-1, 1]: nodes are the zeros of the third Legendre polynomial. */
const NODES = [-0.7745966692414834, 0, 0.7745966692414834] as const
const WEIGHTS = [5 / 9, 8 / 9, 5 / 9] as const
