// Lines that are too long for a terminal.
import { describe, expect, it } from 'vitest'
import { broken } from '../../src/report/broken.js'
import { colours } from '../../src/report/paint.js'

describe('A line', () => {
  it('that fits stays as it is, colours not counted', () => {
    expect(broken('  one two', 9)).toEqual(['  one two'])
    expect(broken(colours.good('one two'), 7)).toEqual([colours.good('one two')])
  })

  it('is broken between words, and goes on a little further in', () => {
    expect(broken('  one two three four', 11)).toEqual(['  one two', '    three', '    four'])
  })

  it('is broken behind commas only, where what they part stays together', () => {
    expect(broken('A  one 1, two 2, three 3', 17, ', ')).toEqual(['A  one 1, two 2,', '  three 3'])
    expect(broken('A  one 1, two 2, three 3', 15, ', ')).toEqual(['A  one 1,', '  two 2,', '  three 3'])
  })

  it('keeps a word whole that is too long by itself', () => {
    expect(broken('aaaaaaaa bb', 4)).toEqual(['aaaaaaaa', '  bb'])
  })
})
