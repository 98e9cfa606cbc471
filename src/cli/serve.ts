// `coalmine run --serve`: a flight that answers as the Prometheus that watched it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plan } from '../run/plan.js'
import type { RunRecord } from '../run/record.js'
import { type Reply, type Request, ServedFlight, TooManySamples } from '../run/served-flight.js'
import { instant } from '../scenario/instant.js'
import { afterInterrupt, badInput, portTaken } from './exit-codes.js'
import { type Listener, listen } from './listener.js'

export interface ServeOptions {
  readonly port?: number
  readonly wallClock?: boolean
  readonly version: string
}

/** What becomes of it. */
export interface Told {
  /** The outcome: of the whole flight, or of as much as there was. */
  landed(record: RunRecord): void
  /** An error that no request should cause. */
  defect(error: unknown): void
}

/** Where Prometheus listens. */
const defaultPort = 9090
/** Between two looks at the wall clock. */
const tickMs = 100

/** Returns the exit code. */
export async function serve(plan: Plan, seed: number, options: ServeOptions, told: Told): Promise<number> {
  const flight = new ServedFlight(plan, seed, options.version)
  const listener = await tryToListen(options.port ?? defaultPort, answering(flight, told))
  if (!listener) return portTaken
  try {
    return await (options.wallClock ? flyAlong(flight, listener, told) : flyAtOnce(flight, listener, told))
  } catch (error) {
    if (!(error instanceof TooManySamples)) throw error
    tell(`error: ${error.message}: scrape it less often, or make it shorter`)
    return badInput
  } finally {
    listener.close()
  }
}

async function flyAtOnce(flight: ServedFlight, listener: Listener, told: Told): Promise<number> {
  flight.advance(flight.durationMs)
  const end = interruption()
  const { startsAtMs, durationMs } = flight
  const [from, to] = [startsAtMs, startsAtMs + durationMs]
  tell(`The flight's Prometheus is at ${listener.address} until Ctrl-C: read only, and for this machine alone.`)
  tell(`Its samples are from ${instant.format(from)} to ${instant.format(to)}: ?from=${from}&to=${to} in Grafana.`)
  told.landed(flight.land())
  await new Promise((resolve) => end.addEventListener('abort', resolve))
  return 0
}

async function flyAlong(flight: ServedFlight, listener: Listener, told: Told): Promise<number> {
  const end = interruption()
  const { startsAtMs, durationMs } = flight
  tell(`The flight's Prometheus is at ${listener.address}: read only, and for this machine alone.`)
  tell(
    `It goes on from now until ${instant.format(startsAtMs + durationMs)}, or Ctrl-C: ?from=${startsAtMs}&to=now in Grafana.`,
  )
  while (flight.timeMs < durationMs && !end.aborted) {
    flight.advance(Math.min(durationMs, Date.now() - startsAtMs))
    await sleep(tickMs, undefined, { signal: end }).catch(() => {})
  }
  if (flight.timeMs >= durationMs) {
    told.landed(flight.land())
    return 0
  }
  tell(`Interrupted ${Math.round(flight.timeMs / 1000)} s after the start, of ${durationMs / 1000}.`)
  if (flight.isReleased) told.landed(flight.land())
  else tell('Nothing had been released yet.')
  return afterInterrupt
}

/** Undefined after why not has been told. */
async function tryToListen(port: number, answer: (request: Request) => Reply): Promise<Listener | undefined> {
  try {
    return await listen(port, answer)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const why = code === 'EADDRINUSE' ? `port ${port} of 127.0.0.1 is taken` : message
    tell(`error: ${why}. Choose another with --port, or --port 0 for any that is free.`)
    return undefined
  }
}

function answering(flight: ServedFlight, told: Told): (request: Request) => Reply {
  return (request) => {
    const beganMs = performance.now()
    try {
      return flight.answer(request, () => performance.now() - beganMs)
    } catch (error) {
      told.defect(error)
      const body = JSON.stringify({ status: 'error', errorType: 'internal', error: String(error) })
      return { status: 500, headers: { 'Content-Type': 'application/json' }, body }
    }
  }
}

/** Ctrl-C, or whoever else asks the process to end. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
