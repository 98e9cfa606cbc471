// Sets of characters: separate ranges of code points in rising order, written flat: first, last, first, last, …

export type Characters = readonly number[]

const LAST = 0x10ffff

export const ANY: Characters = [0, LAST]

export function union(ranges: Characters): Characters {
  const pairs: [number, number][] = []
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!])
  pairs.sort(([a], [b]) => a - b)
  const merged: number[] = []
  for (const [first, last] of pairs) {
    const end = merged.length - 1
    if (end > 0 && first <= merged[end]! + 1) merged[end] = Math.max(merged[end]!, last)
    else merged.push(first, last)
  }
  return merged
}

export function complement(characters: Characters): Characters {
  const outside: number[] = []
  let next = 0
  for (let i = 0; i < characters.length; i += 2) {
    if (next < characters[i]!) outside.push(next, characters[i]! - 1)
    next = characters[i + 1]! + 1
  }
  if (next <= LAST) outside.push(next, LAST)
  return outside
}

export function has(characters: Characters, point: number): boolean {
  let low = 0
  let high = characters.length >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (point > characters[2 * middle + 1]!) low = middle + 1
    else high = middle
  }
  return 2 * low < characters.length && characters[2 * low]! <= point
}

/** Adds the other cases of every character: k brings K and the Kelvin sign. */
export function folded(characters: Characters): Characters {
  orbits ??= readOrbits()
  const ranges = [...characters]
  for (let i = 0; i < characters.length; i += 2) {
    const last = Math.min(characters[i + 1]!, LAST_CASED)
    for (let point = characters[i]!; point <= last; point++) {
      for (const other of orbits.get(point) ?? []) ranges.push(other, other)
    }
  }
  return union(ranges)
}

/** By each character that has cases, all that differ from it in case only. */
let orbits: ReadonlyMap<number, readonly number[]> | undefined

/** Nothing beyond has cases. */
const LAST_CASED = 0x1ffff
/** Turkish İ and ı are no cases of i where no language is known. */
const DOTTED_AND_DOTLESS_I = [0x130, 0x131]

function readOrbits(): ReadonlyMap<number, readonly number[]> {
  const byLower = new Map<number, number[]>()
  const found = new Map<number, readonly number[]>()
  for (let point = 0; point <= LAST_CASED; point++) {
    const character = String.fromCodePoint(point)
    if (!/\p{Changes_When_Casemapped}/u.test(character) || DOTTED_AND_DOTLESS_I.includes(point)) continue
    const upper = single(point, (text) => text.toUpperCase())
    const lower = single(upper, (text) => text.toLowerCase())
    const orbit = byLower.get(lower) ?? []
    byLower.set(lower, orbit)
    orbit.push(point)
    found.set(point, orbit)
  }
  return found
}

/** Folding is by single characters: a letter whose other case takes two (ß) keeps its own. */
function single(point: number, change: (text: string) => string): number {
  const changed = change(String.fromCodePoint(point))
  const first = changed.codePointAt(0)!
  return String.fromCodePoint(first) === changed ? first : point
}
