// Memory that grows until the kernel kills the container. Times are seconds since the pods were made.
import { expect, test } from 'vitest'
import { clusterOf } from './cluster-of.js'

const mebi = 1024 * 1024
const leaky = { baseBytes: 100 * mebi, growthBytesPerMs: mebi / 1000, limitBytes: 200 * mebi }

test('what leaks is killed at its limit, and starts anew with what it takes at first', () => {
  const { set, run, turns } = clusterOf({ startMs: 4000, memories: [leaky] })
  const { pods } = set(1)
  run(54)
  expect(pods[0]!.memory!.at(55_000)).toBe(150 * mebi)
  run(104.5)
  expect(pods[0]!).toMatchObject({ restarts: 1, lastEnd: 'OOMKilled', ready: false, memory: undefined })
  run(110)
  expect(pods[0]!.memory!.at(111_000)).toBe(102 * mebi)
  expect(turns).toEqual(['1 ready 4', '1 not ready 104', '1 ready 108'])
})

test('the limit of the manifest counts, if it is the smaller one', () => {
  for (const [limit, restarts] of [
    [150, 1],
    [250, 0],
  ] as const) {
    const { set, run } = clusterOf({ startMs: 4000, memories: [leaky], spec: { memoryLimitBytes: limit * mebi } })
    const { pods } = set(1)
    run(60)
    expect(pods[0]!.restarts).toBe(restarts)
  }
})

test('a leak may begin and end, and lasts over restarts', () => {
  const memories = [{ baseBytes: 100 * mebi, growthBytesPerMs: 0, limitBytes: 200 * mebi }]
  const { set, run, leak } = clusterOf({ startMs: 4000, memories })
  const { pods } = set(2)
  run(100)
  expect(pods[0]!.memory).toBeUndefined()
  leak(pods[0]!, { bytesPerMs: (2 * mebi) / 1000 })
  run(149)
  expect(pods.map(({ restarts }) => restarts)).toEqual([0, 0])
  run(151)
  expect(pods.map(({ restarts, lastEnd }) => [restarts, lastEnd])).toEqual([
    [1, 'OOMKilled'],
    [0, ''],
  ])
  run(164)
  expect(pods[0]!.memory!.at(165_000)).toBe(120 * mebi)
  leak(pods[0]!, undefined)
  run(1000)
  expect(pods[0]!.memory!.at(1_001_000)).toBe(120 * mebi)
  expect(pods[0]!.restarts).toBe(1)
})

test('a leak may lose no more than so much, or be killed sooner than the container', () => {
  const memories = [{ baseBytes: 100 * mebi, growthBytesPerMs: 0, limitBytes: 200 * mebi }]
  const { set, run, leak } = clusterOf({ startMs: 4000, memories })
  const { pods } = set(2)
  run(100)
  leak(pods[0]!, { bytesPerMs: mebi / 1000, mostBytes: 30 * mebi })
  leak(pods[1]!, { bytesPerMs: mebi / 1000, limitBytes: 130 * mebi })
  run(120)
  expect(pods[0]!.memory!.at(121_000)).toBe(120 * mebi)
  run(200)
  expect(pods[0]!.memory!.at(201_000)).toBe(130 * mebi)
  expect(pods.map(({ restarts }) => restarts)).toEqual([0, 2])
})

test('a leak that ends with its container kills it once, unless it strikes anew', () => {
  const memories = [{ baseBytes: 100 * mebi, growthBytesPerMs: 0, limitBytes: 200 * mebi }]
  const { set, run, leak } = clusterOf({ startMs: 4000, memories })
  const { pods } = set(1)
  const stress = { bytesPerMs: mebi, mostBytes: 600 * mebi, endsWithContainer: true } as const
  run(100)
  leak(pods[0]!, stress)
  run(1000)
  expect([pods[0]!.restarts, pods[0]!.lastEnd, pods[0]!.ready]).toEqual([1, 'OOMKilled', true])
  leak(pods[0]!, stress)
  run(2000)
  expect([pods[0]!.restarts, pods[0]!.ready]).toEqual([2, true])
})

test('what takes more at its start than it may is killed again and again', () => {
  const { set, run } = clusterOf({ startMs: 4000, memories: [{ ...leaky, limitBytes: 90 * mebi }] })
  const { pods } = set(1)
  run(100)
  expect(pods[0]!.restarts).toBeGreaterThan(3)
  expect(pods[0]!.ready).toBe(false)
})
