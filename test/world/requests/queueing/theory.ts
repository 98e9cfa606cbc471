// What queueing theory says, in units of the mean service time. None of this uses the code under test. Formulas as in
// D. Gross et al., Fundamentals of Queueing Theory, 4th edition (2008), chapters 2, 3 and 5.

/** The law of the time that an arrival waits. */
export interface Waiting {
  readonly mean: number
  readonly probability: number
  /** P(wait > t). */
  readonly tail: (t: number) => number
}

/** Erlang C. */
export function waitingInMMc(servers: number, utilisation: number): Waiting {
  const load = servers * utilisation
  const blocked = blockingInMMcK(servers, 0, load)
  const probability = blocked / (1 - utilisation * (1 - blocked))
  const rate = servers - load
  return { mean: probability / rate, probability, tail: (t) => probability * Math.exp(-rate * t) }
}

/** How likely an arrival meets a full house: servers and places in the queue, offered load in Erlangs. */
export function blockingInMMcK(servers: number, queue: number, load: number): number {
  let weight = 1
  let total = 1
  for (let inside = 1; inside <= servers + queue; inside++) {
    weight *= load / Math.min(inside, servers)
    total += weight
  }
  return weight / total
}

/** Pollaczek and Khinchine, and Erlang's series for the law. */
export function waitingInMD1(utilisation: number): Waiting {
  const tail = (t: number) => {
    let below = 0
    for (let k = 0, factorial = 1; k <= t; k++, factorial *= k) {
      const x = utilisation * (k - t)
      below += (x ** k / factorial) * Math.exp(-x)
    }
    return 1 - (1 - utilisation) * below
  }
  return { mean: utilisation / (2 * (1 - utilisation)), probability: utilisation, tail }
}

/**
 * Services that are exponential with one of two rates: the transform of the wait,
 * (1 - ρ)(μ₁ + s)(μ₂ + s) / ((μ₁ + s)(μ₂ + s) - λ(p(μ₂ + s) + q(μ₁ + s))), has two poles.
 */
export function waitingInMH21(utilisation: number, p: number, rates: readonly [number, number]): Waiting {
  const [one, other] = rates
  const lambda = utilisation
  const half = (one + other - lambda) / 2
  const product = one * other - lambda * (p * other + (1 - p) * one)
  const root = Math.sqrt(half * half - product)
  const poles = [half - root, half + root] as const
  const weights = poles.map((pole, index) => {
    const gap = poles[1 - index]! - pole
    return ((1 - utilisation) * (one - pole) * (other - pole)) / gap / pole
  })
  const tail = (t: number) => weights[0]! * Math.exp(-poles[0] * t) + weights[1]! * Math.exp(-poles[1] * t)
  const secondMoment = (2 * p) / one ** 2 + (2 * (1 - p)) / other ** 2
  return { mean: (lambda * secondMoment) / (2 * (1 - utilisation)), probability: utilisation, tail }
}
