// `--watch`: a flight drawn in simulated time, frame by frame.
import type { Paint } from '../report/paint.js'
import { screen } from '../report/screen.js'
import { flyWatched } from '../run/fly.js'
import type { Plan } from '../run/plan.js'
import type { RunRecord } from '../run/record.js'

/** Where frames are drawn, and the real time that passes there. */
export interface Terminal {
  write(text: string): void
  nowMs(): number
  sleep(ms: number): void
}

/** Between two frames, in real time. */
const frameMs = 50

/**
 * Flies once more what was recorded, and holds it up at each frame, so that frames are drawn when they are due and never
 * kept: thousands of pods make a large one. One that is late is left out; the last shows how it ended.
 */
export function watch(plan: Plan, record: RunRecord, speed: number, paint: Paint, terminal: Terminal): void {
  const lastChangeMs = record.timeline.at(-1)?.atMs ?? 0
  const { releasedMs, endMs } = record.times
  const begunMs = terminal.nowMs()
  flyWatched(plan, record.seed, frameMs * speed, lastChangeMs, (flying) => {
    const { now } = flying.loop
    const dueMs = begunMs + (now - releasedMs) / speed
    const leftMs = dueMs - terminal.nowMs()
    const isLast = now >= endMs
    if (leftMs > 0 && !isLast) terminal.sleep(leftMs)
    if (leftMs > -frameMs || isLast) terminal.write(`\u001b[H\u001b[2J${screen(flying, paint)}\n\n`)
  })
}

/** A flight can't be left and resumed, so the process as a whole waits; Ctrl-C ends it all the same. */
export const nodeTerminal: Terminal = {
  write: (text) => {
    process.stdout.write(text)
  },
  nowMs: () => performance.now(),
  sleep: (ms) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  },
}
