// Flies jobs for a command: on as many processors as it may, with progress for who looks on, until Ctrl-C.
import { availableParallelism } from 'node:os'
import { blockRuns, conduct, type Job, type Result } from '../study/conduct.js'
import { type Crew, Elastic, type LuckyCrew, OwnPilot, Workers } from '../study/crew.js'
import { afterInterrupt } from './exit-codes.js'

export interface Conduct {
  readonly workers: number | undefined
  /** For who looks on: a line. */
  progress(job: Job, result: Result): string
  /** Whether what has been flown is all that is wanted. */
  isOver?(job: Job, result: Result): boolean
}

/** What is finished when somebody interrupts is reported, and the exit code says so. */
export async function conductHere(
  jobs: readonly Job[],
  { workers, progress, isOver }: Conduct,
): Promise<readonly Result[]> {
  return whileFlying(crewFor(jobs, workers), async (crew, { signal, stop, tell, isInterrupted }) => {
    const told = (job: Job, result: Result) => {
      tell(progress(job, result))
      if (isOver?.(job, result)) stop()
    }
    const results = await conduct(jobs, crew, { signal, told })
    if (isInterrupted()) {
      tell('')
      tellInterrupted(jobs, results)
    }
    return results
  })
}

export interface Aloft {
  readonly signal: AbortSignal
  /** Ends it early. */
  stop(): void
  /** For who looks on: a line. */
  tell(progress: string): void
  /** Whether Ctrl-C has ended it. */
  isInterrupted(): boolean
}

/** Lets a crew work until Ctrl-C. */
export async function whileFlying<Hired extends Pick<Crew, 'end'>, Came>(
  crew: Hired,
  work: (crew: Hired, aloft: Aloft) => Promise<Came>,
): Promise<Came> {
  const abort = new AbortController()
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
    abort.abort()
  }
  process.once('SIGINT', interrupt)
  const isTold = process.stderr.isTTY && process.env['CI'] === undefined
  const write = (text: string) => {
    if (isTold) process.stderr.write(`\r\u001b[K${text}`)
  }
  const { signal } = abort
  try {
    return await work(crew, { signal, stop: () => abort.abort(), tell: write, isInterrupted: () => isInterrupted })
  } finally {
    process.off('SIGINT', interrupt)
    write('')
    await crew.end()
  }
}

/** For what takes as long as it does: there is enough for each of them. */
export function luckyCrew(workers = availableParallelism()): Crew & LuckyCrew {
  return workers === 1 ? new OwnPilot() : new Workers(workers)
}

function crewFor(jobs: readonly Job[], workers: number | undefined): Crew {
  if (workers !== undefined) return luckyCrew(workers)
  const blocks = jobs.reduce((sum, { runs, likelyRuns = runs }) => sum + Math.ceil(likelyRuns / blockRuns), 0)
  return new Elastic(availableParallelism(), blocks)
}

function tellInterrupted(jobs: readonly Job[], results: readonly Result[]): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const done = sum(results.map(({ runs }) => runs))
  const wanted = sum(jobs.map(({ runs, likelyRuns = runs }) => likelyRuns))
  process.stderr.write(`Interrupted: ${done} of ${wanted} runs were finished.\n`)
  process.exitCode = afterInterrupt
}
