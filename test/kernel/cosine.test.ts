import { expect, it } from 'vitest'
import { cosineOfTurns } from '../../src/kernel/cosine.js'

it('cosineOfTurns is the cosine, wherever in whichever turn', () => {
  for (let turns = -3; turns < 30_000; turns = turns < 3 ? turns + 0.0137 : turns * 1.3) {
    expect(Math.abs(cosineOfTurns(turns) - Math.cos(2 * Math.PI * (turns % 1)))).toBeLessThan(2e-15)
  }
  expect([0, 0.25, 0.5, 0.75, 1].map(cosineOfTurns)).toEqual([1, expect.closeTo(0, 15), -1, expect.closeTo(0, 15), 1])
})
