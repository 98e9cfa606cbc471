// Which pods, nodes and quotas faults strike at which time, as commands to those who can bring about what they do.
import { below } from '../../kernel/below.js'
import type { Loop } from '../../kernel/loop.js'
import type { Stream, Tape } from '../../kernel/random.js'
import { type Course, strikesOf } from '../course.js'
import { type AnswerEffect, concernsAnswers, type Fault, type PodEffect } from '../fault.js'
import { type Life, type PodTrouble, podTroubles } from './life.js'
import type { Leak } from './memory.js'
import type { Pod } from './objects.js'

/** A fault that chooses pods, whatever it does to them. */
export interface PodFault extends Fault<PodEffect | AnswerEffect> {
  /** It is something that probes don't meet. */
  readonly passesProbes?: boolean
}

/** Whoever can bring about what faults do. */
export interface Afflicted {
  /** Of all pods that are there now, the oldest first. */
  living(): Iterable<Life>
  turn(life: Life, trouble: PodTrouble, change: 1 | -1): void
  /** It begins to answer as this fault has it, or ends. */
  mark(life: Life, fault: number, isStruck: boolean): void
  leak(life: Life, leak: Leak | undefined): void
  kill(pod: Pod): void
  evict(pod: Pod, graceMs: number): void
  /** Infinity for as many as the scenario says. */
  limitPods(mostPods: number): void
  loseNodes(fits: (node: { readonly name: string; readonly zone: string }) => boolean): void
  returnNodes(fits: (node: { readonly name: string; readonly zone: string }) => boolean): void
}

const podPriority = 0

export class PodFaults {
  private readonly active = new Set<PodFault>()
  /** By fault: those whom it strikes while it is there. */
  private readonly struck = new Map<PodFault, Set<Life>>()

  /** By fault: which part of the pods it strikes this time, where that is chance. */
  private readonly drawn = new Map<PodFault, number>()
  private readonly streams = new Map<PodFault, Stream>()

  private readonly changeHandler: number

  constructor(
    private readonly loop: Loop,
    /** By their places in the scenario; those that strike no pods are left out. */
    private readonly faults: readonly (PodFault | undefined)[],
    private readonly afflicted: Afflicted,
    private readonly tape: Tape,
  ) {
    this.changeHandler = loop.handler((index, begins) => {
      if (begins === 1) this.begin(faults[index]!)
      else this.end(faults[index]!)
    })
    for (const [index, fault] of faults.entries()) if (fault) this.expect(index, fault)
  }

  /** A fault, by its place in the scenario, will come and go so. */
  expect(index: number, course: Course): void {
    if (this.faults[index] === undefined) return
    for (const { onsetMs, endMs } of strikesOf(course)) {
      this.loop.at(onsetMs, podPriority, this.changeHandler, index, 1)
      if (endMs < Number.POSITIVE_INFINITY) this.loop.at(endMs, podPriority, this.changeHandler, index, 0)
    }
  }

  /** A pod is there, on its node if pods have nodes. */
  joined(life: Life): void {
    for (const fault of this.active) if (this.hasRoomFor(fault, life)) this.strike(fault, life)
  }

  /** Whether nobody can pull its image now. */
  isUnpullable(life: Life): boolean {
    for (const fault of this.active) if (fault.effect.kind === 'image-pull' && isMeant(fault, life)) return true
    return false
  }

  private begin(fault: PodFault): void {
    const { afflicted } = this
    this.active.add(fault)
    this.struck.set(fault, new Set())
    this.draw(fault)
    if (fault.effect.kind === 'quota') afflicted.limitPods(0)
    else if (fault.effect.kind === 'node-loss') afflicted.loseNodes((node) => isAt(fault, node.name, node.zone))
    else for (const life of this.chosen(fault)) this.strike(fault, life)
  }

  /** The draws of a fault are its own, or those of all that strike the same pods. */
  private streamOf(fault: PodFault): Stream {
    let stream = this.streams.get(fault)
    if (stream === undefined) {
      const pods = fault.where?.pods
      const first = this.faults.findIndex((other) => other?.where?.pods === pods)
      stream = this.tape.stream('struck-pods', first)
      this.streams.set(fault, stream)
    }
    return stream
  }

  /** One for each time that it strikes. */
  private draw(fault: PodFault): void {
    const { pods } = fault.where ?? {}
    if (pods === undefined || !('mostRatio' in pods)) return
    this.drawn.set(fault, this.streamOf(fault).uniform() * pods.mostRatio)
  }

  private end(fault: PodFault): void {
    const { afflicted } = this
    this.active.delete(fault)
    if (fault.effect.kind === 'quota') afflicted.limitPods(this.isActive('quota') ? 0 : Number.POSITIVE_INFINITY)
    if (fault.effect.kind === 'node-loss') afflicted.returnNodes((node) => isAt(fault, node.name, node.zone))
    for (const life of this.struck.get(fault) ?? []) this.relieve(fault, life)
    this.struck.delete(fault)
  }

  private strike(fault: PodFault, life: Life): void {
    const { effect } = fault
    const { afflicted } = this
    this.struck.get(fault)!.add(life)
    if (marksPods(fault)) afflicted.mark(life, this.faults.indexOf(fault), true)
    if (effect.kind === 'leak') afflicted.leak(life, effect)
    else if (effect.kind === 'kill') {
      if (effect.what === 'pod') afflicted.evict(life.pod, effect.graceMs)
      else afflicted.kill(life.pod)
    } else if (isTrouble(effect) && !fault.passesProbes) afflicted.turn(life, effect.kind, 1)
  }

  private relieve(fault: PodFault, life: Life): void {
    const { effect } = fault
    if (marksPods(fault)) this.afflicted.mark(life, this.faults.indexOf(fault), false)
    // What has been deleted is sent requests until everybody has heard of it, but nobody looks after it.
    if (life.pod.deleted) return
    if (effect.kind === 'leak') this.afflicted.leak(life, undefined)
    else if (isTrouble(effect) && !fault.passesProbes) this.afflicted.turn(life, effect.kind, -1)
  }

  /** Those that have lived longest, or were drawn, if not all are meant. */
  private chosen(fault: PodFault): readonly Life[] {
    const meant = [...this.afflicted.living()].filter((life) => isMeant(fault, life))
    const wanted = Math.min(meant.length, this.wanted(fault, meant.length))
    if (fault.where?.pods?.areDrawn) {
      for (let place = 0; place < wanted; place++) {
        const drawn = place + below(this.streamOf(fault), meant.length - place)
        const life = meant[drawn]!
        meant[drawn] = meant[place]!
        meant[place] = life
      }
    }
    return meant.slice(0, wanted)
  }

  /** A pod that comes later takes the place of one that isn't there any more, or never was. */
  private hasRoomFor(fault: PodFault, life: Life): boolean {
    if (fault.effect.kind === 'kill' || !isMeant(fault, life)) return false
    const { pods } = fault.where ?? {}
    if (pods === undefined) return true
    // Whoever draws has drawn when it began.
    if (pods.areDrawn) return false
    const meant = [...this.afflicted.living()].filter((each) => isMeant(fault, each)).length
    const struck = [...this.struck.get(fault)!].filter(({ pod }) => !pod.deleted).length
    return struck < this.wanted(fault, meant)
  }

  private wanted(fault: PodFault, meant: number): number {
    const { pods } = fault.where ?? {}
    if (pods === undefined) return meant
    if ('mostRatio' in pods) return Math.floor(this.drawn.get(fault)! * meant)
    if ('count' in pods) return pods.count
    return pods.areDrawn ? Math.floor(pods.ratio * meant) : Math.ceil(pods.ratio * meant)
  }

  private isActive(kind: PodFault['effect']['kind']): boolean {
    return [...this.active].some(({ effect }) => effect.kind === kind)
  }
}

function isMeant(fault: PodFault, { version, pod }: Life): boolean {
  return fault.versions.includes(version) && isAt(fault, pod.node, pod.zone)
}

function isAt({ where }: PodFault, node: string, zone: string): boolean {
  return (where?.node ?? node) === node && (where?.zone ?? zone) === zone
}

/** Whether only some pods of a version answer as it has it. */
export function marksPods(fault: PodFault): boolean {
  return fault.where !== undefined && concernsAnswers(fault)
}

type TroubleEffect = Extract<PodEffect, { kind: PodTrouble }>

function isTrouble(effect: PodFault['effect']): effect is TroubleEffect {
  return (podTroubles as readonly string[]).includes(effect.kind)
}
