// The latency classes of answers that came under more than one latency law between two looks.
import { GUIDES, type LatencyClasses, tailsOf } from './latency/latency-classes.js'

/** Accumulates means per class and their first two moments; the mixture's classes follow exactly. */
export class Blend {
  /** Mean number of answers held. */
  total = 0
  private readonly classes: LatencyClasses
  private readonly mass: Float64Array
  private readonly firstMoments: Float64Array
  private readonly secondMoments: Float64Array

  constructor(classCount: number) {
    this.mass = new Float64Array(classCount)
    this.firstMoments = new Float64Array(classCount)
    this.secondMoments = new Float64Array(classCount)
    this.classes = {
      shares: new Float64Array(classCount),
      meansMs: new Float64Array(classCount),
      variances: new Float64Array(classCount),
      order: new Int32Array(classCount),
      tails: new Float64Array(classCount),
      // Every search begins at the start: a mixture is used too briefly for more.
      guide: new Uint8Array(GUIDES + 1),
    }
  }

  add(answers: number, law: LatencyClasses): void {
    this.total += answers
    for (let index = 0; index < this.mass.length; index++) {
      const mass = answers * law.shares[index]!
      const meanMs = law.meansMs[index]!
      this.mass[index]! += mass
      this.firstMoments[index]! += mass * meanMs
      this.secondMoments[index]! += mass * (meanMs * meanMs + law.variances[index]!)
    }
    // The order is for speed only, and the latest law's is near enough.
    this.classes.order.set(law.order)
  }

  /** The classes of the mixture held now; the record is reused by the next call. */
  mixture(): LatencyClasses {
    const { shares, meansMs, variances, order, tails } = this.classes
    for (let index = 0; index < this.mass.length; index++) {
      const mass = this.mass[index]!
      const meanMs = mass > 0 ? this.firstMoments[index]! / mass : 0
      shares[index] = mass / this.total
      meansMs[index] = meanMs
      variances[index] = mass > 0 ? Math.max(0, this.secondMoments[index]! / mass - meanMs * meanMs) : 0
    }
    tailsOf(shares, order, tails)
    return this.classes
  }

  clear(): void {
    this.total = 0
    this.mass.fill(0)
    this.firstMoments.fill(0)
    this.secondMoments.fill(0)
  }
}
