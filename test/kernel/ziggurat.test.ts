import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../src/kernel/normal.js'
import { Tape } from '../../src/kernel/random.js'
import { zigguratNormal } from '../../src/kernel/ziggurat.js'
import { drawn, expectContinuousFit, expectCountsFit, expectMoments } from './goodness.js'

const count = 1_000_000
const stream = new Tape('ziggurat fit').stream('draws')
const draws = drawn(count, () => zigguratNormal(stream))

describe('normal draws by the ziggurat', () => {
  it('come from the normal distribution', () => {
    expectContinuousFit('seed "ziggurat fit"', draws, normalCdf)
    expectMoments('seed "ziggurat fit"', draws, { mean: 0, variance: 1 })
  })

  it('fill the tail, its edge and the layers alike', () => {
    const edges = [
      -4.2, -3.9, -3.6541528853610088, -3.4, -3, -2, -1, -0.2, -0.1, 0, 0.1, 0.2, 1, 2, 3, 3.4, 3.654, 3.9, 4.2,
    ]
    const cells = [Number.NEGATIVE_INFINITY, ...edges, Number.POSITIVE_INFINITY]
    const shares = cells.slice(1).map((edge, index) => normalCdf(edge) - normalCdf(cells[index]!))
    const seen = shares.map(() => 0)
    for (const draw of draws) seen[edges.filter((edge) => draw > edge).length]! += 1
    // Cells of their own: the tails hold some dozens of a million.
    expectCountsFit('seed "ziggurat fit"', seen, shares)
    const far = draws.filter((draw) => Math.abs(draw) > 3.6541528853610088)
    const mean = 2 * count * normalCdf(-3.6541528853610088)
    expect(Math.abs(far.length - mean) / Math.sqrt(mean), `${far.length} beyond the ziggurat`).toBeLessThan(4)
    const given = normalCdf(-3.6541528853610088)
    const beyond = far.map((draw) => Math.abs(draw))
    expectContinuousFit('beyond', beyond, (x) => 1 - normalCdf(-x) / given)
  })

  it('do not depend on each other, nor the sign on the size', () => {
    let products = 0
    let squares = 0
    for (let index = 1; index < count; index++) {
      products += draws[index]! * draws[index - 1]!
      squares += (draws[index]! ** 2 - 1) * (draws[index - 1]! ** 2 - 1)
    }
    expect(Math.abs(products) / Math.sqrt(count)).toBeLessThan(4)
    expect(Math.abs(squares) / 2 / Math.sqrt(count)).toBeLessThan(4)
    expectContinuousFit(
      'sizes of the negative',
      draws.filter((draw) => draw < 0).map((draw) => -draw),
      (x) => 2 * normalCdf(x) - 1,
    )
  })
})
