// What a shard hands back through its pod's log: whole, or known to be broken.
import { expect, it } from 'vitest'
import { handBack, readHandBack, withoutHandBack } from '../../../src/study/kubernetes/hand-back.js'
import { PairTally } from '../../../src/study/pair-tally.js'
import { Tally } from '../../../src/study/tally.js'

const shard = { index: 3, of: 8 }
const seeds = Array.from({ length: 40_000 }, (_, at) => (at * 2_654_435_761) % 4_294_967_291)
const tally = { ...new Tally().data(), seeds: { missed: seeds } } as unknown as ReturnType<Tally['data']>
const flown = [{ arms: [tally], pairs: [new PairTally().data()] }]
const log = handBack(flown, shard)
const lines = log.trimEnd().split('\n')

it('comes back as it was', () => {
  expect(lines.length).toBeGreaterThan(5)
  expect(readHandBack(log, shard)).toEqual({ flown })
})

it('keeps its lines below what container runtimes keep in one piece', () => {
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(16 * 1024)
})

it('comes back from among whatever else is in the log, and from lines that begin with something else', () => {
  const noisy = lines.map((line, at) => `${at % 2 === 0 ? '(node:1) Warning: ' : 'a line\n'}${line}\r`).join('\n')
  expect(readHandBack(noisy, shard)).toEqual({ flown })
  expect(withoutHandBack(noisy)).toBe(
    lines
      .filter((_, at) => at % 2 === 1)
      .fill('a line')
      .join('\n'),
  )
})

it.each([
  ['nothing', '', 'its log holds nothing of what it has flown'],
  ['another shard', handBack(flown, { index: 2, of: 8 }), 'its log holds nothing of what it has flown'],
  [
    'no beginning',
    lines.slice(2).join('\n'),
    `its log holds ${lines.length - 2} of ${lines.length} lines of what it has flown`,
  ],
  [
    'no end',
    lines.slice(0, -1).join('\n'),
    `its log holds ${lines.length - 1} of ${lines.length} lines of what it has flown`,
  ],
  ['half of its last line', log.slice(0, -500), 'does not match its checksum'],
  ['a changed letter', log.replace('H4sI', 'H4sJ'), 'does not match its checksum'],
])('is known to be broken where the log holds %s', (_, text, message) => {
  expect((readHandBack(text, shard) as { broken: string }).broken).toContain(message)
})
