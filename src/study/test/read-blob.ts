// How blobs are read again: what shards of a test have handed on.
import { z } from 'zod'
import { exactly, positive, share, whole } from '../../scenario/exactly.js'
import { fidelities } from '../../scenario/fidelity.js'
import { isJsonObject } from '../../scenario/json.js'
import { parseJson } from '../../scenario/json-text.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { validate } from '../../scenario/schema-problems.js'
import type { Shard } from '../shard.js'
import { tallySchema } from '../tally-schema.js'
import { storedBaseline } from './baseline.js'
import { type Blob, type BlobScenario, blobSchema } from './blob.js'
import { budgetText } from './report-schema.js'
import type { RareMisses } from './tested.js'

const shard = exactly<Shard>({ index: positive, of: positive }).refine(({ index, of }) => index <= of, {
  error: 'there is no such shard',
})

const rareMisses = exactly<RareMisses>({
  value: share,
  low: share.nullable(),
  high: share.nullable(),
  swarms: positive,
})

const scenario = exactly<BlobScenario>({
  name: z.string(),
  file: z.string(),
  teaches: z.string(),
  seed: whole,
  fidelity: z.enum(fidelities),
  baseline: storedBaseline.optional(),
  isWhole: z.boolean(),
  rareMisses: rareMisses.optional(),
  budgets: z.array(exactly<BlobScenario['budgets'][number]>({ budget: budgetText, line: whole, column: whole })),
  tally: tallySchema,
})

export const storedBlobSchema = exactly<Blob>({
  schema: z.literal(blobSchema),
  version: z.string(),
  confidence: share,
  runs: positive,
  shard,
  scenarios: z.array(scenario),
}).superRefine(({ runs, scenarios }, { addIssue }) => {
  for (const [index, { tally }] of scenarios.entries()) {
    const message = `${tally.runs} runs in this shard, and only ${runs} in all shards together`
    if (tally.runs > runs) addIssue({ code: 'custom', path: ['scenarios', index, 'tally', 'runs'], message })
  }
})

/** Undefined for what is none; why is among the problems. */
export function readBlob(file: string, text: string, version: string, problems: Problems): Blob | undefined {
  const hint = 'Blobs are written by `coalmine test --shard 1/3 --reporter blob`.'
  const document = parseJson(text, file, problems, hint)
  if (document === undefined) return undefined
  const { value } = document
  const refuse = (message: string, how: string) => {
    problems.error('not-a-blob', wholeFile(file), message, { hint: how })
    return undefined
  }
  if (!isJsonObject(value) || value['schema'] !== blobSchema)
    return refuse(`this is no blob of schema ${blobSchema}`, hint)
  if (value['version'] !== version) {
    return refuse(
      `this blob was written by coalmine ${String(value['version'])}, and this is ${version}`,
      'Another version may fly another way: fly all shards with the same one.',
    )
  }
  return validate(storedBlobSchema, document, file, problems, { what: 'blob', most: 5 })
}
