// The programs that ask other projects' own functions. test/oracle/build makes them where there is Go; where it isn't,
// tests that would ask one say so and are skipped. COALMINE_ORACLE_SEED repeats a run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { env, stdout } from 'node:process'

export const seed = env['COALMINE_ORACLE_SEED'] ?? String(Date.now())

export class Oracle {
  private readonly path: string

  /** `name` is that of its folder; `asked` who answers through it. */
  constructor(
    name: string,
    private readonly asked: string,
  ) {
    this.path = new URL(`../../dist/oracle/${name}`, import.meta.url).pathname
  }

  /** Whether there is anybody to ask; says what will be asked, or that it won't. */
  isThere(what: string): boolean {
    const found = existsSync(this.path)
    stdout.write(
      found
        ? `Asking ${this.asked} about ${what}, COALMINE_ORACLE_SEED=${seed}\n`
        : `Skipped: asking ${this.asked} about ${what} (test/oracle/build makes what it takes)\n`,
    )
    return found
  }

  /** One line of JSON for each. */
  ask(questions: readonly string[]): readonly string[] {
    const input = questions.map((question) => `${question}\n`).join('')
    const {
      status,
      stdout: output,
      stderr,
      error,
    } = spawnSync(this.path, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
    if (error || status !== 0) throw error ?? new Error(`the oracle ended with ${status}: ${stderr}`)
    const answers = output.trimEnd().split('\n')
    if (answers.length !== questions.length)
      throw new Error(`${answers.length} answers to ${questions.length} questions`)
    return answers
  }
}

export const controller = new Oracle('argo-rollouts', 'the controller')
export const prometheus = new Oracle('prometheus', 'Prometheus')
