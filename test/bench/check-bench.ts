// How long `coalmine check` takes as a person waits for it: a process of its own, from its start to its last line; beside,
// how many times as long as a Node that does nothing, started right before it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

export interface CheckBenchResult {
  readonly check: Readonly<Record<string, Wait>>
  /** Of ten Rollouts in a folder of 50 manifests. */
  readonly checkMany: Wait
  readonly manifests: number
}

interface Wait {
  readonly seconds: number
  readonly overBare: number
}

export interface CheckBenchOptions {
  readonly rounds: number
  /** Names of shipped policies; all of them, if left out. */
  readonly policies?: readonly string[]
  /** How often each fault is flown; as often as check does by itself, if left out. */
  readonly runs?: number
}

/** This runs as it is written, and built. */
const above = resolve(import.meta.dirname, '..', '..')
const root = basename(above) === 'dist' ? dirname(above) : above
const program = join(root, 'dist', 'program', 'cli', 'main.js')
const scenarios = join(root, 'scenarios')

export function checkBench({ rounds, policies = shipped(), runs }: CheckBenchOptions): CheckBenchResult {
  const many = mkdtempSync(join(tmpdir(), 'coalmine-bench-'))
  try {
    const manifests = writeMany(many)
    const more = runs === undefined ? [] : ['--runs', String(runs)]
    const check = policies.map((name) => [name, waitFor(join(scenarios, name), more, rounds)] as const)
    return { check: Object.fromEntries(check), checkMany: waitFor(many, more, rounds), manifests }
  } finally {
    rmSync(many, { recursive: true })
  }
}

function shipped(): readonly string[] {
  return readdirSync(scenarios).filter((name) => existsSync(join(scenarios, name, 'rollout.yaml')))
}

/** By turns, so that both meet the machine as it is at the time. */
function waitFor(path: string, more: readonly string[], rounds: number): Wait {
  const waits = Array.from({ length: rounds }, () => {
    const bare = secondsOf(['-e', '0'], [0])
    const seconds = secondsOf([program, 'check', path, ...more], [0, 1])
    return { seconds, overBare: seconds / bare }
  })
  return { seconds: median(waits.map(({ seconds }) => seconds)), overBare: median(waits.map((wait) => wait.overBare)) }
}

function secondsOf(args: readonly string[], fine: readonly number[]): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const seconds = (performance.now() - start) / 1000
  if (status === null || !fine.includes(status)) throw new Error(stderr)
  return seconds
}

/** Ten teams that have the same policy, each manifest in a file of its own. */
function writeMany(folder: string): number {
  const one = join(scenarios, 'good-release')
  let count = 0
  for (let team = 0; team < 10; team++) {
    for (const name of readdirSync(one)) {
      const text = readFileSync(join(one, name), 'utf8').replaceAll(/\bshop\b/g, `shop${team}`)
      for (const document of text.replaceAll(/\bsuccess-rate\b/g, `success-rate-${team}`).split('---\n')) {
        writeFileSync(join(folder, `${count++}.yaml`), document)
      }
    }
  }
  return count
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
