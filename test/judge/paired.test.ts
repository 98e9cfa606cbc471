// Intervals of paired differences and ratios, against textbooks and against the promise that they make.
import { describe, expect, it } from 'vitest'
import { contrastInterval, type PairedMeans, ratioInterval } from '../../src/judge/paired-means.js'
import { averageShareInterval, shareDifferenceInterval } from '../../src/judge/paired-shares.js'
import { studentReach } from '../../src/judge/student.js'
import { exponential } from '../../src/kernel/exponential.js'
import { normal } from '../../src/kernel/normal.js'
import { type Stream, Tape } from '../../src/kernel/random.js'

describe("Student's t", () => {
  // From the printed tables.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 9, 2.262],
    [0.99, 4, 4.604],
    [0.9, 30, 1.697],
    [0.95, 499, 1.9647],
    [0.95, 99_999, 1.96],
  ])('at %f with %i degrees of freedom', (confidence, degrees, reach) => {
    expect(studentReach(confidence, degrees)).toBeCloseTo(reach, 3)
  })

  it('knows nothing from one value', () => expect(studentReach(0.95, 0)).toBe(Number.POSITIVE_INFINITY))
})

function meansOf(pairs: readonly (readonly [number, number])[]): PairedMeans {
  const n = pairs.length
  const mean = (of: (pair: readonly [number, number]) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / n
  const [first, second] = [mean(([a]) => a), mean(([, b]) => b)]
  const over = n * (n - 1)
  const sum = (of: (a: number, b: number) => number) =>
    pairs.reduce((total, [a, b]) => total + of(a - first, b - second), 0) / over
  return {
    first,
    second,
    firstVariance: sum((a) => a * a),
    secondVariance: sum((_, b) => b * b),
    covariance: sum((a, b) => a * b),
    degrees: n - 1,
  }
}

/** In how many of so many studies an interval holds the truth. */
function coverage(studies: number, study: (stream: Stream) => boolean): number {
  const stream = new Tape('paired intervals').stream('study')
  let held = 0
  for (let index = 0; index < studies; index++) if (study(stream)) held++
  return held / studies
}

const holds = (interval: { low: number; high: number } | undefined, truth: number) =>
  interval !== undefined && interval.low <= truth && truth <= interval.high

/** As harm is: skewed, and large in the same runs for both. */
function harm(stream: Stream, times: number): readonly [number, number] {
  const world = exponential(stream, 1) + exponential(stream, 1)
  return [100 * world + 5 * normal(stream), 100 * times * world + 20 * normal(stream)]
}

const studies = 2000
/** Of a share of 95 % in so many: five standard errors. */
const slack = 5 * Math.sqrt((0.95 * 0.05) / studies)

describe('The interval of a paired difference', () => {
  it("is the one of Student's paired test: the sleep of ten patients under two drugs", () => {
    // Student 1908: extra hours of sleep, mean difference 1.58, interval at 95 % from 0.70 to 2.46.
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const { low, high } = contrastInterval(meansOf(first.map((value, index) => [value, second[index]!])), 1, 0.95)!
    expect(low).toBeCloseTo(0.7, 2)
    expect(high).toBeCloseTo(2.46, 2)
  })

  it.each([10, 50, 500])('holds the truth of %i runs in 95 of 100 studies', (runs) => {
    const held = coverage(studies, (stream) => {
      const pairs = Array.from({ length: runs }, () => harm(stream, 1.2))
      return holds(contrastInterval(meansOf(pairs), 1, 0.95), 40)
    })
    // Skewed values in few runs: a little less than it says.
    expect(held).toBeGreaterThan(0.95 - slack - 0.2 / runs ** 0.9)
    expect(held).toBeLessThan(0.95 + slack)
  })

  it('is exactly nothing where nothing differs, and unknown from one run', () => {
    const same = meansOf([3.1, 4.7, 0.2].map((value) => [value, value]))
    expect(contrastInterval(same, 1, 0.95)).toEqual({ low: 0, high: 0 })
    expect(contrastInterval(meansOf([[1, 2]]), 1, 0.95)).toBeUndefined()
  })
})

describe('The interval of a ratio of paired means', () => {
  it.each([50, 500])('holds the truth of %i runs in 95 of 100 studies', (runs) => {
    const held = coverage(studies, (stream) => {
      const pairs = Array.from({ length: runs }, () => harm(stream, 2.3))
      return holds(ratioInterval(meansOf(pairs), 0.95), 2.3)
    })
    expect(Math.abs(held - 0.95)).toBeLessThan(slack + 0.2 / runs ** 0.9)
  })

  it('holds exactly the ratios r for which the interval of second − r · first holds 0', () => {
    const stream = new Tape('fieller').stream('pairs')
    const means = meansOf(Array.from({ length: 20 }, () => harm(stream, 0.7)))
    const { low, high } = ratioInterval(means, 0.95)!
    expect(contrastInterval(means, low, 0.95)!.low).toBeCloseTo(0, 9)
    expect(contrastInterval(means, high, 0.95)!.high).toBeCloseTo(0, 9)
  })

  it('is 1 without any doubt for the same values', () => {
    expect(ratioInterval(meansOf([3.1, 3.7, 2.2].map((value) => [value, value])), 0.95)).toEqual({ low: 1, high: 1 })
  })

  it('is unknown where the first may be nothing', () => {
    const around0 = [-1, 0, 1, 2, -2, 0.1]
    expect(ratioInterval(meansOf(around0.map((value) => [value, value + 1])), 0.95)).toBeUndefined()
    expect(ratioInterval(meansOf([0, 0, 0].map((value) => [value, 5])), 0.95)).toBeUndefined()
  })
})

describe('The interval of a difference of paired shares', () => {
  it.each([
    [0.01, 0.01, 100],
    [0.002, 0.03, 300],
    [0.3, 0.25, 60],
    [0, 0.02, 200],
    [0.05, 0.9, 50],
    [0, 1, 50],
  ])('holds the truth where %f is of the first alone and %f of the second, of %i', (p, q, trials) => {
    const held = coverage(1000, (stream) => {
      let [first, second] = [0, 0]
      for (let trial = 0; trial < trials; trial++) {
        const u = stream.uniform()
        if (u < p) first++
        else if (u < p + q) second++
      }
      return holds(shareDifferenceInterval({ first, second, trials }, 0.95), q - p)
    })
    expect(held).toBeGreaterThanOrEqual(0.95)
  })

  it('tells the two apart almost as soon as an exact test of McNemar does', () => {
    // Six on one side alone have a probability of 2 / 2⁶ = 3 %; it takes a seventh.
    expect(shareDifferenceInterval({ first: 0, second: 6, trials: 500 }, 0.95).low).toBeLessThan(0)
    expect(shareDifferenceInterval({ first: 0, second: 7, trials: 500 }, 0.95).low).toBeGreaterThan(0)
    expect(shareDifferenceInterval({ first: 15, second: 35, trials: 500 }, 0.95).low).toBeGreaterThan(0)
  })

  it('goes as far as so many runs allow where no run differs', () => {
    const { low, high } = shareDifferenceInterval({ first: 0, second: 0, trials: 500 }, 0.95)
    expect(high).toBeCloseTo(1 - (0.025 / 2) ** (1 / 500), 9)
    expect(low).toBe(-high)
    expect(shareDifferenceInterval({ first: 0, second: 0, trials: 0 }, 0.95)).toEqual({ low: -1, high: 1 })
  })

  it('mirrors when the two change places', () => {
    const one = shareDifferenceInterval({ first: 3, second: 12, trials: 80 }, 0.99)
    const other = shareDifferenceInterval({ first: 12, second: 3, trials: 80 }, 0.99)
    expect(one.low).toBeCloseTo(-other.high, 12)
    expect(one.high).toBeCloseTo(-other.low, 12)
  })

  it('of the mean of several worlds holds that, too', () => {
    const worlds = [
      [0, 0.02],
      [0.01, 0.01],
      [0, 0.9],
      [0.3, 0],
    ] as const
    const truth = worlds.reduce((sum, [p, q]) => sum + q - p, 0) / worlds.length
    const held = coverage(1000, (stream) => {
      const parts = worlds.map(([p, q]) => {
        let [first, second] = [0, 0]
        for (let trial = 0; trial < 100; trial++) {
          const u = stream.uniform()
          if (u < p) first++
          else if (u < p + q) second++
        }
        return { first, second, trials: 100 }
      })
      return holds(averageShareInterval(parts, 0.95), truth)
    })
    expect(held).toBeGreaterThanOrEqual(0.95)
  })
})
