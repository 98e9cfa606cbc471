// `coalmine fly-shard`: what the pods of `coalmine test --on kubernetes` run.
import { readFileSync } from 'node:fs'
import { conduct } from '../study/conduct.js'
import { OwnPilot, Workers } from '../study/crew.js'
import { handBack } from '../study/kubernetes/hand-back.js'
import { openParcel, UnfitParcel } from '../study/kubernetes/parcel.js'
import { replayLineOf, tellDefect } from './defect.js'
import { badInput } from './exit-codes.js'

export interface FlyShardOptions {
  readonly workers: number
  readonly version: string
}

export async function flyShard(file: string, { workers, version }: FlyShardOptions): Promise<void> {
  try {
    const index = process.env['JOB_COMPLETION_INDEX']
    const { jobs, shard } = openParcel(readFileSync(file), version, index)
    const crew = workers === 1 ? new OwnPilot() : new Workers(workers)
    const results = await conduct(jobs, crew)
    await crew.end()
    const flown = results.map(({ arms, pairs }) => ({
      arms: arms.map((tally) => tally.data()),
      pairs: pairs.map((tally) => tally.data()),
    }))
    process.stdout.write(handBack(flown, shard))
  } catch (error) {
    if (!(error instanceof UnfitParcel)) return tellDefect(error, version, replayLineOf)
    process.stderr.write(`error: ${error.message}\n`)
    process.exitCode = badInput
  }
}
