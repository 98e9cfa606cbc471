// The probes of one container as the kubelet runs them (1.36, pkg/kubelet/prober/worker.go).
import { floorToSecond } from './cluster.js'
import type { PodSpec, ProbeSpec } from './pod-spec.js'

export const probeKinds = ['Startup', 'Liveness', 'Readiness'] as const
export type ProbeKind = (typeof probeKinds)[number]

/** What a probe meets: a refusal comes at once, silence only shows when the probe's time is up. */
export type Look = 'passes' | 'fails' | 'is refused' | 'times out'

export interface Probed {
  look(kind: ProbeKind): Look
  /** What the kubelet says of readiness has changed. */
  turned(isReady: boolean): void
  /** A probe has failed so often that the container is to be killed. */
  condemned(kind: ProbeKind): void
  /** The first failure in a row. */
  failed(kind: ProbeKind, look: Look): void
  /** `fire` wants to be called then, with this code. */
  later(atMs: number, code: number): void
}

interface Worker {
  readonly kind: ProbeKind
  readonly index: number
  readonly spec: ProbeSpec
  /** Ticks come whole periods after this. */
  originMs: number
  tickedAtMs: number
  /** What the last probe said; a new container doesn't change it. */
  last: boolean | undefined
  inARow: number
  /** What the probes have come to. */
  value: boolean | undefined
  isOnHold: boolean
  /** Raised when what was to come is cancelled. */
  ticket: number
  isPending: boolean
}

const liveness = 1
const readiness = 2

/**
 * Probes that would say again what they have said cost nothing: ticks are events only while what a probe meets isn't what
 * the kubelet believes.
 */
export class Probing {
  private readonly workers: readonly (Worker | undefined)[]
  private runsSinceMs = Number.NaN
  private hasStarted = false

  constructor(
    spec: PodSpec,
    private readonly probed: Probed,
    private readonly now: () => number,
    /** When the kubelet has heard of the pod: its tickers run from then on, whenever the container starts. */
    originMs: number,
  ) {
    const specs = [spec.startup, spec.liveness, spec.readiness]
    this.workers = specs.map((each, index) => each && workerOf(index, each, originMs))
  }

  containerStarted(): void {
    const [startup, , ready] = this.workers
    this.runsSinceMs = this.now()
    this.hasStarted = startup === undefined
    for (const worker of this.workers) {
      if (worker === undefined) continue
      worker.value = initialOf(worker)
      worker.isOnHold = false
    }
    if (this.hasStarted) this.triggerReadiness(ready)
    this.wake()
  }

  /** It has been up and well for long. */
  adopt(): void {
    this.runsSinceMs = Number.NEGATIVE_INFINITY
    this.hasStarted = true
    for (const worker of this.workers) {
      if (worker === undefined) continue
      worker.value = true
      worker.last = true
      worker.isOnHold = worker.kind === 'Startup'
    }
  }

  /** Nothing is probed until the next start. */
  containerStopped(): void {
    this.runsSinceMs = Number.NaN
    for (const worker of this.workers) if (worker !== undefined) cancel(worker)
  }

  /** What probes meet may have changed. */
  wake(): void {
    for (const worker of this.workers) if (worker !== undefined) this.wakeOne(worker, this.now())
  }

  fire(code: number): void {
    const worker = this.workers[(code >> 1) & 3]
    if (worker === undefined || worker.ticket !== code >> 3) return
    worker.isPending = false
    if ((code & 1) === 1) this.judge(worker, 'times out')
    else this.tick(worker)
  }

  private wakeOne(worker: Worker, fromMs: number): void {
    if (Number.isNaN(this.runsSinceMs) || worker.isPending || worker.isOnHold) return
    if (this.hasStarted === (worker.kind === 'Startup') || this.isSettled(worker)) return
    // The kubelet counts whole seconds since a start that it has written without fractions.
    const enabledMs = floorToSecond(this.runsSinceMs) + worker.spec.initialDelayMs
    this.later(worker, Math.max(this.now(), tickFrom(worker, Math.max(fromMs, enabledMs))), 0)
  }

  private isSettled({ kind, value, last }: Worker): boolean {
    const expected = this.probed.look(kind) === 'passes'
    return value === expected && (last === undefined || last === expected)
  }

  private tick(worker: Worker): void {
    worker.tickedAtMs = this.now()
    const look = this.probed.look(worker.kind)
    if (look === 'times out') this.later(worker, this.now() + worker.spec.timeoutMs, 1)
    else this.judge(worker, look)
  }

  private judge(worker: Worker, look: Look): void {
    const { kind, spec } = worker
    const isWell = look === 'passes'
    worker.inARow = worker.last === isWell ? worker.inARow + 1 : 1
    worker.last = isWell
    if (!isWell && worker.inARow === 1) this.probed.failed(kind, look)
    if (worker.inARow >= (isWell ? spec.successThreshold : spec.failureThreshold)) this.decide(worker, isWell)
    // A ticker keeps one tick for a probe that took longer than its period.
    this.wakeOne(worker, worker.tickedAtMs + 1)
  }

  private decide(worker: Worker, isWell: boolean): void {
    const { kind } = worker
    const isNews = worker.value !== isWell
    worker.value = isWell
    if (kind === 'Readiness') {
      if (isNews) this.probed.turned(isWell)
      return
    }
    if (kind === 'Startup' || !isWell) {
      worker.isOnHold = true
      worker.inARow = 0
    }
    if (!isWell) this.probed.condemned(kind)
    else if (kind === 'Startup') this.started()
  }

  private started(): void {
    this.hasStarted = true
    const { [liveness]: live, [readiness]: ready } = this.workers
    if (live !== undefined) this.wakeOne(live, this.now())
    this.triggerReadiness(ready)
    if (ready === undefined) this.probed.turned(true)
  }

  /** As soon as a container has started its readiness is probed, out of turn, and the ticker runs anew from there. */
  private triggerReadiness(worker: Worker | undefined): void {
    if (worker === undefined) return
    cancel(worker)
    worker.originMs = this.now()
    this.wakeOne(worker, this.now())
  }

  private later(worker: Worker, atMs: number, isResult: 0 | 1): void {
    worker.isPending = true
    worker.ticket++
    this.probed.later(atMs, worker.ticket * 8 + worker.index * 2 + isResult)
  }
}

function workerOf(index: number, spec: ProbeSpec, originMs: number): Worker {
  return {
    kind: probeKinds[index]!,
    index,
    spec,
    originMs,
    tickedAtMs: Number.NEGATIVE_INFINITY,
    last: undefined,
    inARow: 0,
    value: undefined,
    isOnHold: false,
    ticket: 0,
    isPending: false,
  }
}

/** Until a probe has been decided a container is not ready, but alive. */
function initialOf({ kind }: Worker): boolean | undefined {
  return kind === 'Startup' ? undefined : kind === 'Liveness'
}

function cancel(worker: Worker): void {
  worker.ticket++
  worker.isPending = false
}

function tickFrom({ originMs, spec: { periodMs } }: Worker, fromMs: number): number {
  return originMs + Math.max(0, Math.ceil((fromMs - originMs) / periodMs)) * periodMs
}
