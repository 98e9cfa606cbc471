// The requests of one route from one segment of the users: alike in everything but chance.

export interface Strand {
  /** Undefined where the scenario tells no routes apart. */
  readonly route: string | undefined
  /** Whose requests they are: the place of a segment in the population. */
  readonly segment: number
  /** Of that segment, the value in each dimension, such as `plan: paid`; empty where there are none. */
  readonly labels: Labels
  /** What all of its requests carry, by lower-case name. */
  readonly headers: Labels
  /** Its part of all requests, more than zero: those of all strands sum to 1. */
  readonly share: number
}

export type Labels = Readonly<Record<string, string>>

/** What a fault or a behaviour says of the requests that it concerns; what isn't said is any. */
export interface StrandSelector {
  readonly route?: string | undefined
  readonly segment?: Labels | undefined
}

export function isSelected({ route, labels }: Strand, { route: only, segment = {} }: StrandSelector): boolean {
  if (only !== undefined && only !== route) return false
  return Object.entries(segment).every(([dimension, value]) => labels[dimension] === value)
}
