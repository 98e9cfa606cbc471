// The kubelet: it starts containers, probes them, and ends and restarts them.
import type { Loop } from '../../kernel/loop.js'
import type { Tape } from '../../kernel/random.js'
import { RestartBackOff } from './back-off.js'
import type { Cluster } from './cluster.js'
import { type Delay, Delays } from './delay.js'
import type { Life } from './life.js'
import { type Leak, Memory, type MemoryPlan } from './memory.js'
import type { EndReason } from './objects.js'
import { hasProbes } from './pod-spec.js'
import { type Look, type ProbeKind, Probing } from './probing.js'

export interface KubeletPlan {
  /** By version, 0 is stable, 1 the canary: from the start of a pod until its application answers. */
  readonly starts: readonly Delay[]
  /** By version: how long the application goes on answering when it is told to end; not at all if left out. */
  readonly shutdownsMs?: readonly number[]
  /** By version, where the scenario says more of it than one figure. */
  readonly memories?: readonly (MemoryPlan | undefined)[]
}

export interface KubeletListener {
  /** The next start needs its image again. */
  restarts(life: Life, waitMs: number): void
  /** The container of a deleted pod has ended. */
  ended(life: Life): void
}

const podPriority = 0
/** Longer than any probe's period that anybody would write. */
const longAgoMs = 3_600_000
const noLimit = Number.POSITIVE_INFINITY

/** However long a hook took, a container is given so long before it is killed (minimumGracePeriodInSeconds). */
const leastGraceMs = 2_000

export class Kubelet {
  cluster!: Cluster
  private readonly starts: Delays
  private readonly upHandler: number
  private readonly runHandler: number
  private readonly probeHandler: number
  private readonly fullHandler: number
  private readonly endHandler: number

  constructor(
    private readonly loop: Loop,
    private readonly plan: KubeletPlan,
    private readonly lifeOf: (id: number) => Life,
    private readonly listener: KubeletListener,
    /** How long hooks take of which the manifest doesn't say it. */
    private readonly hookMs: number,
    private readonly tape: Tape,
  ) {
    this.starts = new Delays(plan.starts, tape, 'pod-start')
    this.upHandler = this.handler((life) => this.up(life))
    this.runHandler = this.handler((life) => this.run(life))
    this.endHandler = loop.handler((id, attempt) => {
      const life = lifeOf(id)
      if (life.attempt === attempt) this.end(life)
    })
    this.fullHandler = loop.handler((id, ticket) => {
      const life = lifeOf(id)
      if (life.memoryTicket === ticket && life.isRunning) this.crash(life, 'OOMKilled')
    })
    this.probeHandler = loop.handler((id, code) => lifeOf(id).probing?.fire(code))
  }

  /** The pod has been up and well for long. */
  adopt(life: Life): void {
    const { pod, spec } = life
    life.isUp = true
    this.takeMemory(life)
    if (!hasProbes(spec)) return
    // Its tickers have run for long, too: how they fall to the release is chance.
    const phase = this.tape.stream('probe-phase', pod.id)
    life.probing = this.probingOf(life, -Math.floor(phase.uniform() * longAgoMs))
    life.probing.adopt()
  }

  /**
   * Without probes nobody can tell a container that has begun to run from one whose application answers, so that it counts
   * as running from then on only.
   */
  start(life: Life, delayMs: number): void {
    const { pod, version } = life
    const attempt = ++life.attempt
    const startMs = this.starts.draw(version, pod.ordinal, attempt)
    const { now } = this.loop
    if (hasProbes(life.spec)) {
      life.probing ??= this.probingOf(life, now)
      this.loop.at(now + delayMs, podPriority, this.runHandler, pod.id, attempt)
    }
    this.loop.at(now + delayMs + startMs, podPriority, this.upHandler, pod.id, attempt)
  }

  /** What is wrong with the application has changed. */
  look(life: Life): void {
    const { pod, probing } = life
    if (!pod.running || pod.deleted || pod.isLost || !life.isUp) return
    if (life.has('crash-loop')) return this.crash(life, 'Error')
    if (probing) probing.wake()
    else this.cluster.setReady(pod, !life.has('not-ready'))
  }

  crash(life: Life, reason: EndReason): void {
    life.pod.isStruckDown = true
    this.stop(life, reason, false)
  }

  /** The pod is deleted. */
  terminate(life: Life): void {
    const { pod, spec } = life
    life.probing?.containerStopped()
    life.attempt++
    if (!pod.running) return this.listener.ended(life)
    this.endLater(life, life.graceMs ?? spec.graceMs)
  }

  /** Nothing that was to come happens: the machine is gone. */
  vanish(life: Life): void {
    life.attempt++
    life.memoryTicket++
    life.probing?.containerStopped()
  }

  /** Its containers start anew after the machine has. */
  comeBack(life: Life): void {
    life.isUp = false
    // What the kubelet knew of earlier ends is forgotten with the process.
    life.restarts = undefined
    if (life.pod.running) this.stop(life, 'Error', false)
    else this.listener.restarts(life, 0)
  }

  /** From now on, after each restart, too, unless it ends with the container; undefined when it is over. */
  leak(life: Life, leak: Leak | undefined): void {
    const { pod } = life
    life.leak = leak
    if (!life.isRunning) return
    if (pod.memory) pod.memory.leak(this.loop.now, leak)
    else this.takeMemory(life)
    this.awaitFull(life)
  }

  /** Requests have left so much behind in its memory. */
  fill(life: Life, bytes: number): void {
    const { memory } = life.pod
    if (!life.isRunning || memory === undefined) return
    memory.fill(bytes)
    this.awaitFull(life)
  }

  private run(life: Life): void {
    const { pod, probing } = life
    this.takeMemory(life)
    this.cluster.started(pod)
    if (!probing) return
    probing.containerStarted()
    if (life.spec.startup === undefined && life.spec.readiness === undefined) this.cluster.setReady(pod, true)
  }

  private up(life: Life): void {
    const { pod, probing } = life
    if (life.has('crash-loop')) return this.crash(life, 'Error')
    if (!probing) this.run(life)
    life.isUp = true
    this.cluster.setAnswers(pod, true)
    if (probing) probing.wake()
    else if (!life.has('not-ready')) this.cluster.setReady(pod, true)
  }

  private stop(life: Life, reason: EndReason, isKilled: boolean): void {
    const { pod } = life
    life.probing?.containerStopped()
    life.isUp = false
    life.isEnding = false
    life.memoryTicket++
    if (life.leak?.endsWithContainer) life.leak = undefined
    pod.memory = undefined
    pod.lastEnd = reason
    this.cluster.setReady(pod, false)
    this.cluster.setAnswers(pod, false)
    if (pod.deleted) return this.listener.ended(life)
    life.restarts ??= new RestartBackOff()
    const waitMs = life.restarts.ended(this.loop.now, isKilled)
    pod.heldBackUntilMs = this.loop.now + waitMs
    this.listener.restarts(life, waitMs)
    this.cluster.restarted(pod)
  }

  private condemn(life: Life, kind: ProbeKind): void {
    const { pod, spec } = life
    const reason = `failed ${kind.toLowerCase()} probe`
    this.cluster.tell(pod.name, 'Killing', `Container ${reason}, will be restarted`)
    life.attempt++
    const { graceMs } = (kind === 'Startup' ? spec.startup : spec.liveness) ?? {}
    this.endLater(life, graceMs ?? spec.graceMs)
  }

  /** First the hook, then SIGTERM, and SIGKILL when the grace period is over: it counts from the hook's beginning. */
  private endLater(life: Life, graceMs: number): void {
    const { pod, spec, version } = life
    life.isEnding = true
    const hookMs = Math.min(graceMs, spec.preStop === 'hook' ? this.hookMs : (spec.preStop ?? 0))
    const leftMs = Math.max(leastGraceMs, graceMs - Math.floor(hookMs / 1000) * 1000)
    // What hangs doesn't hear the signal, what has just begun to start does.
    const wantsMs = life.has('hang')
      ? Number.POSITIVE_INFINITY
      : life.isUp
        ? (this.plan.shutdownsMs?.[version] ?? 0)
        : 0
    pod.lastEnd = wantsMs <= leftMs ? 'Completed' : 'Error'
    const endMs = hookMs + Math.min(wantsMs, leftMs)
    if (endMs === 0) this.end(life)
    else this.loop.at(this.loop.now + endMs, podPriority, this.endHandler, pod.id, life.attempt)
  }

  private end(life: Life): void {
    this.stop(life, life.pod.lastEnd, true)
  }

  private probingOf(life: Life, originMs: number): Probing {
    const { pod } = life
    const { cluster, loop } = this
    const probed = {
      look: (kind: ProbeKind) => look(life, kind),
      turned: (isReady: boolean) => cluster.setReady(pod, isReady),
      condemned: (kind: ProbeKind) => this.condemn(life, kind),
      failed: (kind: ProbeKind, seen: Look) => cluster.tell(pod.name, 'Unhealthy', `${kind} probe failed: it ${seen}`),
      later: (atMs: number, code: number) => loop.at(atMs, podPriority, this.probeHandler, pod.id, code),
    }
    return new Probing(life.spec, probed, () => loop.now, originMs)
  }

  private takeMemory(life: Life): void {
    const { version, leak, pod, spec } = life
    const plan = this.plan.memories?.[version]
    const limitBytes = Math.min(plan?.limitBytes ?? noLimit, spec.memoryLimitBytes ?? noLimit)
    // What never changes is known without being kept for each pod.
    const grows = leak !== undefined || (plan?.growthBytesPerMs ?? 0) > 0 || (plan?.perRequestBytes ?? 0) > 0
    if (!grows && (plan?.baseBytes ?? 0) < limitBytes) return
    pod.memory = new Memory({ baseBytes: 0, growthBytesPerMs: 0, ...plan, limitBytes }, this.loop.now, leak)
    this.awaitFull(life)
  }

  private awaitFull(life: Life): void {
    const { pod } = life
    life.memoryTicket++
    const fullAtMs = pod.memory?.fullAtMs ?? Number.POSITIVE_INFINITY
    if (fullAtMs === Number.POSITIVE_INFINITY) return
    this.loop.at(Math.max(this.loop.now, fullAtMs), podPriority, this.fullHandler, pod.id, life.memoryTicket)
  }

  /** Of a start of a container, unless that is over. */
  private handler(act: (life: Life) => void): number {
    return this.loop.handler((id, attempt) => {
      const life = this.lifeOf(id)
      if (!life.pod.deleted && life.attempt === attempt) act(life)
    })
  }
}

/** Until the application listens its connections are refused; once it hangs they are taken and nothing comes. */
function look(life: Life, kind: ProbeKind): Look {
  if (!life.isUp) return 'is refused'
  if (life.has('hang')) return 'times out'
  return kind === 'Readiness' && life.has('not-ready') ? 'fails' : 'passes'
}
