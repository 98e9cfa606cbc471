// Closed forms of queueing theory, each on its own and none with code under test. Times and rates in one unit.

/** Erlang's C: of Poisson arrivals, how many must wait for one of c exponential servers. L. Kleinrock, Queueing Systems I (1975), 3.40. */
export function erlangC(servers: number, offered: number): number {
  let loss = 1
  for (let line = 1; line <= servers; line++) loss = (offered * loss) / (line + offered * loss)
  return loss / (1 - (offered / servers) * (1 - loss))
}

/** M/M/c: how many wait longer than this (first come first served). D. Gross and C. Harris, Fundamentals of Queueing Theory, 2.3. */
export function longerWaitMMc(servers: number, rate: number, mean: number, time: number): number {
  return erlangC(servers, rate * mean) * Math.exp(-(servers / mean - rate) * time)
}

export function meanWaitMMc(servers: number, rate: number, mean: number): number {
  return erlangC(servers, rate * mean) / (servers / mean - rate)
}

/** M/M/c/K from its balance equations, at any load: what is lost, and the mean wait of the others. */
export function finiteMMc(servers: number, queue: number, rate: number, mean: number) {
  const odds = [1]
  for (let state = 1; state <= servers + queue; state++) {
    odds.push((odds[state - 1]! * rate * mean) / Math.min(state, servers))
  }
  const sum = odds.reduce((total, each) => total + each, 0)
  const queued = odds.reduce((total, each, state) => total + each * Math.max(0, state - servers), 0) / sum
  const lost = odds.at(-1)! / sum
  return { lost, meanWait: queued / (rate * (1 - lost)) }
}

/** M/M/c where nobody waits longer than `patience` (then leaves): what is lost. The density of the wait that is offered is
 * a multiple of exp((rate - c / mean) v) below the patience; D. Y. Barrer, Queuing with impatient customers, Operations Research 5 (1957). */
export function impatientMMc(servers: number, rate: number, mean: number, patience: number): number {
  const offered = rate * mean
  let last = 1
  let free = 1
  for (let busy = 1; busy < servers; busy++) {
    last *= offered / busy
    free += last
  }
  const drift = rate - servers / mean
  const waiting = rate * last * (Math.abs(drift) < 1e-12 ? patience : Math.expm1(drift * patience) / drift)
  const beyond = ((rate * last * mean) / servers) * Math.exp(drift * patience)
  return beyond / (free + waiting + beyond)
}

/** M/G/1: the mean wait of Pollaczek and Khinchine. */
export function meanWaitMG1(rate: number, mean: number, secondMoment: number): number {
  return (rate * secondMoment) / (2 * (1 - rate * mean))
}

/** M/D/1: how many wait at most this. A. K. Erlang 1909; its terms alternate, so not for long waits. */
export function shorterWaitMD1(rate: number, service: number, time: number): number {
  let sum = 0
  for (let k = 0; k * service <= time; k++) {
    const x = rate * (k * service - time)
    let term = Math.exp(-x)
    for (let n = 1; n <= k; n++) term *= x / n
    sum += term
  }
  return (1 - rate * service) * sum
}

/** M/G/c: the mean wait, about. A. O. Allen, Probability, Statistics and Queueing Theory (1978), after J. Cunneen. */
export function meanWaitAllenCunneen(servers: number, rate: number, mean: number, secondMoment: number): number {
  const squaredVariation = secondMoment / mean ** 2 - 1
  return (meanWaitMMc(servers, rate, mean) * (1 + squaredVariation)) / 2
}

/** M/G/1/K: what is lost, from the chain of those left behind by departures. H. Takagi, Queueing Analysis 2 (1993), 1. */
export function lostMG1K(rate: number, quantile: (p: number) => number, mean: number, places: number): number {
  const steps = 8_000
  const arrivals = new Float64Array(places + 1)
  for (let step = 0; step < steps; step++) {
    const during = rate * quantile((step + 0.5) / steps)
    let term = Math.exp(-during)
    for (let n = 0; n <= places; n++) {
      arrivals[n]! += term / steps
      term *= during / (n + 1)
    }
  }
  const left = [1]
  for (let j = 0; j + 1 < places; j++) {
    let next = left[j]! - left[0]! * arrivals[j]!
    for (let k = 1; k <= j; k++) next -= left[k]! * arrivals[j - k + 1]!
    left.push(next / arrivals[0]!)
  }
  const empty = 1 / left.reduce((sum, each) => sum + each, 0)
  return 1 - 1 / (empty + rate * mean)
}
