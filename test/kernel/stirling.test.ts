import { expect, it } from 'vitest'
import { stirlingTail } from '../../src/kernel/stirling.js'
import { casesOf } from './cases.js'

it.each(casesOf('probabilities').filter(([name]) => name === 'tail'))('the Stirling %s of %s is %s', (_, n, value) => {
  expect(Math.abs(stirlingTail(Number(n)) - Number(value))).toBeLessThan(2e-14)
})
