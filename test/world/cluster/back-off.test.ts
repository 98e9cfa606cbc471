// How long the kubelet holds a container back that has ended (1.36, doBackOff of kuberuntime_manager.go).
import { expect, test } from 'vitest'
import { RestartBackOff } from '../../../src/world/cluster/back-off.js'

const seconds = (...values: readonly number[]) => values.map((value) => value * 1000)

/** Waits of a container that ends after it has run so long, again and again. */
function waits(runsMs: readonly number[], isKilled: boolean): readonly number[] {
  const backOff = new RestartBackOff()
  let nowMs = 0
  return runsMs.map((runMs) => {
    const waitMs = backOff.ended(nowMs + runMs, isKilled)
    nowMs += runMs + waitMs
    return waitMs
  })
}

test('what crashes starts again at once, then after 10 s, and twice as late each time, up to 5 minutes', () => {
  expect(waits(Array(9).fill(1000), false)).toEqual(seconds(0, 10, 20, 40, 80, 160, 300, 300, 300))
})

test('ten minutes of running make up for everything', () => {
  expect(waits(seconds(1, 1, 1, 600, 1, 1), false)).toEqual(seconds(0, 10, 20, 0, 10, 20))
  expect(waits(seconds(1, 1, 1, 590, 1), false)[3]).toBe(10_000)
})

test('ten minutes after its start a container is not held back any more, however long it was to wait', () => {
  expect(waits(seconds(1, 1, 1, 1, 1, 1, 480), false).at(-1)).toBe(120_000)
})

test('what the kubelet kills itself waits only if the end before was too short a while ago', () => {
  expect(waits(Array(5).fill(60_000), true)).toEqual(seconds(0, 0, 0, 0, 0))
  expect(waits(Array(7).fill(15_000), true)).toEqual(seconds(0, 0, 0, 20, 40, 80, 160))
})
