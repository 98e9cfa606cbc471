// The agenda gives back what it was given in the order of time, whatever the times are like.
import { describe, expect, it } from 'vitest'
import { standardExponential } from '../../../../src/kernel/exponential.js'
import { type Stream, Tape } from '../../../../src/kernel/random.js'
import { Agenda } from '../../../../src/world/requests/queueing/agenda.js'

const gaps: Readonly<Record<string, (stream: Stream) => number>> = {
  exponential: (stream) => 40 * standardExponential(stream),
  'all alike': () => 25,
  'a thousand times longer for one in a hundred': (stream) =>
    (stream.uniform() < 0.01 ? 40_000 : 40) * stream.uniform(),
  tiny: (stream) => 1e-9 * stream.uniform(),
  days: (stream) => 86_400_000 * stream.uniform(),
  'none at all': () => 0,
}

describe.each(Object.keys(gaps))('Where what is under way takes: %s', (name) => {
  it.each([1, 3, 50, 3000])('with %i under way the earliest always comes first', (pending) => {
    const stream = new Tape(`agenda ${name} ${pending}`).stream('gaps')
    const agenda = new Agenda()
    const due = new Map<number, number>()
    const add = (row: number, nowMs: number) => {
      const timeMs = nowMs + gaps[name]!(stream)
      agenda.add(timeMs, row)
      due.set(row, timeMs)
    }
    let nowMs = 0
    let wrong = 0
    const take = () => {
      const row = agenda.first
      if (!(agenda.nextMs === due.get(row) && agenda.nextMs >= nowMs)) wrong++
      nowMs = agenda.nextMs
      agenda.drop()
      due.delete(row)
      return row
    }
    const spare: number[] = []
    for (let row = 0; row < pending; row++) add(row, nowMs)
    for (let step = 0; step < 20_000; step++) {
      const row = take()
      // The number under way wanders.
      if (stream.uniform() < 0.9 || due.size === 0) add(row, nowMs)
      else spare.push(row)
      if (spare.length > 0 && stream.uniform() < 0.1) add(spare.pop()!, nowMs)
      if (agenda.size !== due.size) wrong++
    }
    while (due.size > 0) take()
    expect(wrong).toBe(0)
    expect(agenda.nextMs).toBe(Number.POSITIVE_INFINITY)
    expect(agenda.size).toBe(0)
  })
})
