// Looks at the Job and its pods again and again, until all shards have landed or it is clear that they won't.
import { setTimeout as sleep } from 'node:timers/promises'
import type { V1Job } from '@kubernetes/client-node'
import { type Api, ClusterError } from './api.js'
import { withoutHandBack } from './hand-back.js'
import { hopelessExitCodes, retries, type Wanted } from './job.js'
import type { Landing } from './landing.js'
import { patienceMs, type Seen, seenIn, type Trouble } from './pod.js'

export interface Progress {
  readonly landed: number
  readonly shards: number
  readonly runs: number
  readonly flying: number
  readonly waiting: number
}

/** How often it looks, and how much faster than by its patience it gives up. */
export interface Pace {
  readonly everyMs: number
  readonly haste: number
}

interface Audience {
  readonly signal: AbortSignal
  readonly pace?: Pace | undefined
  told(progress: Progress): void
  note(text: string): void
}

/** A shard has failed for good. */
export class PodFailed extends ClusterError {
  constructor(
    message: string,
    readonly isDefect: boolean,
  ) {
    super(message)
  }
}

/** Networks and API servers come back. */
const unreachableMs = 60_000
/** A pod's log may lag behind its end, and its node be slow to answer. */
const logMs = 20_000
/** For the Job to be ended by the cluster itself. */
const overtimeMs = 60_000

export class Watch {
  private readonly pace: Pace
  private readonly startedAt = performance.now()
  private answeredAt = this.startedAt
  /** Since when something is the matter. */
  private readonly since = new Map<string, number>()
  private readonly noted = new Set<string>()

  constructor(
    private readonly api: Api,
    private readonly wanted: Wanted,
    private readonly landing: Landing,
    private readonly audience: Audience,
  ) {
    this.pace = audience.pace ?? { everyMs: 1000, haste: 1 }
  }

  /** Or until somebody ends it. Throws a ClusterError where it can't be. */
  async untilLanded(): Promise<void> {
    const { signal } = this.audience
    const ended = new Promise<'ended'>((resolve) =>
      signal.addEventListener('abort', () => resolve('ended'), { once: true }),
    )
    while (!signal.aborted && !this.landing.isWhole) {
      const looked = this.look()
      // Whoever ends it doesn't wait for an answer.
      looked.catch(() => {})
      if ((await Promise.race([looked, ended])) === 'ended') return
      if (!this.landing.isWhole) await sleep(this.pace.everyMs, undefined, { signal }).catch(() => {})
    }
  }

  private async look(): Promise<void> {
    const { api, wanted } = this
    const answer = await this.patiently(() => Promise.all([api.job(wanted.name), api.pods(wanted.name)]))
    if (answer === undefined) return
    const [job, pods] = answer
    const seen = pods.flatMap((pod) => seenIn(pod) ?? [])
    this.tell(seen)
    await this.collect(seen)
    if (this.landing.isWhole) return
    this.tellRetries(seen)
    await this.checkJob(job, seen)
    await this.checkTroubles(job, seen)
    this.checkTime()
  }

  private tell(seen: readonly Seen[]): void {
    const { landing, audience } = this
    const those = (phase: Seen['phase']) => seen.filter((each) => each.phase === phase).length
    const { count: landed, shards, runs } = landing
    audience.told({ landed, shards, runs, flying: those('flies'), waiting: those('waits') })
  }

  /** Undefined where there is no answer for now. */
  private async patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await ask()
      this.answeredAt = performance.now()
      return answer
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (error.status === 404) throw new ClusterError(`somebody has deleted the Job: ${error.message}`, 404)
      if (!error.mayPass || this.isOver(this.answeredAt, unreachableMs)) throw error
      return undefined
    }
  }

  /** Each as soon as it is there: pods and nodes may be gone later. */
  private async collect(seen: readonly Seen[]): Promise<void> {
    const { landing, api } = this
    for (const { shard, name, phase } of seen) {
      if (phase !== 'succeeded' || landing.has(shard)) continue
      const broken = await this.read(shard, () => api.log(name))
      if (broken === undefined || !this.lasts(`log ${shard}`, logMs)) continue
      throw new ClusterError(`shard ${shard}/${landing.shards} has flown, but ${broken}`)
    }
  }

  private async read(shard: number, log: () => Promise<string>): Promise<string | undefined> {
    try {
      const broken = this.landing.land(shard, await log())
      if (broken === undefined) return undefined
      return `${broken}\n  Nodes keep so much of a log as their containerLogMaxSize says: more --shards have shorter ones.`
    } catch (error) {
      // The pod may have gone meanwhile, or its node not answer yet.
      if (error instanceof ClusterError && (error.mayPass || error.status === 404)) return error.message
      throw error
    }
  }

  /** Of those that fail for good it is told why the Job has given up. */
  private tellRetries(seen: readonly Seen[]): void {
    const failed = seen.filter(({ phase }) => phase === 'failed')
    for (const { name, shard, end } of failed) {
      const isLast = failed.filter((each) => each.shard === shard).length > retries
      if (isLast || hopelessExitCodes.includes(end!.exitCode ?? 0)) continue
      this.note(name, `shard ${shard}/${this.landing.shards} failed, and is flown again: ${end!.message}`)
    }
  }

  private async checkJob({ status }: V1Job, seen: readonly Seen[]): Promise<void> {
    const condition = (...types: string[]) =>
      status?.conditions?.find((each) => types.includes(each.type) && each.status === 'True')
    const failed = condition('FailureTarget', 'Failed')
    if (failed) throw await this.failure(failed.reason, failed.message, seen)
    const isAwaited = seen.some(({ shard, phase }) => phase === 'succeeded' && !this.landing.has(shard))
    if (!condition('Complete') || isAwaited || !this.lasts('complete', logMs)) return
    throw new ClusterError('pods were gone before their logs could be read')
  }

  /** Why the Job has given up, with the last words of the pods that made it. */
  private async failure(reason = 'Failed', message = '', seen: readonly Seen[]): Promise<ClusterError> {
    const { landing, wanted } = this
    if (reason === 'DeadlineExceeded') {
      return new ClusterError(`the shards have not flown within --timeout: ${landing.count} of ${landing.shards} have`)
    }
    const failed = seen.filter(({ phase, shard }) => phase === 'failed' && !landing.has(shard))
    const last = new Map(failed.map((each) => [each.shard, each]))
    const told: string[] = []
    for (const each of [...last.values()].slice(0, mostTold)) {
      const count = failed.filter(({ shard }) => shard === each.shard).length
      const times = count > 1 ? ` ${count} times, the last time` : ''
      told.push(
        `shard ${each.shard}/${landing.shards} failed${times}: ${each.end!.message}${await this.lastWords(each)}`,
      )
    }
    if (told.length === 0) told.push(`the Job has failed: ${reason}: ${message}`)
    if (failed.some(({ end }) => end!.message.includes('OOMKilled'))) {
      told.push(`It took more memory than ${wanted.memory}: allow more by --memory.`)
    }
    const isDefect = failed.some(({ end }) => end!.exitCode === defectExitCode)
    return new PodFailed(told.join('\n'), isDefect)
  }

  private async lastWords({ name }: Seen): Promise<string> {
    try {
      const log = withoutHandBack(await this.api.log(name, linesTold)).trimEnd()
      return log === '' ? '' : `\n${log.replace(/^/gm, '    ')}`
    } catch (error) {
      if (error instanceof ClusterError) return `\n    ${error.message}`
      throw error
    }
  }

  /** Of those that wait, and of the Job that may not make pods. */
  private async checkTroubles(job: V1Job, seen: readonly Seen[]): Promise<void> {
    const troubles = seen.flatMap(({ trouble }) => trouble ?? [])
    if (seen.length === 0 && (job.status?.active ?? 0) === 0 && this.lasts('no pods', noPodsMs)) {
      troubles.push(...(await this.refusedPods()))
    }
    const isFlying = seen.some(({ phase }) => phase === 'flies')
    for (const { kind, message } of troubles) {
      this.note(kind, `shards wait: ${message}`)
      if (this.lasts(kind, patienceMs[kind]) && !isFlying) throw new ClusterError(message)
    }
    for (const kind of Object.keys(patienceMs)) {
      if (!troubles.some((each) => each.kind === kind)) this.since.delete(kind)
    }
  }

  /** Whoever may not list events is not told. */
  private async refusedPods(): Promise<readonly Trouble[]> {
    try {
      const warnings = await this.api.warnings(this.wanted.name)
      const last = warnings.findLast(({ reason }) => reason === 'FailedCreate')
      return last ? [{ kind: 'pods', message: `FailedCreate: ${last.message}` }] : []
    } catch (error) {
      if (error instanceof ClusterError) return []
      throw error
    }
  }

  /** The cluster ends the Job; if it doesn't, nobody there does anything. */
  private checkTime(): void {
    const { timeoutSeconds } = this.wanted
    if (!this.isOver(this.startedAt, 1000 * timeoutSeconds + overtimeMs)) return
    throw new ClusterError('the cluster has not ended the Job at its --timeout: is its Job controller running?')
  }

  private note(what: string, text: string): void {
    if (this.noted.has(what)) return
    this.noted.add(what)
    this.audience.note(text)
  }

  /** Whether something has been the matter for so long. */
  private lasts(what: string, ms: number): boolean {
    const since = this.since.get(what) ?? performance.now()
    this.since.set(what, since)
    return this.isOver(since, ms)
  }

  private isOver(since: number, ms: number): boolean {
    return performance.now() - since >= ms / this.pace.haste
  }
}

/** How many shards tell their last words, and how many lines of them. */
const mostTold = 3
const linesTold = 20

/** The Job controller makes them at once, as a rule. */
const noPodsMs = 5_000

/** Of `coalmine` itself. */
const defectExitCode = 70
