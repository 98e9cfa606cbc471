// How the pods answer, by lane: with which code and after how long.
import { grown } from '../../../kernel/grown.js'
import type { Stream } from '../../../kernel/random.js'

/** How long a pod works on a request, in milliseconds; infinity if it never answers. */
export interface Law {
  sample(stream: Stream): number
}

/** One of the codes that aren't fine, and the share of the requests that get it. */
export interface ErrorShare {
  readonly code: number
  readonly ratio: number
}

/** A lane is a version, a strand and a condition of the pod. */
export class LaneLaws {
  readonly laws: Law[] = []
  /** The share of answers that aren't fine. */
  errors = new Float64Array(FIRST_ROOM)
  /** Whoever counts says how much of what goes wrong here he puts down to it; the engine hands that on. */
  blames = new Float64Array(FIRST_ROOM)
  /** Requests that pods have set to work on. */
  served = new Float64Array(FIRST_ROOM)
  /** 1 where nobody listens: all is turned away. */
  refuses = new Uint8Array(FIRST_ROOM)
  private readonly codes: number[][] = []
  private readonly ends: number[][] = []

  constructor(
    readonly versions: number,
    readonly strands: number,
  ) {
    this.grow(versions * strands - 1)
  }

  /** Those of a version and condition lie side by side. */
  of(version: number, strand: number, condition: number): number {
    return (condition * this.versions + version) * this.strands + strand
  }

  versionOf(lane: number): number {
    return Math.floor(lane / this.strands) % this.versions
  }

  conditionOf(lane: number): number {
    return Math.floor(lane / (this.strands * this.versions))
  }

  strandOf(lane: number): number {
    return lane % this.strands
  }

  set(lane: number, law: Law, errors: readonly ErrorShare[]): void {
    let end = 0
    this.room(lane)
    this.laws[lane] = law
    this.codes[lane] = errors.map(({ code }) => code)
    this.ends[lane] = errors.map(({ ratio }) => {
      end += ratio
      return end
    })
    if (!(end <= 1 + 1e-9 && errors.every(({ ratio }) => ratio >= 0))) {
      throw new RangeError(`error ratios of ${errors.map(({ ratio }) => ratio).join(' + ')} in lane ${lane}`)
    }
    this.errors[lane] = end
  }

  /** Which of its errors an answer is, for a place below the share of all of them. */
  codeAt(lane: number, place: number): number {
    const ends = this.ends[lane]!
    let index = 0
    while (index < ends.length - 1 && place >= ends[index]!) index++
    return this.codes[lane]![index]!
  }

  /** Pods get into conditions that nobody has been in before. */
  room(lane: number): void {
    if (lane >= this.errors.length) this.grow(lane)
  }

  private grow(lane: number): void {
    const room = Math.max(2 * this.errors.length, lane + 1)
    this.errors = grown(this.errors, new Float64Array(room))
    this.blames = grown(this.blames, new Float64Array(room))
    this.served = grown(this.served, new Float64Array(room))
    this.refuses = grown(this.refuses, new Uint8Array(room))
  }
}

const FIRST_ROOM = 8
