import { describe, expect, it } from 'vitest'
import { type Stream, Tape } from '../../src/kernel/random.js'
import { drawn, expectContinuousFit, expectCountsFit, expectMoments } from './goodness.js'

describe('a tape', () => {
  it('gives the same numbers for the same seed, name and entity', () => {
    const [one, two] = [new Tape('a seed'), new Tape('a seed')]
    expect(words(one.stream('traffic', 3), 100)).toEqual(words(two.stream('traffic', 3), 100))
    expect(words(one.stream('traffic', 'checkout'), 100)).toEqual(words(two.stream('traffic', 'checkout'), 100))
    expect(words(one.stream('traffic'), 100)).toEqual(words(two.stream('traffic'), 100))
  })

  it('takes a seed as a number or as its text', () => {
    expect(words(new Tape(7).stream('traffic'), 10)).toEqual(words(new Tape('7').stream('traffic'), 10))
  })

  it('gives every stream its numbers whatever other streams are made or drawn from', () => {
    const alone = words(new Tape(1).stream('traffic', 5), 50)
    const tape = new Tape(1)
    const other = tape.stream('a new observer')
    words(other, 33)
    const entities = drawn(100, (entity) => words(tape.stream('traffic', entity), entity)[0] ?? 0)
    expect(entities).toHaveLength(100)
    const stream = tape.stream('traffic', 5)
    const interleaved = drawn(50, () => {
      other.bits()
      return stream.bits()
    })
    expect(interleaved).toEqual(alone)
  })

  it('starts a stream again when it is asked for again', () => {
    const tape = new Tape(1)
    const first = words(tape.stream('traffic', 5), 20)
    expect(words(tape.stream('traffic', 5), 20)).toEqual(first)
  })

  it('keeps seeds, names and entities apart, also those that look alike', () => {
    const seen = new Set<string>()
    let made = 0
    const see = (stream: Stream) => {
      seen.add(words(stream, 2).join())
      made++
    }
    for (const seed of [0, 1, 2, -1, '', '01', 'one', 2 ** 52]) {
      const tape = new Tape(seed)
      for (const name of ['', 'a', 'b', 'ab', 'ba', 'traffic', 'traffic ', 'Traffic', 'traffic/1']) {
        see(tape.stream(name))
        for (const entity of ['', '0', '1', 'a', 'b', 'ab', 'aa', 'é', '\u{1f600}']) see(tape.stream(name, entity))
        for (const entity of [0, 1, -1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 32)])
          see(tape.stream(name, entity))
      }
    }
    expect(seen.size).toBe(made)
  })

  it('refuses seeds and entities that are no integers', () => {
    for (const number of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => new Tape(number)).toThrow(RangeError)
      expect(() => new Tape(1).stream('traffic', number)).toThrow(RangeError)
    }
  })

  // These change only when the generator or the keys do; then so does every recorded run.
  it('has these numbers for seed 1', () => {
    const tape = new Tape(1)
    expect(words(tape.stream('traffic'), 4)).toEqual(PINNED.name)
    expect(words(tape.stream('traffic', 3), 4)).toEqual(PINNED.number)
    expect(words(tape.stream('traffic', 'checkout'), 4)).toEqual(PINNED.text)
    const stream = tape.stream('traffic')
    stream.seek(5_000_000_000)
    expect(words(stream, 4)).toEqual(PINNED.block)
    expect([stream.uniform(), stream.uniform32()]).toEqual(PINNED.uniforms)
  })
})

describe('a stream', () => {
  it('gives draw number k the same numbers whatever the draws before it took', () => {
    const stream = new Tape(1).stream('traffic')
    const sparing = drawn(50, (k) => {
      stream.seek(k)
      return stream.bits()
    })
    const wasteful = drawn(50, (k) => {
      stream.seek(k)
      const first = stream.bits()
      words(stream, k * 7)
      return first
    })
    expect(wasteful).toEqual(sparing)
    stream.seek(0)
    expect(words(stream, 5)).toEqual(words(new Tape(1).stream('traffic'), 5))
  })

  it('has blocks that do not run into each other', () => {
    const stream = new Tape('blocks').stream('traffic')
    const pairs = new Set<string>()
    for (let block = 0; block < 2_000; block++) {
      stream.seek(block)
      let before = stream.bits()
      for (let i = 0; i < 50; i++) {
        const word = stream.bits()
        pairs.add(`${before} ${word}`)
        before = word
      }
    }
    expect(pairs.size).toBe(100_000)
  })

  it('refuses a block that is no integer', () => {
    const stream = new Tape(1).stream('traffic')
    for (const block of [Number.NaN, 0.5, 2 ** 53]) expect(() => stream.seek(block)).toThrow(RangeError)
  })

  it('has uniforms of 53 bits from 0 up to but not 1', () => {
    const stream = new Tape('uniform').stream('traffic')
    const draws = drawn(100_000, () => stream.uniform())
    expect(draws.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53))).toBe(true)
    expect(draws.some((u) => !Number.isInteger(u * 2 ** 52))).toBe(true)
    stream.bits = () => 2 ** 32 - 1
    expect([stream.uniform(), stream.uniform32()]).toEqual([1 - 2 ** -53, 1 - 2 ** -32])
  })
})

// The ways numbers reach a run: one long stream; the first numbers of many streams, blocks or seeds in a row.
const WAYS: readonly (readonly [string, (seed: string) => () => number])[] = [
  [
    'one stream',
    (seed) => {
      const stream = new Tape(seed).stream('traffic')
      return () => stream.bits()
    },
  ],
  [
    'successive entities',
    (seed) => {
      const tape = new Tape(seed)
      let entity = 0
      return () => tape.stream('traffic', entity++).bits()
    },
  ],
  [
    'successive blocks',
    (seed) => {
      const stream = new Tape(seed).stream('traffic')
      let block = 0
      return () => {
        stream.seek(block++)
        return stream.bits()
      }
    },
  ],
  [
    'entities named by successive texts',
    (seed) => {
      const tape = new Tape(seed)
      let entity = 0
      return () => tape.stream('traffic', `pod-${entity++}`).bits()
    },
  ],
  [
    'successive seeds',
    (seed) => {
      let run = 0
      return () => new Tape(`${seed}/${run++}`).stream('traffic').bits()
    },
  ],
]

describe.each(WAYS)('the numbers of %s', (way, make) => {
  const seed = `quality of ${way}`
  const count = 100_000
  const next = make(seed)
  const draws = drawn(count, next)
  const label = `seed "${seed}"`

  it('are uniform', () => {
    expectContinuousFit(
      label,
      draws.map((word) => word / 2 ** 32),
      (x) => x,
    )
  })

  it('are uniform in each of their bytes', () => {
    for (const shift of [0, 8, 16, 24]) {
      const seen = new Float64Array(256)
      for (const word of draws) seen[(word >>> shift) & 255]! += 1
      expectCountsFit(`${label}, byte at bit ${shift}`, seen, new Array<number>(256).fill(1 / 256))
    }
  })

  it('set each bit half of the time, and each pair of neighbouring bits a quarter of the time', () => {
    for (let bit = 0; bit < 32; bit++) {
      const seen = new Float64Array(4)
      for (const word of draws) seen[((word >>> bit) & 1) | (((word >>> ((bit + 1) & 31)) & 1) << 1)]! += 1
      expectCountsFit(`${label}, bits ${bit} and ${bit + 1}`, seen, [0.25, 0.25, 0.25, 0.25])
    }
  })

  it('are independent of the 1st, 2nd, 3rd, 8th and 64th before them', () => {
    for (const lag of [1, 2, 3, 8, 64]) {
      const products: number[] = []
      const highest = new Float64Array(256)
      const lowest = new Float64Array(256)
      for (let i = lag; i < count; i++) {
        const [before, word] = [draws[i - lag]!, draws[i]!]
        products.push((word / 2 ** 32 - 0.5) * (before / 2 ** 32 - 0.5))
        // Pairs that share a word would not be a sample for the chi-square test.
        if (Math.floor(i / lag) % 2 === 0) continue
        highest[((word >>> 28) << 4) | (before >>> 28)]! += 1
        lowest[((word & 15) << 4) | (before & 15)]! += 1
      }
      expectMoments(`${label}, lag ${lag}`, products, { mean: 0, variance: 1 / 144, fourth: 1 / 6400 })
      expectCountsFit(`${label}, highest bits at lag ${lag}`, highest, new Array<number>(256).fill(1 / 256))
      expectCountsFit(`${label}, lowest bits at lag ${lag}`, lowest, new Array<number>(256).fill(1 / 256))
    }
  })

  it('repeat a word as often as chance has it', () => {
    // Poisson of mean 1.16: more than 9 have a probability of 4 in a million.
    expect(count - new Set(draws).size, label).toBeLessThan(10)
  })
})

it('one stream repeats words as often as chance has it, where a hash of a counter alone never would', () => {
  const stream = new Tape('repeats').stream('traffic')
  const many = 500_000
  const repeats = many - new Set(drawn(many, () => stream.bits())).size
  // Poisson of mean 29.1: outside these bounds with a probability below 1 in ten thousand.
  expect(repeats, 'seed "repeats"').toBeGreaterThan(10)
  expect(repeats, 'seed "repeats"').toBeLessThan(53)
})

function words(stream: Stream, count: number): number[] {
  return drawn(count, () => stream.bits())
}

const PINNED = {
  name: [3749325433, 3138342393, 1104230452, 47319016],
  number: [2500941125, 3877675545, 3919992323, 282878634],
  text: [1995380556, 1403082027, 3400488265, 589502185],
  block: [4117182263, 1928030558, 338670748, 3288917470],
  uniforms: [0.3411495329085711, 0.9860808025114238],
}
