// How long `coalmine check` takes as a person waits for it: a process of its own, from its start to its last line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'

export interface CheckBenchResult {
  /** Of one shipped policy, with five manifests. */
  readonly checkSeconds: number
  /** Of ten Rollouts in a folder of 50 manifests. */
  readonly checkManySeconds: number
  readonly manifests: number
}

export interface CheckBenchOptions {
  readonly rounds: number
  /** How often each fault is flown; as often as check does by itself, if left out. */
  readonly runs?: number
}

/** This runs as it is written, and built. */
const above = resolve(import.meta.dirname, '..', '..')
const root = basename(above) === 'dist' ? dirname(above) : above
const policy = join(root, 'scenarios', 'good-release')

export function checkBench({ rounds, runs }: CheckBenchOptions): CheckBenchResult {
  const many = mkdtempSync(join(tmpdir(), 'coalmine-bench-'))
  try {
    const manifests = writeMany(many)
    const more = runs === undefined ? [] : ['--runs', String(runs)]
    return {
      checkSeconds: median(rounds, () => secondsFor(policy, more)),
      checkManySeconds: median(rounds, () => secondsFor(many, more)),
      manifests,
    }
  } finally {
    rmSync(many, { recursive: true })
  }
}

function secondsFor(path: string, more: readonly string[]): number {
  const program = join(root, 'dist', 'program', 'cli', 'main.js')
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [program, 'check', path, ...more], { encoding: 'utf8' })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0 && status !== 1) throw new Error(stderr)
  return seconds
}

/** Ten teams that have the same policy, each manifest in a file of its own. */
function writeMany(folder: string): number {
  let count = 0
  for (let team = 0; team < 10; team++) {
    for (const name of readdirSync(policy)) {
      const text = readFileSync(join(policy, name), 'utf8').replaceAll(/\bshop\b/g, `shop${team}`)
      for (const document of text.replaceAll(/\bsuccess-rate\b/g, `success-rate-${team}`).split('---\n')) {
        writeFileSync(join(folder, `${count++}.yaml`), document)
      }
    }
  }
  return count
}

function median(rounds: number, measure: () => number): number {
  const values = Array.from({ length: rounds }, measure).sort((a, b) => a - b)
  return values[rounds >> 1]!
}
