// A shard's part of a test, written down so that the parts can be put together elsewhere.

import { parseBudget } from '../../scenario/budget.js'
import type { Fidelity } from '../../scenario/fidelity.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import type { Shard } from '../shard.js'
import { Tally, type TallyData } from '../tally.js'
import type { Baseline } from './baseline.js'
import type { RareMisses, Tested } from './tested.js'

export const blobSchema = 'coalmine.blob/v1'

export interface Blob {
  readonly schema: typeof blobSchema
  readonly version: string
  readonly confidence: number
  /** Of each scenario, all shards together. */
  readonly runs: number
  readonly shard: Shard
  readonly scenarios: readonly BlobScenario[]
}

export interface BlobScenario {
  readonly name: string
  readonly file: string
  readonly teaches: string
  readonly seed: number
  readonly fidelity: Fidelity
  readonly budgets: readonly { readonly budget: string; readonly line: number; readonly column: number }[]
  readonly baseline?: Baseline | undefined
  readonly isWhole: boolean
  readonly rareMisses?: RareMisses | undefined
  readonly tally: TallyData
}

export function blobOf(
  tested: readonly Tested[],
  settings: Pick<Blob, 'version' | 'confidence' | 'runs' | 'shard'>,
): Blob {
  const scenarios = tested.map(
    ({ name, file, teaches, seed, fidelity, baseline, isWhole, rareMisses, budgets, tally }) => ({
      ...{ name, file, teaches, seed, fidelity, baseline, isWhole, rareMisses },
      budgets: budgets.map(({ budget, place: { line, column } }) => ({ budget: budget.text, line, column })),
      tally: tally.data(),
    }),
  )
  return { schema: blobSchema, ...settings, scenarios }
}

/** What all shards together have flown; undefined where they don't belong together, or one is missing. */
export function mergeBlobs(
  blobs: readonly { readonly file: string; readonly blob: Blob }[],
  problems: Problems,
): { readonly tested: readonly Tested[]; readonly confidence: number } | undefined {
  const [first, ...others] = blobs
  if (!first) return undefined
  const { errorCount } = problems
  for (const { file, blob } of others) checkTogether(first, file, blob, problems)
  checkShards(blobs, problems)
  if (problems.errorCount > errorCount) return undefined
  return {
    tested: testedIn(
      first.blob,
      blobs.map(({ blob }) => blob),
    ),
    confidence: first.blob.confidence,
  }
}

/** What some parts of a test have flown together. */
export function testedIn({ scenarios }: Blob, parts: readonly Blob[]): readonly Tested[] {
  return scenarios.map((scenario, index) => {
    const { budgets, tally: _, isWhole: __, ...told } = scenario
    const tally = new Tally()
    for (const part of parts) tally.merge(part.scenarios[index]!.tally)
    const isWhole = parts.every((part) => part.scenarios[index]!.isWhole)
    return { ...told, budgets: budgets.map((written) => writtenBudget(told.file, written)), tally, isWhole }
  })
}

function writtenBudget(file: string, { budget: text, line, column }: BlobScenario['budgets'][number]) {
  const parsed = parseBudget(text)
  if (!parsed.ok) throw new RangeError(parsed.message)
  return { budget: parsed.value, place: { file, line, column } }
}

function checkTogether(
  first: { readonly file: string; readonly blob: Blob },
  file: string,
  blob: Blob,
  problems: Problems,
): void {
  const signature = ({ confidence, runs, shard, scenarios }: Blob) =>
    JSON.stringify([
      confidence,
      runs,
      shard.of,
      scenarios.map(({ name, file: path, seed, fidelity, budgets, baseline }) => {
        return [name, path, seed, fidelity, budgets, baseline]
      }),
    ])
  if (signature(first.blob) === signature(blob)) return
  const message = `this blob is of another test than \`${first.file}\`: other scenarios, budgets, baselines, seeds, runs or shards`
  problems.error('blobs-differ', wholeFile(file), message)
}

function checkShards(blobs: readonly { readonly file: string; readonly blob: Blob }[], problems: Problems): void {
  const { of } = blobs[0]!.blob.shard
  const seen = new Map<number, string>()
  for (const { file, blob } of blobs) {
    const { index } = blob.shard
    const before = seen.get(index)
    if (before !== undefined) {
      problems.error('blob-twice', wholeFile(file), `shard ${index}/${of} is already in \`${before}\``)
    }
    seen.set(index, file)
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !seen.has(index))
  if (missing.length === 0) return
  const which = missing.map((index) => `${index}/${of}`).join(', ')
  problems.error('blob-missing', wholeFile(blobs[0]!.file), `missing beside this blob: shard ${which}`)
}
