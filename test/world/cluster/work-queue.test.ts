// The queue in front of a controller: one time to work at, and later and later ones while the work fails.
import { describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { Program } from '../../../src/world/cluster/program.js'
import { WorkItem, watchDelayMs } from '../../../src/world/cluster/work-queue.js'

describe('A key in the queue', () => {
  it('is worked on once, however often it was asked for', () => {
    const { loop, item, times } = queue()
    item.enqueue()
    item.enqueue()
    loop.run(1000)
    expect(times).toEqual([watchDelayMs])
  })

  it('waits twice as long after each failure, up to ten seconds', () => {
    const { loop, item, times } = queue(() => item.failed())
    item.enqueue()
    loop.run(60_000)
    const gaps = times.slice(1).map((time, index) => time - times[index]!)
    expect(gaps.slice(4, 14)).toEqual([32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 10_000])
  })

  it('is as quick as before once the work is done', () => {
    const { loop, item, times } = queue(() => (times.length < 12 ? item.failed() : item.worked()))
    item.enqueue()
    loop.run(10_000)
    item.enqueue()
    loop.run(20_000)
    expect(times.slice(12)).toEqual([10_000 + watchDelayMs])
  })
})

describe('A program that ends', () => {
  it('takes along what it was asked for, and its back-off', () => {
    const { loop, item, times, program } = queue(() => item.failed())
    item.enqueue()
    loop.run(1_500)
    program.stop()
    item.enqueue()
    loop.run(20_000)
    expect(Math.max(...times)).toBeLessThan(1_500)
    const before = times.length
    program.start()
    loop.run(30_000)
    expect(times).toHaveLength(before)
    item.enqueue()
    loop.run(31_000)
    expect(times.slice(before, before + 2)).toEqual([30_000 + watchDelayMs, 30_000 + 2 * watchDelayMs])
  })

  it('leaves in the middle what it was at', () => {
    const { loop, item, times, program } = queue()
    let isDone = false
    item.enqueue()
    loop.run(100)
    item.holdFor(5_000, () => {
      isDone = true
    })
    program.stop()
    program.start()
    item.enqueue()
    loop.run(10_000)
    expect(isDone).toBe(false)
    expect(times).toEqual([watchDelayMs, 100 + watchDelayMs])
  })
})

it('A program that is slow comes so much later to each key, and once', () => {
  const { loop, item, times, program } = queue()
  program.delayMs = 3_000
  item.enqueue()
  loop.run(1_000)
  item.enqueue()
  loop.run(10_000)
  expect(times).toEqual([3_000 + watchDelayMs])
})

function queue(work: () => void = () => {}) {
  const loop = new Loop()
  const times: number[] = []
  const program = new Program()
  const item: WorkItem = new WorkItem(
    loop,
    () => {
      times.push(loop.now)
      work()
    },
    program,
  )
  return { loop, item, times, program }
}
