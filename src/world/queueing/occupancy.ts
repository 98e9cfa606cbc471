// How many requests are at a pod: the stationary M/G/c/K queue, approximated.
import { exp } from '../../kernel/elementary.js'
import { normalCdf } from '../../kernel/normal.js'
import type { Atoms } from './atoms.js'
import { irregularityOf } from './departures.js'
import { During, NEGLIGIBLE } from './during.js'

export interface QueuePlan {
  /** From one departure to the next while all servers are busy. */
  readonly step: Atoms
  /** From when the last free server gets busy to the next departure. */
  readonly first: Atoms
  readonly meanMs: number
  /** Of the service: variance over squared mean. */
  readonly squaredVariation: number
  readonly servers: number
  readonly queue: number
  /** Nobody is served who has waited longer; infinity if all are. */
  readonly patienceMs: number
}

/** In the long run; an arrival finds the same (Poisson arrivals see time averages). */
export interface Occupancy {
  /** Of all: how many find the queue full, or lose their patience in it; and how many of these find it full. */
  readonly lostShare: number
  readonly fullShare: number
  /** Of those who are served: how many find a free server. */
  readonly freeShare: number
  /** Of those who are served: how many find all servers busy and so many waiting. */
  readonly waiting: Float64Array
  /** How long each of these waits, and the variance of that. */
  readonly waitsMs: Float64Array
  readonly waitVariances: Float64Array
  /** Of those who are served. */
  readonly meanWaitMs: number
}

/**
 * H. C. Tijms, M. H. van Hoorn and A. Federgruen, Approximations for the steady-state probabilities in the M/G/c queue,
 * Advances in Applied Probability 13 (1981), with the finite queue of H. C. Tijms, A First Course in Stochastic Models
 * (2003), 9.8: while all servers are busy they work like one that is c times as fast, and whoever becomes busy last finds
 * the services of the others in equilibrium. Exact for M/G/1/K, M/M/c/K and M/G/c/c, at any load.
 *
 * Up to the last place the odds of the states are those of an endless queue (a recursion of positive terms only); what
 * is lost follows from what is served keeping the servers busy. With patience it is the same: of each place those count
 * who are served from it (for M/M/c with patience that is exact, too).
 */
export function occupancy(plan: QueuePlan, ratePerMs: number): Occupancy {
  const { servers, queue, meanMs, patienceMs } = plan
  const offered = ratePerMs * meanMs
  // Beyond this load only the last places are ever taken, and their odds do not change to speak of.
  const load = Math.min(offered, MOST_LOAD * servers)
  const below = belowBusy(load, servers)
  const busy = {
    odds: new Float64Array(queue),
    waitsMs: new Float64Array(queue),
    waitVariances: new Float64Array(queue),
  }
  const scale = queue > 0 ? oddsOfWaiting(plan, load / meanMs, below, busy) : 1
  const states = { below, scale, busy, servers, offered }
  const endless = balance(states)
  if (endless.meanWaitMs > 0) {
    // By Little's law, which knows the mean wait better.
    const queued = endless.meanPlace + queue * endless.lostShare
    stretch(busy, queued / (ratePerMs * (1 - endless.lostShare) * endless.meanWaitMs))
  }
  if (patienceMs < Number.POSITIVE_INFINITY) losePatience(busy, patienceMs)
  const { lostShare, odds, meanWaitMs } = balance(states)
  const waiting = busy.odds.map((each) => each / odds)
  const { waitsMs, waitVariances } = busy
  const freeShare = (below.sum * scale) / odds
  return {
    fullShare: Math.min(endless.lostShare, lostShare),
    lostShare,
    freeShare,
    waiting,
    waitsMs,
    waitVariances,
    meanWaitMs,
  }
}

interface States {
  readonly below: Below
  /** By what the odds of those are to be multiplied. */
  readonly scale: number
  readonly busy: Busy
  readonly servers: number
  readonly offered: number
}

/** What is served keeps the servers busy: from that follows what is lost. Means are of those who are served. */
function balance({ below, scale, busy, servers, offered }: States) {
  const idle = below.idle * scale
  let odds = below.sum * scale
  let places = 0
  let waited = 0
  for (const [place, each] of busy.odds.entries()) {
    odds += each
    places += place * each
    waited += busy.waitsMs[place]! * each
  }
  const all = offered * odds + idle
  const difference = ((offered - servers) * odds + idle) / all
  const lostShare = difference < ROUNDING ? 0 : difference
  return { odds, lostShare, meanPlace: (servers * places) / all, meanWaitMs: waited / odds }
}

function stretch({ waitsMs, waitVariances }: Busy, by: number): void {
  for (let place = 0; place < waitsMs.length; place++) {
    waitsMs[place]! *= by
    waitVariances[place]! *= by * by
  }
}

interface Below {
  /** Odds of all states with a free server, of the one with a single free server, and of idle servers (weighted). */
  readonly sum: number
  readonly last: number
  readonly idle: number
}

/** As in M/M/c: a^j / j!, kept within what a number can hold. */
function belowBusy(offered: number, servers: number): Below {
  let last = 1
  let sum = 1
  let idle = servers
  for (let busy = 1; busy < servers; busy++) {
    last *= offered / busy
    sum += last
    idle += (servers - busy) * last
    if (sum < HUGE) continue
    last /= HUGE
    sum /= HUGE
    idle /= HUGE
  }
  return { sum, last, idle }
}

interface Busy {
  readonly odds: Float64Array
  readonly waitsMs: Float64Array
  readonly waitVariances: Float64Array
}

/**
 * Fills in what is said of states with all servers busy; returns by what the odds of the others are to be multiplied.
 * Such a state began with a departure that left some waiting, or when the last server got busy; since then others have
 * come, and from their number follows how much of the time to the next departure has passed.
 */
function oddsOfWaiting(plan: QueuePlan, ratePerMs: number, { last, sum }: Below, busy: Busy): number {
  const { odds, waitsMs, waitVariances } = busy
  const { servers, squaredVariation } = plan
  const stepMs = plan.meanMs / servers
  const terms = Math.min(odds.length, MOST_TERMS)
  const step = new During(plan.step, ratePerMs, terms)
  const first = plan.first === plan.step ? step : new During(plan.first, ratePerMs, terms)
  const reach = lastAbove(step.more, NEGLIGIBLE)
  let scale = 1
  let residualMs = 0
  let variance = 0
  let ratio = 0
  for (let place = 0; place < odds.length; place++) {
    if (place < terms) {
      const begun = last * scale
      const from = Math.max(0, place - reach)
      odds[place] = (first.more[place]! * begun + convolved(step.more, odds, place, from, place)) / step.none
      if (odds[place] === 0) break
      const left = first.left[place]! * begun + convolved(step.left, odds, place, from, place + 1)
      const square = first.leftSquare[place]! * begun + convolved(step.leftSquare, odds, place, from, place + 1)
      residualMs = left / odds[place]!
      variance = Math.max(0, square / odds[place]! - residualMs * residualMs)
    } else odds[place] = odds[place - 1]! * ratio
    // Of the number of departures: variance over that of a Poisson stream.
    const dispersion = squaredVariation + (1 - squaredVariation) * irregularityOf(place, servers, squaredVariation)
    waitsMs[place] = residualMs + place * stepMs
    waitVariances[place] = variance + stepMs * stepMs * place * dispersion
    if (place > 0) ratio = odds[place]! / odds[place - 1]!
    if (odds[place]! <= NEGLIGIBLE * NEGLIGIBLE * sum * scale) break
    if (odds[place]! < HUGE) continue
    for (let each = 0; each <= place; each++) odds[each]! /= HUGE
    scale /= HUGE
  }
  return scale
}

/** Leaves of each place those whose wait, taken as normal, is short enough: a normal law cut off above. */
function losePatience({ odds, waitsMs, waitVariances }: Busy, patienceMs: number): void {
  for (let place = 0; place < odds.length; place++) {
    const deviation = Math.sqrt(waitVariances[place]!)
    const limit = (patienceMs - waitsMs[place]!) / Math.max(deviation, 1e-9 * patienceMs)
    if (limit > 8) continue
    const share = normalCdf(limit)
    odds[place]! *= share
    if (!(odds[place]! > 0)) continue
    const pull = exp(-0.5 * limit * limit) / (Math.sqrt(2 * Math.PI) * share)
    waitsMs[place]! -= deviation * pull
    waitVariances[place]! *= Math.max(0, 1 - limit * pull - pull * pull)
  }
}

/** The sum of terms[place - each] odds[each] for places from one to before another. */
function convolved(terms: Float64Array, odds: Float64Array, place: number, from: number, until: number): number {
  let sum = 0
  for (let each = from; each < until; each++) sum += terms[place - each]! * odds[each]!
  return sum
}

function lastAbove(values: Float64Array, least: number): number {
  let last = values.length - 1
  while (last > 0 && values[last]! < least) last--
  return last
}

/** Places whose odds are worked out one by one; from there on they go on by the same ratio. */
const MOST_TERMS = 400
const MOST_LOAD = 20
const HUGE = 1e150
/** Of a share that is the difference of two. */
const ROUNDING = 1e-10
