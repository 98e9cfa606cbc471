// A pod of finite capacity, request by request, as plainly as can be: what the approximation is held against.
import type { Stream } from '../../../src/kernel/random.js'
import type { Latency } from '../../../src/world/latency/latency.js'

export interface Played {
  readonly shedShare: number
  readonly timedOutShare: number
  readonly meanWaitMs: number
  /** Of those answered in time, sorted. */
  readonly tookMs: Float64Array
}

/** Who has given up keeps the place in the queue, but no server works on it any more. */
export function playQueue(
  { service, concurrency, queue, timeoutMs = Number.POSITIVE_INFINITY }: QueuePlan,
  ratePerMs: number,
  count: number,
  stream: Stream,
): Played {
  const freeMs = new Float64Array(concurrency)
  const waiting: number[] = []
  const took: number[] = []
  const warmUp = count / 20
  let [nowMs, head, arrived, shed, late, served, waited] = [0, 0, 0, 0, 0, 0, 0]
  const first = () => {
    let best = 0
    for (let server = 1; server < concurrency; server++) if (freeMs[server]! < freeMs[best]!) best = server
    return best
  }
  const serve = (arrivedMs: number, startMs: number, server: number) => {
    const endMs = startMs + service.sample(stream)
    freeMs[server] = endMs
    if (arrived < warmUp) return
    served++
    waited += startMs - arrivedMs
    if (endMs - arrivedMs > timeoutMs) late++
    else took.push(endMs - arrivedMs)
  }
  for (; arrived < count; arrived++) {
    nowMs -= Math.log(1 - stream.uniform()) / ratePerMs
    let server = first()
    while (head < waiting.length && freeMs[server]! <= nowMs) {
      const arrivedMs = waiting[head++]!
      if (freeMs[server]! - arrivedMs <= timeoutMs) serve(arrivedMs, freeMs[server]!, server)
      else if (arrived >= warmUp) late++
      server = first()
    }
    if (freeMs[server]! <= nowMs) serve(nowMs, nowMs, server)
    else if (waiting.length - head < queue) waiting.push(nowMs)
    else if (arrived >= warmUp) shed++
  }
  const all = shed + late + took.length
  return {
    shedShare: shed / all,
    timedOutShare: late / all,
    meanWaitMs: waited / served,
    tookMs: Float64Array.from(took).sort(),
  }
}

interface QueuePlan {
  readonly service: Latency
  readonly concurrency: number
  readonly queue: number
  readonly timeoutMs?: number
}
