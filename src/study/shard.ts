// Part of all blocks of all jobs, which others fly elsewhere.

export interface Shard {
  /** From 1. */
  readonly index: number
  readonly of: number
}

/** Which blocks of a job are its own: those of all jobs are dealt out in turn, so `blocksBefore` have been before this job. */
export function blocksOf({ index, of }: Shard, blocksBefore: number): (block: number) => boolean {
  return (block) => (blocksBefore + block) % of === index - 1
}
