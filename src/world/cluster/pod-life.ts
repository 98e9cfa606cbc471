// How pods live in a flight: they start, become ready, crash and recover, as the version they run makes them.

import { type LogNormal, logNormal } from '../../kernel/lognormal.js'
import type { Loop } from '../../kernel/loop.js'
import type { Stream, Tape } from '../../kernel/random.js'
import type { Fault, PodEffect } from '../fault.js'
import type { Cluster, PodDriver } from './cluster.js'
import type { Pod } from './objects.js'

/** From a pod's creation until it is ready: always the same, or drawn anew for every start. */
export type Start = { readonly fixedMs: number } | LogNormal

export interface PodLifePlan {
  /** By version: 0 is stable, 1 the canary. */
  readonly starts: readonly Start[]
  readonly faults: readonly Fault<PodEffect>[]
}

/** The kubelet's back-off from the second restart on: it doubles from the first to the last of these. */
const firstBackOffMs = 10_000
const lastBackOffMs = 300_000

const podPriority = 0

const maxStartsPerPod = 64

export class PodLife implements PodDriver {
  cluster!: Cluster
  /** By pod id: how often its container was started. */
  private readonly attempts: number[] = []
  private readonly living: Pod[] = []
  private readonly startedHandler: number
  private readonly streams: readonly Stream[]

  constructor(
    private readonly loop: Loop,
    private readonly plan: PodLifePlan,
    private readonly versionOf: (pod: Pod) => number,
    /** Pods that are made before this instant have been up for long. */
    private readonly settledMs: number,
    tape: Tape,
  ) {
    this.streams = plan.starts.map((_, version) => tape.stream('pod-start', version))
    this.startedHandler = loop.handler((id, attempt) => this.started(id, attempt))
    const change = loop.handler((index, begins) => this.faultChanged(plan.faults[index]!, begins === 1))
    for (const [index, { onsetMs, endMs }] of plan.faults.entries()) {
      loop.at(onsetMs, podPriority, change, index, 1)
      if (endMs < Number.POSITIVE_INFINITY) loop.at(endMs, podPriority, change, index, 0)
    }
  }

  created(pod: Pod): void {
    const isSettled = this.loop.now < this.settledMs
    this.living.push(pod)
    this.attempts[pod.id] = 0
    if (isSettled) this.cluster.adopt(pod)
    else this.start(pod, 0)
  }

  private start(pod: Pod, delayMs: number): void {
    const attempt = ++this.attempts[pod.id]!
    const version = this.versionOf(pod)
    const start = this.plan.starts[version]!
    const startMs = 'fixedMs' in start ? start.fixedMs : this.drawStart(start, version, pod.ordinal, attempt)
    this.loop.at(this.loop.now + delayMs + startMs, podPriority, this.startedHandler, pod.id, attempt)
  }

  /** In whole milliseconds. The draw belongs to this start of this pod: other pods and restarts leave it alone. */
  private drawStart({ mu, sigma }: LogNormal, version: number, ordinal: number, attempt: number): number {
    const stream = this.streams[version]!
    stream.seek(ordinal * maxStartsPerPod + Math.min(attempt, maxStartsPerPod - 1))
    return Math.round(logNormal(stream, mu, sigma))
  }

  private started(id: number, attempt: number): void {
    const pod = this.cluster.pod(id)
    if (pod.deleted || this.attempts[id] !== attempt) return
    if (this.isStruck(pod, 'crash-loop')) return this.crash(pod)
    this.cluster.started(pod)
    if (!this.isStruck(pod, 'not-ready')) this.cluster.setReady(pod, true)
  }

  private crash(pod: Pod): void {
    this.cluster.setReady(pod, false)
    // The kubelet starts a container again at once the first time, and only then begins to hold it back.
    const backOffMs = pod.restarts === 0 ? 0 : firstBackOffMs * 2 ** (pod.restarts - 1)
    const heldBackMs = Math.min(lastBackOffMs, backOffMs)
    pod.heldBackUntilMs = this.loop.now + heldBackMs
    this.start(pod, heldBackMs)
    this.cluster.restarted(pod)
  }

  private faultChanged(fault: Fault<PodEffect>, begins: boolean): void {
    for (const pod of this.living) {
      if (pod.deleted || !fault.versions.includes(this.versionOf(pod)) || !pod.running) continue
      if (fault.effect.kind === 'not-ready') this.cluster.setReady(pod, !begins && !this.isStruck(pod, 'not-ready'))
      else if (begins) this.crash(pod)
    }
  }

  private isStruck(pod: Pod, kind: PodEffect['kind']): boolean {
    const { now } = this.loop
    const version = this.versionOf(pod)
    return this.plan.faults.some(
      ({ effect, versions, onsetMs, endMs }) =>
        effect.kind === kind && versions.includes(version) && onsetMs <= now && now < endMs,
    )
  }
}
