// What faults do to pods, nodes and quotas: whom they strike at which time, as commands to those who can bring it about.
import type { Loop } from '../../kernel/loop.js'
import type { Stream, Tape } from '../../kernel/random.js'
import { strikesOf } from '../course.js'
import type { Fault, PodEffect } from '../fault.js'
import { type Life, type PodTrouble, podTroubles } from './life.js'
import type { Leak } from './memory.js'
import type { Pod } from './objects.js'

/** Whoever can bring about what faults do. */
export interface Afflicted {
  /** Of all pods that are there now, the oldest first. */
  living(): Iterable<Life>
  turn(life: Life, trouble: PodTrouble, change: 1 | -1): void
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
  private readonly active = new Set<Fault<PodEffect>>()
  /** By fault: those whom it strikes while it is there. */
  private readonly struck = new Map<Fault<PodEffect>, Set<Life>>()

  /** By fault: which part of the pods it strikes this time, where that is chance. */
  private readonly drawn = new Map<Fault<PodEffect>, number>()
  private readonly streams = new Map<Fault<PodEffect>, Stream>()

  constructor(
    loop: Loop,
    private readonly faults: readonly Fault<PodEffect>[],
    private readonly afflicted: Afflicted,
    private readonly tape: Tape,
  ) {
    const change = loop.handler((index, begins) => {
      if (begins === 1) this.begin(faults[index]!)
      else this.end(faults[index]!)
    })
    for (const [index, fault] of faults.entries()) {
      for (const { onsetMs, endMs } of strikesOf(fault)) {
        loop.at(onsetMs, podPriority, change, index, 1)
        if (endMs < Number.POSITIVE_INFINITY) loop.at(endMs, podPriority, change, index, 0)
      }
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

  private begin(fault: Fault<PodEffect>): void {
    const { afflicted } = this
    this.active.add(fault)
    this.struck.set(fault, new Set())
    this.draw(fault)
    if (fault.effect.kind === 'quota') afflicted.limitPods(0)
    else if (fault.effect.kind === 'node-loss') afflicted.loseNodes((node) => isAt(fault, node.name, node.zone))
    else for (const life of this.chosen(fault)) this.strike(fault, life)
  }

  /** The draws of a fault are its own, one for each time that it strikes. */
  private draw(fault: Fault<PodEffect>): void {
    const { pods } = fault.where ?? {}
    if (pods === undefined || !('mostRatio' in pods)) return
    let stream = this.streams.get(fault)
    if (stream === undefined) {
      stream = this.tape.stream('struck-pods', this.faults.indexOf(fault))
      this.streams.set(fault, stream)
    }
    this.drawn.set(fault, stream.uniform() * pods.mostRatio)
  }

  private end(fault: Fault<PodEffect>): void {
    const { afflicted } = this
    this.active.delete(fault)
    if (fault.effect.kind === 'quota') afflicted.limitPods(this.isActive('quota') ? 0 : Number.POSITIVE_INFINITY)
    if (fault.effect.kind === 'node-loss') afflicted.returnNodes((node) => isAt(fault, node.name, node.zone))
    for (const life of this.struck.get(fault) ?? []) if (!life.pod.deleted) this.relieve(fault, life)
    this.struck.delete(fault)
  }

  private strike(fault: Fault<PodEffect>, life: Life): void {
    const { effect } = fault
    const { afflicted } = this
    this.struck.get(fault)!.add(life)
    if (effect.kind === 'leak') afflicted.leak(life, effect)
    else if (effect.kind === 'kill') {
      if (effect.what === 'pod') afflicted.evict(life.pod, effect.graceMs)
      else afflicted.kill(life.pod)
    } else if (isTrouble(effect)) afflicted.turn(life, effect.kind, 1)
  }

  private relieve({ effect }: Fault<PodEffect>, life: Life): void {
    if (effect.kind === 'leak') this.afflicted.leak(life, undefined)
    else if (isTrouble(effect)) this.afflicted.turn(life, effect.kind, -1)
  }

  /** Those that have lived longest, if not all are meant. */
  private chosen(fault: Fault<PodEffect>): readonly Life[] {
    const meant = [...this.afflicted.living()].filter((life) => isMeant(fault, life))
    return meant.slice(0, this.wanted(fault, meant.length))
  }

  /** A pod that comes later takes the place of one that isn't there any more, or never was. */
  private hasRoomFor(fault: Fault<PodEffect>, life: Life): boolean {
    if (fault.effect.kind === 'kill' || !isMeant(fault, life)) return false
    if (fault.where?.pods === undefined) return true
    const meant = [...this.afflicted.living()].filter((each) => isMeant(fault, each)).length
    const struck = [...this.struck.get(fault)!].filter(({ pod }) => !pod.deleted).length
    return struck < this.wanted(fault, meant)
  }

  private wanted(fault: Fault<PodEffect>, meant: number): number {
    const { pods } = fault.where ?? {}
    if (pods === undefined) return meant
    if ('mostRatio' in pods) return Math.floor(this.drawn.get(fault)! * meant)
    return 'count' in pods ? pods.count : Math.ceil(pods.ratio * meant)
  }

  private isActive(kind: PodEffect['kind']): boolean {
    return [...this.active].some(({ effect }) => effect.kind === kind)
  }
}

function isMeant(fault: Fault<PodEffect>, { version, pod }: Life): boolean {
  return fault.versions.includes(version) && isAt(fault, pod.node, pod.zone)
}

function isAt({ where }: Fault<PodEffect>, node: string, zone: string): boolean {
  return (where?.node ?? node) === node && (where?.zone ?? zone) === zone
}

type TroubleEffect = Extract<PodEffect, { kind: PodTrouble }>

function isTrouble(effect: PodEffect): effect is TroubleEffect {
  return (podTroubles as readonly string[]).includes(effect.kind)
}
