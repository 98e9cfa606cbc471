// Flies jobs on a cluster for a command: with progress for who looks on, until Ctrl-C.
import { grouped } from '../report/words.js'
import { limits } from '../scenario/limits.js'
import type { Problems } from '../scenario/problem.js'
import { formatBytes } from '../scenario/units.js'
import type { Job, Result } from '../study/conduct.js'
import { type Access, chooseAccess } from '../study/kubernetes/kubeconfig.js'
import { blocksIn } from '../study/kubernetes/parcel.js'
import { flyOnCluster, type Landed, TooLarge } from '../study/kubernetes/voyage.js'
import type { Progress } from '../study/kubernetes/watch.js'
import { afterInterrupt, badInput, clusterFailed, ourDefect } from './exit-codes.js'
import type { OnKubernetes } from './kubernetes-options.js'

export function accessFor(on: OnKubernetes, problems: Problems): Access | undefined {
  return chooseAccess(on, process.env, problems)
}

/** Undefined where nothing has been flown; what is finished when somebody interrupts, or the cluster fails, is reported. */
export async function flyOnKubernetes(
  jobs: readonly Job[],
  access: Access,
  on: OnKubernetes,
  version: string,
): Promise<readonly Result[] | undefined> {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  const wantedRuns = jobs.reduce((sum, { runs }) => sum + runs, 0)
  const teller = new Teller(wantedRuns)
  try {
    const blocks = jobs.reduce((sum, job) => sum + blocksIn(job), 0)
    const landed = await flyOnCluster(jobs, {
      access,
      wanted: { ...on, shards: Math.min(on.shards, blocks), workers: threadsFor(on.cpu), version },
      signal: stop.signal,
      told: (progress) => teller.told(progress),
      note: (text) => teller.say(`note: ${text}`),
    })
    teller.end()
    return outcome(landed, wantedRuns, stop.signal.aborted)
  } catch (error) {
    teller.end()
    if (!(error instanceof TooLarge)) throw error
    const most = `a ConfigMap holds ${formatBytes(limits.parcelBytes)}`
    process.stderr.write(
      `error: what the scenarios are made from takes ${grouped(error.bytes)} bytes when compressed, and ${most}: test fewer at once\n`,
    )
    process.exitCode = badInput
    return undefined
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
  }
}

function outcome(
  { results, landed, shards, failure }: Landed,
  wantedRuns: number,
  isInterrupted: boolean,
): readonly Result[] | undefined {
  const runs = results.reduce((sum, result) => sum + result.runs, 0)
  const finished = `${landed} of ${shards} shards, ${runs} of ${wantedRuns} runs, were finished.`
  if (failure) {
    process.stderr.write(`error: ${failure.message}\n${landed > 0 ? `${finished}\n` : ''}`)
    process.exitCode = failure.isDefect ? ourDefect : clusterFailed
    return landed > 0 ? results : undefined
  }
  if (isInterrupted && landed < shards) {
    process.stderr.write(`Interrupted: ${finished}\n`)
    process.exitCode = afterInterrupt
  }
  return results
}

/** As many as it has whole processors. */
function threadsFor(cpu: string): number {
  const processors = cpu.endsWith('m') ? Number.parseInt(cpu, 10) / 1000 : Number(cpu)
  return Math.max(1, Math.floor(processors))
}

/** One line that changes, where somebody looks on, and what is said beside it. */
class Teller {
  private readonly isTold = process.stderr.isTTY && process.env['CI'] === undefined
  private line = ''

  constructor(private readonly wantedRuns: number) {}

  told({ landed, shards, runs, flying, waiting }: Progress): void {
    this.line = `${landed} of ${shards} shards, ${runs} of ${this.wantedRuns} runs; ${flying} fly, ${waiting} wait`
    if (this.isTold) process.stderr.write(`\r\u001b[K${this.line}`)
  }

  say(text: string): void {
    process.stderr.write(this.isTold ? `\r\u001b[K${text}\n${this.line}` : `${text}\n`)
  }

  end(): void {
    if (this.isTold) process.stderr.write('\r\u001b[K')
  }
}
