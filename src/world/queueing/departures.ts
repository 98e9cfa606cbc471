// When the next of several busy servers is done.
import { exp, log } from '../../kernel/elementary.js'
import { Latency } from '../latency/latency.js'
import { type Atoms, atomsFrom, atomsOf, meanOf, mixed, scaled, TAILS } from './atoms.js'

/**
 * How much like a Poisson stream's departures are, as many of them as wait: 1 at first, 0 in the end. Over a short time
 * those of many servers are as irregular as such a stream, over a long one as regular as the services themselves (D. R.
 * Cox and W. L. Smith, On the superposition of renewal processes, Biometrika 41 (1954)). Short is what the mean time left
 * of a service is long against, E[S²] / 2 E[S]; this form of it was chosen among five against simulations.
 */
export function irregularityOf(waiting: number, servers: number, squaredVariation: number): number {
  return exp((-2 * waiting) / (servers * (1 + squaredVariation))) * (1 - 1 / servers)
}

/**
 * From one departure to the next while all servers are busy: a service that is so many times as fast, and more like an
 * exponential time the shorter the queue.
 */
export function nextDeparture(service: Atoms, servers: number, queue: number, squaredVariation: number): Atoms {
  if (servers === 1) return service
  const exponential = atomsOf(Latency.of({ meanMs: meanOf(service) / servers }))
  return mixed(scaled(service, 1 / servers), exponential, irregularityOf(queue, servers, squaredVariation))
}

/**
 * From when the last free server gets busy to the next departure: the least of one whole service and of what is left of
 * `servers - 1` others. What is left of one is taken as in equilibrium, with density P(S > t) / E[S], and independent of
 * the others: of such the mean is E[S] / servers.
 */
export function firstDeparture(service: Atoms, servers: number): Atoms {
  if (servers === 1) return service
  const atoms: [ms: number, share: number][] = []
  let before = 1
  for (const tail of [...TAILS, 0]) {
    const share = before - tail
    for (const part of PARTS) atoms.push([exceededBy(service, servers, before - part * share), share / PARTS.length])
    before = tail
  }
  const first = atomsFrom(atoms)
  return scaled(first, meanOf(service) / servers / meanOf(first))
}

/** Where a share between two cuts is looked at: the middles of its quarters. */
const PARTS = [1 / 8, 3 / 8, 5 / 8, 7 / 8]

/** The time that a share of the first departures exceeds. */
function exceededBy(service: Atoms, servers: number, share: number): number {
  const mean = meanOf(service)
  const { ms, shares } = service
  let fromMs = 0
  // Of a service P(S > t), and of what is left of one: between two atoms that falls evenly.
  let longer = 1
  let left = 1
  for (let index = 0; index < ms.length; index++) {
    const leftThere = exp(log(Math.min(1, share / longer)) / (servers - 1))
    const next = left - (longer * (ms[index]! - fromMs)) / mean
    if (leftThere >= left) return fromMs
    if (leftThere >= next) return fromMs + ((left - leftThere) * mean) / longer
    left = next
    longer -= shares[index]!
    fromMs = ms[index]!
    if (!(longer > 0)) break
  }
  return fromMs
}
