// Which known name a person may have meant by an unknown one.

/** The known name nearest to a written one, if it is near enough to be a slip of the fingers. */
export function nearName(written: string, known: Iterable<string>): string | undefined {
  if (written.length > LONGEST) return undefined
  let nearest: string | undefined
  let nearestDistance = allowedDistance(written)
  for (const name of known) {
    if (Math.abs(name.length - written.length) > nearestDistance) continue
    const distance = editDistance(written.toLowerCase(), name.toLowerCase())
    // Slips are rare in the first letter: of two names as near, `rat` is more likely `rate` than `at`.
    const likelier = nearest === undefined || (nearest[0] !== written[0] && name[0] === written[0])
    if (distance > nearestDistance || (distance === nearestDistance && !likelier)) continue
    nearest = name
    nearestDistance = distance
  }
  return nearest
}

/** Those first that hold the written name or are held by it, then those with the fewest slips. */
export function nearestFirst(written: string, known: Iterable<string>): readonly string[] {
  const names = [...new Set(known)].sort()
  if (written.length > LONGEST) return names
  const ranks = new Map(names.map((name) => [name, isPartOf(written, name) ? 0 : editDistance(written, name)]))
  return names.sort((one, other) => ranks.get(one)! - ranks.get(other)!)
}

/** Parts of a few letters are in names by chance. */
export function isPartOf(written: string, name: string): boolean {
  const shorter = Math.min(written.length, name.length)
  return shorter >= 4 && (name.includes(written) || written.includes(name))
}

/** Slips (a letter added, left out, changed, or two neighbours swapped) from one text to the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1
      let best = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) best = Math.min(best, beforeLast[column - 2]! + 1)
      current.push(best)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}

/** Names longer than this are no names; comparing them would take time in proportion to their square. */
const LONGEST = 100

function allowedDistance(written: string): number {
  return written.length <= 3 ? 1 : written.length <= 7 ? 2 : 3
}
