// Sorting as Go's sort.Sort does it, as far as the order of equal items is concerned.

/**
 * Up to twelve items Go sorts by insertion, which this follows step by step, because with NaN or mixed types the
 * steps show. Longer lists are sorted stably; Go's algorithm for them is not stable.
 */
export function insertionOrStableSort<T>(items: readonly T[], less: (a: T, b: T) => boolean): T[] {
  const sorted = [...items]
  if (sorted.length > 12) return sorted.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0))
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && less(sorted[j]!, sorted[j - 1]!); j--) {
      const moved = sorted[j]!
      sorted[j] = sorted[j - 1]!
      sorted[j - 1] = moved
    }
  }
  return sorted
}
