// The theory that tests of queues rest on, held against what books print and against itself.
import { describe, expect, it } from 'vitest'
import { erlangLoss } from '../../../src/world/queueing/erlang-loss.js'
import {
  erlangC,
  finiteMMc,
  impatientMMc,
  longerWaitMMc,
  lostMG1K,
  meanWaitMG1,
  meanWaitMMc,
  shorterWaitMD1,
} from './theory.js'

describe("Erlang's loss formula", () => {
  // Tables of telephone traffic: the load that so many lines take with a loss of 1 %.
  it.each([
    [1, 0.0101],
    [2, 0.153],
    [5, 1.361],
    [10, 4.461],
    [20, 12.031],
    [50, 37.901],
    [100, 84.064],
  ])('loses 1 %% of what is offered to %s lines at %s erlang', (lines, offered) => {
    expect(erlangLoss(lines, offered)).toBeCloseTo(0.01, 4)
  })

  it('is the factorial fraction', () => {
    let sum = 1
    let term = 1
    for (let line = 1; line <= 12; line++) {
      term *= 9 / line
      sum += term
    }
    expect(erlangLoss(12, 9)).toBeCloseTo(term / sum, 14)
    expect([erlangLoss(3, 0), erlangLoss(0, 3)]).toEqual([0, 1])
  })
})

describe('The closed forms', () => {
  it('let a third wait for two servers half busy, and the load for one', () => {
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 14)
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 14)
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4)
  })

  it('know the mean wait from the waits themselves', () => {
    let sum = 0
    for (let time = 0; time < 400; time += 0.01) sum += longerWaitMMc(4, 3.4, 1, time + 0.005) * 0.01
    expect(sum / meanWaitMMc(4, 3.4, 1)).toBeCloseTo(1, 5)
  })

  it('agree where one is a limit of another', () => {
    expect(finiteMMc(4, 3000, 3.4, 1).meanWait / meanWaitMMc(4, 3.4, 1)).toBeCloseTo(1, 9)
    expect(finiteMMc(7, 0, 9, 1).lost).toBeCloseTo(erlangLoss(7, 9), 12)
    expect(finiteMMc(1, 4, 1.2, 1).lost).toBeCloseTo(((1 - 1.2) * 1.2 ** 5) / (1 - 1.2 ** 6), 12)
    expect(impatientMMc(7, 9, 1, 0)).toBeCloseTo(erlangLoss(7, 9), 12)
    expect(impatientMMc(3, 2.4, 1, 1e3)).toBeCloseTo(0, 12)
    expect(meanWaitMG1(0.8, 1, 2)).toBeCloseTo(meanWaitMMc(1, 0.8, 1), 12)
    const exponential = (p: number) => -Math.log(1 - p)
    expect(lostMG1K(1.2, exponential, 1, 5)).toBeCloseTo(finiteMMc(1, 4, 1.2, 1).lost, 4)
    expect(lostMG1K(0.7, () => 1, 1, 1)).toBeCloseTo(erlangLoss(1, 0.7), 12)
  })

  it('add up the waits for a server that always takes the same time to their mean', () => {
    let sum = 0
    for (let time = 0; time < 12; time += 0.001) sum += (1 - shorterWaitMD1(0.6, 1, time + 0.0005)) * 0.001
    expect(sum).toBeCloseTo(meanWaitMG1(0.6, 1, 1), 4)
    expect(shorterWaitMD1(0.6, 1, 0)).toBeCloseTo(0.4, 14)
  })
})
