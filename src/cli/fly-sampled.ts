// One flight with some of its requests written to a log as they come.
import { setImmediate as immediate } from 'node:timers/promises'
import { RecordedFlight } from '../run/fly.js'
import type { Plan } from '../run/plan.js'
import type { RunRecord } from '../run/record.js'
import { afterInterrupt, outputFailed } from './exit-codes.js'
import { type LineSink, logFile, logStream, standardOutput } from './log-file.js'

/** Undefined if there is no record, after it has been told why. */
export async function flySampled(
  plan: Plan,
  seed: number,
  path: string,
  every: number,
): Promise<RunRecord | undefined> {
  const cannotWrite = (error: unknown) => {
    process.stderr.write(`error: ${path} cannot be written: ${(error as Error).message}\n`)
    process.exitCode = outputFailed
    return undefined
  }
  let sink: LineSink
  try {
    sink = path === standardOutput ? logStream(process.stdout) : logFile(path)
  } catch (error) {
    return cannotWrite(error)
  }
  try {
    const record = await fly(plan, seed, every, sink)
    if (record === undefined) return undefined
    sink.finish()
    return record
  } catch (error) {
    sink.discard()
    if (isOfFileSystem(error)) return cannotWrite(error)
    throw error
  }
}

/** Bit by bit, so that Ctrl-C is noticed; undefined after it. */
async function fly(plan: Plan, seed: number, every: number, sink: LineSink): Promise<RunRecord | undefined> {
  const { durationMs } = plan.scenario
  let interrupted = false
  const interrupt = () => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  const flight = new RecordedFlight(plan, seed, () => {}, { every, write: (line) => sink.write(line) })
  for (let bit = 1; bit <= BITS && !interrupted; bit++) {
    flight.flying.advance((durationMs * bit) / BITS)
    await immediate()
  }
  const record = interrupted ? undefined : flight.land()
  process.off('SIGINT', interrupt)
  if (!interrupted) return record
  sink.discard()
  process.stderr.write('Interrupted: no log was written.\n')
  process.exitCode = afterInterrupt
  return undefined
}

const BITS = 200

function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
