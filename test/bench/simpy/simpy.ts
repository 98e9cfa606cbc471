// The same workload in SimPy, where Python 3 has it: by how many times the engine is faster.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export interface SimpyResult {
  readonly version: string
  /** By the number of servers. */
  readonly requestsPerSecond: Readonly<Record<string, number>>
}

/** What keeps it from running, or what it measured. */
export function simpyBench(servers: readonly number[], utilisation: number, requests: number): SimpyResult | string {
  const probe = spawnSync('python3', ['-c', 'import simpy'], { encoding: 'utf8' })
  if (probe.error) return 'python3 is not there'
  if (probe.status !== 0) return `python3 can't import simpy: ${probe.stderr.trim().split('\n').at(-1)}`
  let version = ''
  const requestsPerSecond: Record<string, number> = {}
  for (const count of servers) {
    const script = join('test', 'bench', 'simpy', 'mmc.py')
    const run = spawnSync('python3', [script, `${count}`, `${utilisation}`, `${requests}`], { encoding: 'utf8' })
    if (run.status !== 0) return `${script} failed: ${run.stderr.trim().split('\n').at(-1)}`
    const told: { requestsPerSecond: number; simpy: string } = JSON.parse(run.stdout)
    requestsPerSecond[count] = told.requestsPerSecond
    version = told.simpy
  }
  return { version, requestsPerSecond }
}
