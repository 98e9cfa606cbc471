// What becomes of the program when nobody takes what it prints any more.
import type { Writable } from 'node:stream'
import { afterBrokenPipe, outputFailed } from './exit-codes.js'

/** Output that can't be written ends the program: quietly when a reader such as `head` has seen enough. */
export function guardOutput(stdout: Writable, stderr: Writable, exit: (code: number) => void): void {
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') stderr.write(`The output cannot be written: ${message}\n`)
    exit(code === 'EPIPE' ? afterBrokenPipe : outputFailed)
  })
  // Nobody is left to be told.
  stderr.on('error', () => {})
}
