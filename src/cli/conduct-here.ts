// Flies jobs for a command: on as many processors as it may, with progress for who looks on, until Ctrl-C.
import { availableParallelism } from 'node:os'
import { blockRuns, conduct, type Job, type Result } from '../study/conduct.js'
import { type Crew, Elastic, OwnPilot, Workers } from '../study/crew.js'
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
  const crew = crewFor(jobs, workers)
  const stop = new AbortController()
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
    stop.abort()
  }
  process.once('SIGINT', interrupt)
  const isTold = process.stderr.isTTY && process.env['CI'] === undefined
  const told = (job: Job, result: Result) => {
    if (isTold) process.stderr.write(`\r\u001b[K${progress(job, result)}`)
    if (isOver?.(job, result)) stop.abort()
  }
  try {
    const results = await conduct(jobs, crew, { signal: stop.signal, told })
    if (isInterrupted) tellInterrupted(jobs, results, isTold)
    return results
  } finally {
    process.off('SIGINT', interrupt)
    if (isTold) process.stderr.write('\r\u001b[K')
    await crew.end()
  }
}

function crewFor(jobs: readonly Job[], workers: number | undefined): Crew {
  if (workers !== undefined) return workers === 1 ? new OwnPilot() : new Workers(workers)
  const blocks = jobs.reduce((sum, { runs, likelyRuns = runs }) => sum + Math.ceil(likelyRuns / blockRuns), 0)
  return new Elastic(availableParallelism(), blocks)
}

function tellInterrupted(jobs: readonly Job[], results: readonly Result[], isTold: boolean): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const done = sum(results.map(({ runs }) => runs))
  const wanted = sum(jobs.map(({ runs, likelyRuns = runs }) => likelyRuns))
  process.stderr.write(`${isTold ? '\r\u001b[K' : ''}Interrupted: ${done} of ${wanted} runs were finished.\n`)
  process.exitCode = afterInterrupt
}
