// The flights of a search, with progress for who looks on, until Ctrl-C.
import { availableParallelism } from 'node:os'
import { blockRuns, conduct, type Job, type Result } from '../study/conduct.js'
import { type Crew, Elastic, OwnPilot, Workers } from '../study/crew.js'
import { type Rung, runsOf } from '../study/tune/schedule.js'
import type { Progress } from '../study/tune/search.js'
import { afterInterrupt } from './exit-codes.js'

export class TuneFlights {
  private readonly crew: Crew
  private readonly stop = new AbortController()
  private readonly interrupt = () => this.stop.abort()
  private readonly isTold = process.stderr.isTTY && process.env['CI'] === undefined
  /** Of all rungs, at most. */
  private readonly planned: number
  private readonly startMs = performance.now()
  private readonly begun: number
  private readonly ofJobs = new Map<Job, number>()
  private flown: number
  private rung: number

  constructor(
    private readonly rungs: readonly Rung[],
    worlds: number,
    { flights, rung }: Progress,
    workers: number | undefined,
  ) {
    this.planned = runsOf(rungs) * worlds
    this.flown = flights
    this.begun = flights
    this.rung = rung
    this.crew = crewFor(workers, this.planned)
    process.once('SIGINT', this.interrupt)
  }

  /** Undefined after an interruption: what a rung came to before its end is not kept. */
  async fly(jobs: readonly Job[]): Promise<readonly Result[] | undefined> {
    const { signal } = this.stop
    const results = await conduct(jobs, this.crew, { signal, told: (job, result) => this.tell(job, result) })
    return signal.aborted ? undefined : results
  }

  climbed({ flights, rung }: Progress): void {
    this.flown = flights
    this.rung = rung
    this.ofJobs.clear()
  }

  /** Says what was finished, if somebody has interrupted it. */
  async end(resume: string | undefined): Promise<void> {
    process.off('SIGINT', this.interrupt)
    if (this.isTold) process.stderr.write('\r\u001b[K')
    await this.crew.end()
    if (!this.stop.signal.aborted) return
    const how = resume === undefined || this.rung === 0 ? '' : `; the same command goes on from ${resume}`
    process.stderr.write(`Interrupted: ${this.rung} of ${this.rungs.length} rungs were finished${how}.\n`)
    process.exitCode = afterInterrupt
  }

  private tell(job: Job, { runs }: Result): void {
    if (!this.isTold) return
    this.ofJobs.set(job, runs * job.task.arms.length)
    const done = this.flown + [...this.ofJobs.values()].reduce((sum, each) => sum + each, 0)
    const passedMs = performance.now() - this.startMs
    const leftMs = (passedMs / Math.max(1, done - this.begun)) * Math.max(0, this.planned - done)
    const left = leftMs < 90_000 ? `${Math.ceil(leftMs / 1000)} s` : `${Math.ceil(leftMs / 60_000)} min`
    const rung = `rung ${this.rung + 1} of ${this.rungs.length}`
    process.stderr.write(`\r\u001b[K${rung}, ${done} of at most ${this.planned} flights, about ${left} left`)
  }
}

function crewFor(workers: number | undefined, flights: number): Crew {
  if (workers !== undefined) return workers === 1 ? new OwnPilot() : new Workers(workers)
  return new Elastic(availableParallelism(), Math.ceil(flights / blockRuns))
}
