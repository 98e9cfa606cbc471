// Which of the runs and experiments that judge nothing any more are kept.
import { isCompleted, type RunPhase } from './analysis-run.js'
import type { Pass } from './pass.js'

/** All but the latest ones, and those of versions that there aren't any more. */
export function surplusOf<Judging extends { readonly hash: string; readonly phase: RunPhase }>(
  { spec, all }: Pass,
  others: readonly Judging[],
): readonly Judging[] {
  const { successful, unsuccessful } = spec.runHistory
  const kept = { successful: 0, unsuccessful: 0 }
  return others.toReversed().filter(({ hash, phase }) => {
    if (!all.some((seen) => seen.hash === hash)) return true
    if (phase === 'Successful') return kept.successful++ >= successful
    return isCompleted(phase) && kept.unsuccessful++ >= unsuccessful
  })
}
