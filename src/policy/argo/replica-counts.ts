// How many pods the canary and the stable ReplicaSet of a canary should have: the arithmetic of Argo Rollouts 1.10.

/** What the arithmetic needs to know of one ReplicaSet, as the controller saw it when its pass began. */
export interface Sized {
  readonly spec: number
  readonly available: number
}

/** What it needs to know too to tell whether the ReplicaSet has what was asked for. */
export interface Made extends Sized {
  /** Pods there are, available or not. */
  readonly replicas: number
}

/** A pair of ReplicaSet sizes. */
export interface Counts {
  readonly canary: number
  readonly stable: number
}

/** `25%`, `"25"` or `2`: an integer is a number of pods, every string is a percentage, with or without its sign. */
export type Bound = number | string

const defaultPercent = 25

/**
 * maxSurge and maxUnavailable in pods. Surge rounds up, unavailable down; when both come to nothing, one pod may be
 * unavailable. A word that is no percentage makes both zero, and the update never creates a pod (upstream behaviour).
 */
export function resolveBounds(
  replicas: number,
  maxSurge?: Bound | undefined,
  maxUnavailable?: Bound | undefined,
): { surge: number; unavailable: number } {
  const surge = resolveBound(maxSurge, replicas, Math.ceil)
  const unavailable = resolveBound(maxUnavailable, replicas, Math.floor)
  if (surge === undefined || unavailable === undefined) return { surge: 0, unavailable: 0 }
  if (replicas === 0) return { surge, unavailable: 0 }
  if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 }
  return { surge, unavailable: Math.min(unavailable, replicas) }
}

/** The controller drops every percent sign, wherever it stands, and reads what is left as Go reads an integer. */
function resolveBound(bound: Bound | undefined, replicas: number, round: (x: number) => number): number | undefined {
  if (bound === undefined) return round((defaultPercent * replicas) / 100)
  if (typeof bound === 'number') return bound
  const digits = bound.replaceAll('%', '')
  return /^[+-]?\d+$/.test(digits) ? round((Number.parseInt(digits, 10) * replicas) / 100) : undefined
}

/**
 * The sizes that come nearest to a weight when pods alone split the traffic. With surge there may be one pod more than
 * `replicas`, and above one replica both sides keep at least one pod for every weight between the ends.
 *
 * Upstream bug kept on purpose: without surge no candidate is left when replicas·weight ends in .5 and rounds up to all
 * replicas, e.g. (2 replicas, 75 %) or (5, 90 %), and the canary is emptied (argo-rollouts 1.10.1, observed).
 */
export function nearestCounts(replicas: number, weight: number, maxWeight: number, surge: number): Counts {
  if (replicas === 0) return { canary: 0, stable: 0 }
  const up = Math.ceil((replicas * weight) / maxWeight)
  const down = Math.floor((replicas * weight) / maxWeight)
  const zeroAllowed = weight === maxWeight || weight === 0 || (replicas === 1 && surge === 0)
  const downAllowed = down !== 0 || zeroAllowed

  let canary = 0
  let total = replicas
  let least = Number.POSITIVE_INFINITY
  const consider = (candidate: number, candidateTotal: number) => {
    const distance = Math.abs((candidate * maxWeight) / candidateTotal - weight)
    if (distance >= least) return
    canary = candidate
    total = candidateTotal
    least = distance
  }
  if (up < replicas || zeroAllowed) consider(up, replicas)
  if (downAllowed && !isTied(replicas, weight, maxWeight)) consider(down, replicas)
  if (surge > 0) {
    consider(up, replicas + 1)
    if (downAllowed && !isTied(replicas + 1, weight, maxWeight)) consider(down, replicas + 1)
  }
  return { canary, stable: total - canary }
}

/** Whether rounding up and down are equally far; the division comes first, as float64 makes the answer depend on it. */
function isTied(total: number, weight: number, maxWeight: number): boolean {
  return (total * (weight / maxWeight)) % 1 === 0.5
}

export interface BasicCanary {
  readonly replicas: number
  readonly surge: number
  readonly unavailable: number
  readonly weight: number
  readonly maxWeight: number
  readonly canary: Sized | undefined
  /** Absent when there is none yet, or when it is the canary itself. */
  readonly stable: Sized | undefined
  /** Sum of the sizes of all other ReplicaSets. */
  readonly othersSpec: number
}

/** The next sizes on the way to the weight, within what surge and unavailability allow right now. */
export function basicCanaryCounts(at: BasicCanary): Counts {
  const target = at.stable
    ? nearestCounts(at.replicas, at.weight, at.maxWeight, at.surge)
    : { canary: at.replicas, stable: 0 }
  const ceiling = at.replicas + at.surge
  let canary = at.canary?.spec ?? 0
  let stable = at.stable?.spec ?? 0

  let room = ceiling - (canary + stable + at.othersSpec)
  if (at.stable && stable < target.stable && room > 0) {
    const raise = Math.min(room, target.stable - stable)
    stable += raise
    room -= raise
  }
  if (at.canary && canary < target.canary && room > 0) canary += Math.min(room, target.canary - canary)

  // Pods of other versions leave first; until then neither side is made smaller.
  if (at.othersSpec > 0) return { canary, stable }

  const floor = at.replicas - at.unavailable
  const increasing = !at.canary || target.canary >= at.canary.spec
  // The side that shrinks may count pods that aren't available: losing those costs nothing.
  const spare = countable(at.canary, !increasing) + countable(at.stable, increasing) - floor
  if (spare <= 0) return { canary, stable }

  if (!increasing) {
    const drained = drain(at.canary, target.canary, spare, canary)
    const fitted = fitUnderCeiling(at.canary, at.stable, drained, stable, ceiling, floor)
    return { canary: fitted.drained, stable: fitted.kept }
  }
  if (at.stable) {
    const drained = drain(at.stable, target.stable, spare, stable)
    const fitted = fitUnderCeiling(at.stable, at.canary, drained, canary, ceiling, floor)
    return { canary: fitted.kept, stable: fitted.drained }
  }
  return { canary, stable }
}

function countable(set: Sized | undefined, ignoreAvailability: boolean): number {
  if (!set) return 0
  return set.spec < set.available || ignoreAvailability ? set.spec : set.available
}

function drain(set: Sized | undefined, target: number, spare: number, size: number): number {
  return set && set.spec > target ? Math.max(target, set.spec - spare) : size
}

/** Brings a drained and a kept side back under the ceiling, without losing pods that are needed to stay available. */
function fitUnderCeiling(
  drainedSet: Sized | undefined,
  keptSet: Sized | undefined,
  drained: number,
  kept: number,
  ceiling: number,
  floor: number,
): { drained: number; kept: number } {
  if (!keptSet) return { drained, kept }
  const trimmed = kept - Math.max(0, kept + drained - ceiling)
  const available =
    Math.min(drainedSet?.available ?? 0, drainedSet ? drained : 0) + Math.min(keptSet.available, trimmed)
  const lost = Math.max(0, keptSet.available - trimmed)
  const missing = Math.max(0, floor - available)
  const restored = trimmed + Math.min(lost, missing)
  return { drained: drained - Math.max(0, restored + drained - ceiling), kept: restored }
}

export interface RoutedCanary {
  readonly replicas: number
  readonly weight: number
  readonly maxWeight: number
  /** Size of the canary, where a step names it, whatever the weight. */
  readonly canaryReplicas?: number | undefined
  /** Lower bound of a side that has pods at all, for availability; 0 for none. */
  readonly minPods?: number
  /** Whether that is no more than `replicas`. */
  readonly isMinCapped?: boolean
  /** Whether the size of stable follows the traffic (dynamicStableScale), and the weights that both sides really have. */
  readonly isDynamic?: boolean
  readonly actual?: Counts | undefined
  readonly isAborted?: boolean
}

/** With a router the canary follows the weight, rounded up; stable keeps its full size unless it follows too. */
export function routedCanaryCounts(at: RoutedCanary): Counts {
  const { replicas, weight, maxWeight, canaryReplicas, minPods = 0, isMinCapped = true, actual } = at
  const least = isMinCapped ? Math.min(minPods, replicas) : minPods
  const canary = canaryReplicas ?? enough(podsFor(weight, replicas, maxWeight), least)
  if (!at.isDynamic) return { canary, stable: replicas }
  const stable = podsFor(maxWeight - weight, replicas, maxWeight)
  if (!actual) return { canary: enough(canary, least), stable: enough(stable, least) }
  // A side isn't made smaller before its traffic is: stable on the way up, the canary on the way back.
  const kept = at.isAborted ? podsFor(actual.canary, replicas, maxWeight) : 0
  return {
    canary: enough(Math.max(canary, kept), least),
    stable: enough(Math.max(stable, podsFor(actual.stable, replicas, maxWeight)), least),
  }
}

function enough(pods: number, least: number): number {
  return pods === 0 ? 0 : Math.max(pods, least)
}

function podsFor(weight: number, replicas: number, maxWeight: number): number {
  return Math.ceil((weight * replicas) / maxWeight)
}

/**
 * The weight on the way back from an aborted canary whose stable follows the traffic: the last setWeight that asks for
 * fewer pods than the canary still needs, as long as stable can't take over.
 */
export function weightOfWayBack(
  weights: readonly number[],
  replicas: number,
  maxWeight: number,
  available: Counts,
): number {
  const needed = Math.max(replicas - available.stable, available.canary)
  return weights.findLast((weight) => podsFor(weight, replicas, maxWeight) < needed) ?? 0
}

/** A part of the pods that a step waits for, where not all of them are needed. */
export interface ProgressThreshold {
  readonly type: 'Percent' | 'Pods'
  readonly value: number
}

/** Whether a side has what a step asks for; without a threshold exactly that many pods, all of them available. */
export function isFilled(set: Sized, desired: number, threshold: ProgressThreshold | undefined): boolean {
  if (!threshold || threshold.value < 0) return set.spec === desired && set.available === desired
  if (threshold.type === 'Pods') return set.available >= threshold.value
  return desired === 0 || (set.available / desired) * 100 - threshold.value >= -tolerance
}

const tolerance = 1e-10

export interface AskedFor {
  readonly wanted: Counts
  readonly canary: Made | undefined
  readonly stable: Made | undefined
  readonly othersAvailable: number
  readonly isRouted: boolean
  readonly isDynamic: boolean
  readonly threshold?: ProgressThreshold | undefined
}

/**
 * Whether the pods are what the current step asks for. Stable pods needn't be available, only made; and for a basic
 * canary the counts are the intermediate ones, so that a falling weight counts as done long before its pods are gone.
 */
export function isAsAskedFor(at: AskedFor): boolean {
  const { wanted, canary, stable } = at
  if (!canary || !isFilled(canary, wanted.canary, at.threshold)) return false
  const isStableFree = at.isRouted && at.isDynamic
  if (!isStableFree && (!stable || stable.spec !== wanted.stable || stable.replicas !== wanted.stable)) return false
  return at.isRouted || at.othersAvailable === 0
}
