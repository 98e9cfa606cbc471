// Writes a file that somebody has asked for; what keeps it from being written is told, and is no defect.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { outputFailed } from './exit-codes.js'

/** With the folders that it is in. Whether it is there now. */
export function writeOrTell(file: string, text: string): boolean {
  try {
    makeFolder(dirname(file))
    writeFileSync(file, text)
    return true
  } catch (error) {
    tellUnwritten(file, error)
    return false
  }
}

export function tellUnwritten(file: string, error: unknown): void {
  process.stderr.write(`error: ${file} could not be written: ${(error as NodeJS.ErrnoException).message}\n`)
  process.exitCode = outputFailed
}

/** One after the other: below /proc Node's own `recursive` never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}
