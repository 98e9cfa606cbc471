// Which of some lines are others afterwards, and only these.

/** Lines in a row that go, and those that come in their place. */
export interface Difference {
  /** How many lines are before them, before and after. */
  readonly at: number
  readonly newAt: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** Line by line where none comes or goes, as people read numbers; and else as few as there can be. */
export function differences(
  before: readonly string[],
  after: readonly string[],
  isAligned: boolean,
): readonly Difference[] {
  return isAligned ? changedLines(before, after) : fewest(before, after)
}

function changedLines(before: readonly string[], after: readonly string[]): readonly Difference[] {
  const found: { at: number; newAt: number; removed: string[]; added: string[] }[] = []
  for (const [at, line] of before.entries()) {
    if (line === after[at]) continue
    const last = found.at(-1)
    if (last && last.at + last.removed.length === at) {
      last.removed.push(line)
      last.added.push(after[at]!)
    } else found.push({ at, newAt: at, removed: [line], added: [after[at]!] })
  }
  return found
}

/** By the longest common subsequence: what is compared are the few lines around an edit. */
function fewest(before: readonly string[], after: readonly string[]): readonly Difference[] {
  const common = commonLengths(before, after)
  const found: Difference[] = []
  let [at, newAt] = [0, 0]
  while (at < before.length || newAt < after.length) {
    if (at < before.length && before[at] === after[newAt]) {
      at++
      newAt++
      continue
    }
    const [start, newStart] = [at, newAt]
    while ((at < before.length || newAt < after.length) && (at === before.length || before[at] !== after[newAt])) {
      if (newAt < after.length && (at === before.length || common[at]![newAt + 1]! > common[at + 1]![newAt]!)) newAt++
      else at++
    }
    found.push({ at: start, newAt: newStart, removed: before.slice(start, at), added: after.slice(newStart, newAt) })
  }
  return found
}

/** Of what is left from a line before and a line after on. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let at = before.length - 1; at >= 0; at--) {
    for (let newAt = after.length - 1; newAt >= 0; newAt--) {
      const isSame = before[at] === after[newAt]
      lengths[at]![newAt] = isSame
        ? lengths[at + 1]![newAt + 1]! + 1
        : Math.max(lengths[at + 1]![newAt]!, lengths[at]![newAt + 1]!)
    }
  }
  return lengths
}
