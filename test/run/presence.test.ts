import { expect, it } from 'vitest'
import { Presence } from '../../src/run/presence.js'

it('remembers when something was there', () => {
  const presence = new Presence()
  expect(presence.goneSinceMs).toBe(0)
  for (const [isThere, nowMs] of [
    [true, 10],
    [true, 15],
    [false, 20],
    [true, 40],
  ] as const)
    presence.note(isThere, nowMs)
  expect(presence.isThere).toBe(true)
  expect(presence.goneSinceMs).toBe(Number.POSITIVE_INFINITY)
  presence.note(false, 50)
  expect(presence.goneSinceMs).toBe(50)
})

it.each([
  { from: 0, until: 100, first: 10 },
  { from: 12, until: 100, first: 12 },
  { from: 20, until: 100, first: 40 },
  { from: 0, until: 10, first: Number.POSITIVE_INFINITY },
  { from: 20, until: 40, first: Number.POSITIVE_INFINITY },
  { from: 60, until: 100, first: 60 },
])('between $from and $until it is first there at $first', ({ from, until, first }) => {
  const presence = new Presence()
  presence.note(true, 10)
  presence.note(false, 20)
  presence.note(true, 40)
  expect(presence.firstWithin(from, until)).toBe(first)
})
