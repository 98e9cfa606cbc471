// The program that asks the controller's own functions. test/oracle/build makes it where there is Go; where it isn't,
// tests that would ask it say so and are skipped. COALMINE_ORACLE_SEED repeats a run.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { env, stdout } from 'node:process'

const path = new URL('../../dist/oracle/argo-rollouts', import.meta.url).pathname

export const seed = env['COALMINE_ORACLE_SEED'] ?? String(Date.now())

/** Whether there is anybody to ask; says what will be asked, or that it won't. */
export function isThere(what: string): boolean {
  const found = existsSync(path)
  stdout.write(
    found
      ? `Asking the controller about ${what}, COALMINE_ORACLE_SEED=${seed}\n`
      : `Skipped: asking the controller about ${what} (test/oracle/build makes what it takes)\n`,
  )
  return found
}

/** One line of JSON for each. */
export function ask(questions: readonly string[]): readonly string[] {
  const input = questions.map((question) => `${question}\n`).join('')
  const { status, stdout: output, stderr, error } = spawnSync(path, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (error || status !== 0) throw error ?? new Error(`the oracle ended with ${status}: ${stderr}`)
  const answers = output.trimEnd().split('\n')
  if (answers.length !== questions.length) throw new Error(`${answers.length} answers to ${questions.length} questions`)
  return answers
}
