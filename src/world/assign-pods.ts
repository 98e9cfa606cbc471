// Which pods' cells the answers of each pool are counted in.
import type { PodGroup } from './answers.js'
import type { Cells } from './cells.js'
import type { Lanes } from './lanes.js'

/** Those of each version, by a number that is theirs for life; by condition, where not all of them are in the same. */
export function assignPods(
  cells: Cells,
  lanes: Lanes,
  podNumbers: ArrayLike<ArrayLike<number>>,
  groups?: readonly (readonly PodGroup[])[],
): void {
  cells.reassign()
  for (let version = 0; version < podNumbers.length; version++) {
    const ofVersion = groups?.[version]
    if (ofVersion === undefined || ofVersion.length === 0) {
      cells.assign(version, version, podNumbers[version]!)
      continue
    }
    for (const group of ofVersion) {
      const { index, refuses } = lanes.poolOf(version, group.condition)
      // What doesn't answer counts nothing.
      cells.assign(index, version, refuses ? [] : group.podNumbers)
    }
  }
}
