// What is said of an error that no input should cause.
import { quoted } from '../report/words.js'

/** One flight, as the command line would fly it again. */
export interface Replay {
  readonly scenario: string
  /** Unknown until the scenario was read. */
  seed: number | undefined
  readonly policy: readonly string[] | undefined
}

export function defectText(error: unknown, command: string, version: string): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = `This is a defect of coalmine ${version}, not of your input.`
  return `${line} Please report it with this line, which replays it:\n  ${command}\n${text}\n`
}

export function replayLine({ scenario, seed, policy }: Replay): string {
  const words = ['coalmine', 'run', scenario]
  if (seed !== undefined) words.push('--seed', String(seed))
  if (policy !== undefined) words.push('--policy', ...policy)
  return words.map(quoted).join(' ')
}
