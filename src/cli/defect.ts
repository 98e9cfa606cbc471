// What is said of an error that no input should cause.
import { existsSync } from 'node:fs'
import { quoted } from '../report/words.js'
import { FailedFlight } from '../study/failed-flight.js'
import { ourDefect } from './exit-codes.js'

/** Of a flight that failed, the line flies it again, unless another is known that does. */
export function tellDefect(error: unknown, version: string, again: (failed: FailedFlight) => string = alone): void {
  const isFlight = error instanceof FailedFlight
  const command = isFlight ? again(error) : typed()
  process.stderr.write(defectText(isFlight ? error.cause : error, command, version))
  process.exitCode = ourDefect
}

export function defectText(error: unknown, command: string, version: string): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = `This is a defect of coalmine ${version}, not of your input.`
  return `${line} Please report it with this line, which replays it:\n  ${command}\n${text}\n`
}

/** Where its world stands in a file; otherwise the same command comes to it. */
function alone(failed: FailedFlight): string {
  const isInFile = existsSync(failed.recipe.scenario)
  return isInFile ? replayLineOf(failed) : typed('--seed', String(failed.seed), '--runs', '1')
}

/** The one flight, as the command line would fly it again. */
export function replayLineOf({ recipe: { scenario, policy }, seed }: Pick<FailedFlight, 'recipe' | 'seed'>): string {
  return line('run', scenario, '--seed', String(seed), ...(policy === undefined ? [] : ['--policy', ...policy]))
}

/** The command as somebody has typed it, with more options. */
export function typed(...more: readonly string[]): string {
  return line(...process.argv.slice(2), ...more)
}

function line(...words: readonly string[]): string {
  return ['coalmine', ...words].map(quoted).join(' ')
}
