// A container without a runtime: the pod's own command, run here as a process, with its ConfigMap in a folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node'

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'src', 'cli', 'main.js')

export interface Ran {
  readonly exitCode: number
  readonly log: string
}

export class Container {
  log = ''
  readonly ended: Promise<Ran>
  private readonly process: ChildProcess
  private readonly folder = mkdtempSync(join(tmpdir(), 'coalmine-pod-'))

  constructor(pod: V1Pod, configMap: V1ConfigMap) {
    const [container] = pod.spec!.containers
    const [mount] = container!.volumeMounts!
    const volume = pod.spec!.volumes!.find(({ name }) => name === mount!.name)!
    if (volume.configMap?.name !== configMap.metadata!.name) throw new Error('the pod mounts another ConfigMap')
    mkdirSync(this.folder, { recursive: true })
    for (const [key, data] of Object.entries(configMap.binaryData ?? {})) {
      writeFileSync(join(this.folder, key), Buffer.from(data, 'base64'))
    }
    const [name, ...args] = container!.command!
    if (name !== 'coalmine') throw new Error(`there is no ${name} on the PATH`)
    const inside = args.map((arg) => arg.replace(mount!.mountPath, this.folder))
    const env = { PATH: process.env['PATH'], JOB_COMPLETION_INDEX: indexOf(pod) }
    this.process = spawn(process.execPath, [program, ...inside], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.log += text
      })
    }
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        rmSync(this.folder, { recursive: true, force: true })
        resolve({ exitCode: code ?? (signal === 'SIGKILL' ? 137 : 143), log: this.log })
      })
    })
  }

  kill(): void {
    this.process.kill('SIGKILL')
  }
}

export function indexOf(pod: V1Pod): string {
  return pod.metadata!.annotations!['batch.kubernetes.io/job-completion-index']!
}

/** What becomes of a pod, beside running its command. */
export interface Fate {
  /** What its container waits for, for ever. */
  readonly waits?: { readonly reason: string; readonly message: string }
  /** Why there is no node for it. */
  readonly unschedulable?: string
  /** How it ends instead. */
  readonly ends?: {
    readonly exitCode: number
    readonly reason: string
    readonly log?: string
    readonly message?: string
  }
  /** What is left of its log. */
  readonly log?: (log: string) => string
  /** It never ends. */
  readonly hangs?: boolean
}

/** `attempt` counts the pods of an index, from 1. */
export type Script = (index: number, attempt: number) => Fate
