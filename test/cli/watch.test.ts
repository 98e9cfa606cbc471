// `--watch` draws twenty frames a second at most, keeps to its speed, and ends on how the flight ended.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.js'
import { type Terminal, watch } from '../../src/cli/watch.js'
import { noColours } from '../../src/report/paint.js'
import { flyRecorded } from '../../src/run/fly.js'
import { prepare } from '../../src/run/plan.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { root } from './coalmine.js'

const problems = new Problems()
const file = readScenario(join(root, 'scenarios', 'three-replicas.yaml'), nodeFiles, problems)
const plan = prepare('three-replicas', file, readManifests(file!.policy, nodeFiles, problems), problems)!
const record = flyRecorded(plan, 1)

/** A terminal whose time passes in sleep, and as much as it takes to draw a frame. */
function watched(speed: number, drawingMs: number) {
  const frames: { readonly atMs: number; readonly clock: string; readonly text: string }[] = []
  let nowMs = 0
  const terminal: Terminal = {
    write(text) {
      frames.push({ atMs: nowMs, clock: /release: {2}(\S+)/.exec(text)![1]!, text })
      nowMs += drawingMs
    },
    nowMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms
    },
  }
  watch(plan, record, speed, noColours, terminal)
  return frames
}

it('lets the simulated clock tick at the speed asked for, also while nothing changes', () => {
  const frames = watched(60, 0)
  expect(frames.slice(0, 3).map(({ clock }) => clock)).toEqual(['+00:00.0', '+00:03.0', '+00:06.0'])
  expect(frames.slice(0, 3).map(({ atMs }) => atMs)).toEqual([0, 50, 100])
  const lastChangeMs = record.timeline.at(-1)!.atMs - record.times.releasedMs
  expect(frames.length).toBe(Math.ceil(lastChangeMs / 3000) + 2)
})

it('ends on the state at the end of the flight', () => {
  const last = watched(60, 0).at(-1)!
  expect(last.clock).toBe('+25:00.0')
  expect(last.text).toMatch(/Status: +✖ Degraded/)
  expect(last.text).toMatch(/\(stable\)/)
})

it('leaves out frames when drawing takes longer than they last, and keeps to its speed', () => {
  const quick = watched(60, 0)
  const slow = watched(60, 400)
  expect(slow.length).toBeLessThan(quick.length / 6)
  expect(slow.at(-1)!.text).toBe(quick.at(-1)!.text)
  expect(slow.at(-1)!.atMs).toBeLessThan(quick.at(-1)!.atMs + 1000)
})
