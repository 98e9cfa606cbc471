// A shard's part of a test, written down so that the parts can be put together elsewhere.

import { parseBudget } from '../../scenario/budget.js'
import type { Fidelity } from '../../scenario/fidelity.js'
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import type { Shard } from '../shard.js'
import { Tally, type TallyData } from '../tally.js'
import type { Baseline } from './baseline.js'
import type { Tested } from './tested.js'

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

interface BlobScenario {
  readonly name: string
  readonly file: string
  readonly teaches: string
  readonly seed: number
  readonly fidelity: Fidelity
  readonly budgets: readonly { readonly budget: string; readonly line: number; readonly column: number }[]
  readonly baseline?: Baseline | undefined
  readonly isWhole: boolean
  readonly tally: TallyData
}

export function blobOf(
  tested: readonly Tested[],
  settings: Pick<Blob, 'version' | 'confidence' | 'runs' | 'shard'>,
): Blob {
  const scenarios = tested.map(({ budgets, tally, ...told }) => ({
    ...told,
    budgets: budgets.map(({ budget, place: { line, column } }) => ({ budget: budget.text, line, column })),
    tally: tally.data(),
  }))
  return { schema: blobSchema, ...settings, scenarios }
}

/** Undefined for what is none; why is among the problems. */
export function readBlob(file: string, text: string, version: string, problems: Problems): Blob | undefined {
  const refuse = (message: string, hint?: string) => {
    problems.error('not-a-blob', wholeFile(file), message, { hint })
    return undefined
  }
  let read: Json
  try {
    read = JSON.parse(text) as Json
  } catch {
    return refuse('this is no JSON', 'Blobs are written by `coalmine test --shard 1/3 --reporter blob`.')
  }
  if (!isJsonObject(read) || read['schema'] !== blobSchema) {
    return refuse(`this is no blob of schema ${blobSchema}`, 'Blobs are written by `coalmine test --reporter blob`.')
  }
  if (read['version'] !== version) {
    return refuse(
      `this blob was written by coalmine ${String(read['version'])}, and this is ${version}`,
      'Another version may fly another way: fly all shards with the same one.',
    )
  }
  return read as unknown as Blob
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
  const tested = first.blob.scenarios.map((scenario, index) => {
    const { budgets, tally: _, isWhole: __, ...told } = scenario
    const tally = new Tally()
    for (const { blob } of blobs) tally.merge(blob.scenarios[index]!.tally)
    const isWhole = blobs.every(({ blob }) => blob.scenarios[index]!.isWhole)
    return { ...told, budgets: budgets.map((written) => writtenBudget(told.file, written)), tally, isWhole }
  })
  return { tested, confidence: first.blob.confidence }
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
