// Suggestions for names that nobody knows.
import { expect, test } from 'vitest'
import { editDistance, nearName } from '../../src/scenario/near-name.js'

const fields = ['on', 'onset', 'for', 'ramp', 'errors', 'latency', 'crashLoop', 'neverReady', 'name', 'rate', 'at']

test.each([
  ['onsett', 'onset'],
  ['onste', 'onset'],
  ['Latency', 'latency'],
  ['latncy', 'latency'],
  ['crashloop', 'crashLoop'],
  ['crash-loop', 'crashLoop'],
  ['error', 'errors'],
  ['fro', 'for'],
  ['rat', 'rate'],
  ['nevrReayd', 'neverReady'],
])('%s is meant to be %s', (written, meant) => {
  expect(nearName(written, fields)).toBe(meant)
})

test.each(['colour', 'x', 'duration', ''])('%s is near nothing', (written) => {
  expect(nearName(written, fields)).toBeUndefined()
})

test('names are compared in little time, however long the unknown one is', () => {
  expect(nearName('onset'.repeat(1_000_000), fields)).toBeUndefined()
})

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['ab', 'ba', 1],
  ['abc', 'acb', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
  ['onset', 'onset', 0],
])('from "%s" to "%s" takes %i slips', (from, to, slips) => {
  expect(editDistance(from, to)).toBe(slips)
  expect(editDistance(to, from)).toBe(slips)
})
