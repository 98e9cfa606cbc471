// The values that are tried: round ones, as people write them, from far below to far above what is written.

interface Ladder {
  readonly values: readonly number[]
  readonly current: number
}

/** What is written is always among them. */
function ladder(values: readonly number[], written: number): Ladder {
  const all = [...new Set([...values, written])].sort((a, b) => a - b)
  return { values: all, current: all.indexOf(written) }
}

const roundWeights = [1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99]

/** Those of all steps are tried at each, so that they can be put in order. */
export function weightLadder(written: number, others: readonly number[], most: number): Ladder {
  return ladder([...roundWeights.filter((weight) => weight <= most), ...others], written)
}

const roundSeconds = [
  1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 420, 480, 540, 600, 720, 900, 1200, 1500, 1800,
  2400, 2700, 3600, 5400, 7200, 10_800, 14_400, 21_600, 28_800, 43_200,
]

/** From a twelfth to eight times as long, inside the bounds. */
export function secondsLadder(written: number, { least = 1, most = Number.POSITIVE_INFINITY }: Bounds = {}): Ladder {
  const low = Math.max(least, written / 12)
  const high = Math.min(most, Math.max(8 * written, 4 * least))
  return ladder(
    roundSeconds.filter((seconds) => seconds >= low && seconds <= high),
    written,
  )
}

/** In seconds. */
export interface Bounds {
  readonly least?: number
  readonly most?: number
}

const roundCounts = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 100, 200, 500, 1000]

/** Up to four times as many, and a few where few are written. */
export function countLadder(written: number, least: number): Ladder {
  const most = Math.max(5, 4 * written)
  return ladder(
    roundCounts.filter((count) => count >= least && count <= most),
    written,
  )
}

const factors = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 0.8, 1.25, 1.5, 2, 3, 4]

/** A share that should be near 1 is as far from it as one that should be near 0 is from that. */
export function thresholdLadder(written: number): Ladder {
  const top = written > 0.5 && written < 1 ? 1 : 0
  const distance = written - top
  // Sums of binary fractions have digits that nobody wrote.
  const values = factors.map((factor) => Number((top + Number((distance * factor).toPrecision(2))).toFixed(12)))
  return ladder(top === 1 ? values.filter((value) => value > 0) : values, written)
}
