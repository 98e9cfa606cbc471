// Programs that run until they are told to end: flights that are served, and those who ask them.
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ended, program, root } from './coalmine.js'

export class Running {
  readonly ended: Promise<Ended>
  private readonly child: ChildProcess
  private stdout = ''
  private stderr = ''
  private isOver = false

  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
    this.child.stdout!.on('data', (text) => {
      this.stdout += text
    })
    this.child.stderr!.on('data', (text) => {
      this.stderr += text
    })
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject)
      this.child.on('close', (status) => {
        this.isOver = true
        resolve({ status, stdout: this.stdout, stderr: this.stderr })
      })
    })
  }

  /** What it has said on standard error, as soon as that matches. */
  async said(pattern: RegExp): Promise<RegExpMatchArray> {
    return eventually(async () => {
      const found = this.stderr.match(pattern)
      if (!found && this.isOver) throw new Error(`it ended without saying ${pattern}: ${this.stderr}`)
      return found ?? undefined
    })
  }

  end(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    if (!this.isOver) this.child.kill(signal)
    return this.ended
  }
}

/** `coalmine run … --serve` on a free port, and where it is. */
export async function served(args: readonly string[]): Promise<{ running: Running; address: string }> {
  const running = new Running(process.execPath, [program, 'run', ...args, '--serve', '--port', '0'])
  const [, address] = await running.said(/ is at (http:\/\/127\.0\.0\.1:\d+)/)
  return { running, address: address! }
}

const patienceMs = 60_000

/** What is looked for, as soon as it is there. */
export async function eventually<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  const beganMs = performance.now()
  while (performance.now() - beganMs < patienceMs) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
  throw new Error(`it didn't happen within ${patienceMs / 1000} s`)
}
