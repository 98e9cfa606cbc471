// How many candidates are flown how often: many a few times, few many times.
/** A rung of the search: what is decided, is decided at its end. */
export type Rung =
  /** So many candidates from all over the space. */
  | { readonly kind: 'sample'; readonly fresh: number; readonly runs: number }
  /** So many neighbours of the best so far. */
  | { readonly kind: 'refine'; readonly fresh: number; readonly runs: number; readonly reach: number }
  /** The best so many are flown up to so many runs. */
  | { readonly kind: 'halve'; readonly kept: number; readonly runs: number }
  /** So many points of the front with one of their changes taken back. */
  | { readonly kind: 'revert'; readonly fresh: number; readonly runs: number }
  /** So many points of the front without all of the changes that made no difference. */
  | { readonly kind: 'simplify'; readonly fresh: number; readonly runs: number }

/** Rounds in which neighbours are tried: how far off, as a part of all values of a knob. */
const reaches = [1 / 4, 1 / 4, 1 / 4, 1 / 6, 1 / 6, 1 / 6, 1 / 8, 1 / 8, 0]

/** On common seeds these are enough to see what is worth more of them. */
const leastRuns = 20
/** Of one false abort in sixty these show some: in rounds of so many runs the milder one is seen to be better. */
const finerRuns = 160
const finerReaches = [1 / 8, 0, 0]
/** These to see which of its changes a point is no worse without. */
const revertRuns = 100

/** Of the points of a front, and of the changes in all of them. */
const most = { simplified: 8, reverted: 64 } as const

/** Fewer could not be a front. */
const leastKept = 12

/** How large a search is. */
export interface Size {
  readonly candidates: number
  /** Of each candidate that comes to its end, in each world. */
  readonly runs: number
}

export const usualSize: Size = { candidates: 64, runs: 800 }

export function scheduleFor({ candidates, runs }: Size): readonly Rung[] {
  const half = Math.ceil(candidates / 2)
  const least = Math.min(runs, leastRuns)
  const refined = (of: readonly number[], fresh: number, each: number) =>
    of.map((reach): Rung => ({ kind: 'refine', fresh, runs: each, reach }))
  const halves: Rung[] = []
  for (let part = 2, before = least; before < runs; part *= 2) {
    const kept = Math.min(candidates, Math.max(leastKept, Math.ceil(candidates / part)))
    const next = Math.min(runs, 2 * before)
    halves.push({ kind: 'halve', kept, runs: next })
    if (before < finerRuns && next >= finerRuns) halves.push(...refined(finerReaches, Math.ceil(half / 2), next))
    before = next
  }
  return [
    { kind: 'sample', fresh: candidates, runs: least },
    ...refined(reaches, half, least),
    ...halves,
    { kind: 'revert', fresh: Math.min(most.reverted, 2 * candidates), runs: Math.min(runs, revertRuns) },
    // Without a change that made it harsh, a point may be another one worth a look.
    { kind: 'halve', kept: leastKept, runs },
    { kind: 'simplify', fresh: Math.min(most.simplified, candidates), runs },
  ]
}

/** At most, of each world: a candidate that was flown before goes on from there. */
export function runsOf(rungs: readonly Rung[]): number {
  return rungs.reduce((sum, rung, index) => {
    if (rung.kind !== 'halve') return sum + rung.fresh * rung.runs
    // The policy as it is written always flies.
    return sum + (rung.kept + 1) * (rung.runs - rungs[index - 1]!.runs)
  }, 0)
}

/** The most candidates for which no more flights are needed than that; undefined where that is too few for any search. */
export function sizeFor(flights: number, worlds: number, runs: number): Size | undefined {
  const fits = (candidates: number) => runsOf(scheduleFor({ candidates, runs })) * worlds <= flights
  let candidates = 0
  for (let step = 2 ** 20; step >= 1; step /= 2) if (fits(candidates + step)) candidates += step
  return candidates === 0 ? undefined : { candidates, runs }
}
