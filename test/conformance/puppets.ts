// Pods that do what a case says: ready so long after creation, with flips, by the tag of their image.
import type { Loop } from '../../src/kernel/loop.js'
import type { Cluster, PodDriver } from '../../src/world/cluster/cluster.js'
import type { Pod } from '../../src/world/cluster/objects.js'
import { type Case, msOf, type PodScript } from './case.js'

/** Pods that are made at once get ready one after another, and passes see some of them; the last ones come together. */
const apartMs = 12
const lastApart = 2

/** Ready, unless a person has meanwhile forced the pods of the tag to something else. */
const asForced = 2

export class Puppets implements PodDriver {
  cluster!: Cluster
  private readonly born = new Map<string, number>()
  private readonly forced = new Map<string, boolean>()
  private readonly alive: { pod: Pod; tag: string; nth: number; wasReady: boolean }[] = []
  private readonly setHandler: number

  constructor(
    private readonly script: Case,
    private readonly loop: Loop,
  ) {
    this.setHandler = loop.handler((id, state) =>
      this.set(id, state === asForced ? (this.forcedOf(id) ?? true) : state === 1),
    )
  }

  created(pod: Pod): void {
    const tag = tagOf(pod.replicaSet.template.image)
    const script: PodScript = this.script.pods?.[tag] ?? {}
    const nth = (this.born.get(tag) ?? 0) + 1
    this.born.set(tag, nth)
    this.alive.push({ pod, tag, nth, wasReady: false })
    const ready = typeof script.ready === 'object' ? script.ready[Math.min(nth, script.ready.length) - 1] : script.ready
    const wave = this.alive.filter((other) => other.pod.createdAtMs === pod.createdAtMs).length - 1
    const lateMs = Math.min(wave, lastApart) * apartMs
    if (ready !== 'never') this.later(ready ?? '1s', pod, asForced, lateMs)
    for (const flip of script.flips ?? []) this.later(flip.at, pod, flip.ready ? 1 : 0, lateMs)
  }

  /** Flips the living pods of a tag and those to come; with a count or a selection only some living ones. */
  force(tag: string, ready: boolean, count?: number, only?: readonly (number | string)[]): void {
    if (count === undefined && !only) this.forced.set(tag, ready)
    const chosen = this.alive.filter(
      ({ pod, nth, wasReady, tag: own }) => !pod.deleted && own === tag && (only ? only.includes(nth) : wasReady),
    )
    for (const { pod } of chosen.slice(0, count)) this.set(pod.id, ready)
  }

  private later(after: string, pod: Pod, state: number, lateMs = 0): void {
    this.loop.at(this.loop.now + msOf(after) + lateMs, 0, this.setHandler, pod.id, state)
  }

  private forcedOf(id: number): boolean | undefined {
    return this.forced.get(this.alive.find(({ pod }) => pod.id === id)!.tag)
  }

  private set(id: number, ready: boolean): void {
    const entry = this.alive.find(({ pod }) => pod.id === id)!
    entry.wasReady = true
    const { pod } = entry
    // Told again that it is ready, a puppet begins its minReadySeconds anew.
    if (ready && pod.ready && pod.replicaSet.minReadyMs > 0) this.cluster.setReady(pod, false)
    this.cluster.setReady(pod, ready)
  }
}

export function tagOf(image: string): string {
  return image.split(':').at(-1)!
}
