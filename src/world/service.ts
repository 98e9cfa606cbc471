// The service that is released into: how each version answers each strand of requests, with everything that strikes it.
import { Behaviour, type BehaviourBase, type Clients, type Impact } from './behaviour.js'
import type { Condition, Conditions } from './conditions.js'
import type { Course } from './course.js'
import type { AnswerEffect, Fault } from './fault.js'
import type { Answering, StrandShare } from './lanes.js'

export interface ServicePlan extends Clients {
  readonly strands: readonly StrandShare[]
  /** By version and strand: as long as nothing is wrong. */
  readonly bases: readonly (readonly BehaviourBase[])[]
  /** By version: what pods do worse that have just started. */
  readonly cold: readonly (readonly AnswerEffect[])[]
  readonly faults: readonly RequestFault[]
  readonly conditions: Conditions
}

/** A fault that changes answers. */
export interface RequestFault extends Fault<AnswerEffect> {
  /** Its place among all faults of the scenario. */
  readonly index: number
  /** Of the requests of a strand that reach a version it strikes, so many, by chance. */
  readonly share: (version: number, strand: number) => number
  /** Of the requests of a strand that a version serves, so many bring it about, where requests do. */
  readonly causes: (version: number, strand: number) => number
  /** It strikes only pods in a condition that names it. */
  readonly isOfSomePods: boolean
  /** It is there because of the release, whomever it strikes. */
  readonly isOfRelease: boolean
  /** It begins when something happens in a flight, which says by what course and how large it is. */
  readonly isLatent: boolean
}

/** Faults that wait for something begin anew in every flight: everything else is worked out once. */
export class Service implements Answering {
  private readonly known = new Map<number, Known>()
  private readonly innocents = new Map<number, Known>()
  /** Of latent faults that are there. */
  private readonly courses: (Course | undefined)[] = []
  /** At `fault * versions + version`: how much of it there is. */
  private readonly sizes: Float64Array

  constructor(readonly plan: ServicePlan) {
    this.sizes = new Float64Array(plan.faults.length * plan.bases.length).fill(1)
  }

  get versions(): number {
    return this.plan.bases.length
  }

  get strands(): readonly StrandShare[] {
    return this.plan.strands
  }

  get codes(): readonly number[] {
    return this.plan.codes
  }

  get timeoutMs(): number | undefined {
    return this.plan.timeoutMs
  }

  /** A new flight begins. */
  reset(): void {
    for (const [fault, { isLatent }] of this.plan.faults.entries()) if (isLatent) this.forget(fault)
    this.courses.length = 0
    this.sizes.fill(1)
  }

  behaviour(version: number, strand: number, condition: number): Behaviour {
    return this.remembered(this.known, version, strand, condition, () => true)
  }

  innocent(version: number, strand: number, condition: number): Behaviour | undefined {
    if (!this.plan.faults.some((fault, index) => fault.isOfRelease && this.isThere(index))) return undefined
    return this.remembered(this.innocents, version, strand, condition, ({ isOfRelease }) => !isOfRelease)
  }

  refuses(condition: number): boolean {
    return this.plan.conditions.all[condition]!.refuses
  }

  isStruckDown(condition: number): boolean {
    return this.plan.conditions.all[condition]!.isStruckDown === true
  }

  /** A latent fault takes this course from now on. */
  begin(fault: number, course: Course): void {
    this.forget(fault)
    this.courses[fault] = course
  }

  /** From now on there is so much of a fault on a version. */
  resize(fault: number, version: number, size: number): void {
    if (this.sizeOf(fault, version) === size) return
    this.forget(fault)
    this.sizes[fault * this.versions + version] = size
  }

  sizeOf(fault: number, version: number): number {
    return this.sizes[fault * this.versions + version]!
  }

  private isThere(fault: number): boolean {
    return !this.plan.faults[fault]!.isLatent || this.courses[fault] !== undefined
  }

  /** Whatever has been worked out with it holds no more. */
  private forget(fault: number): void {
    for (const book of [this.known, this.innocents]) {
      for (const [key, { faults }] of book) if (faults.includes(fault)) book.delete(key)
    }
  }

  private remembered(
    book: Map<number, Known>,
    version: number,
    strand: number,
    condition: number,
    counts: (fault: RequestFault) => boolean,
  ): Behaviour {
    const key = (condition * this.strands.length + strand) * this.versions + version
    let known = book.get(key)
    if (known === undefined) {
      known = this.workedOut(version, strand, this.plan.conditions.all[condition]!, counts)
      book.set(key, known)
    }
    return known.behaviour
  }

  private workedOut(
    version: number,
    strand: number,
    condition: Condition,
    counts: (fault: RequestFault) => boolean,
  ): Known {
    const { bases, cold, faults } = this.plan
    const struck: number[] = []
    const impacts: Impact[] = condition.coldness > 0 ? cold[version]!.map((effect) => chilled(effect, condition)) : []
    for (const [index, fault] of faults.entries()) {
      if (!fault.versions.includes(version) || !counts(fault)) continue
      if (fault.isOfSomePods && !condition.faults.includes(fault.index)) continue
      const share = fault.share(version, strand)
      if (share === 0) continue
      // Those that are not there yet are named all the same: when they begin, this is worked out anew.
      struck.push(index)
      const course = fault.isLatent ? this.courses[index] : fault
      const size = this.sizeOf(index, version)
      if (course !== undefined && size > 0) impacts.push({ ...course, effect: fault.effect, share, size })
    }
    return { behaviour: new Behaviour(bases[version]![strand]!, impacts, this.plan), faults: struck }
  }
}

interface Known {
  readonly behaviour: Behaviour
  /** Those that it depends on. */
  readonly faults: readonly number[]
}

function chilled(effect: AnswerEffect, { coldness }: Condition): Impact {
  return { onsetMs: 0, endMs: Number.POSITIVE_INFINITY, rampMs: 0, effect, size: coldness }
}
