// Reads what commands have stored as JSON, so that it can be told again: one table of all kinds that there are.
import type { z } from 'zod'
import type { runSchema } from '../run/record.js'
import { isJsonObject, type Json } from '../scenario/json.js'
import { type Positioned, parseJson } from '../scenario/json-text.js'
import { nearName } from '../scenario/near-name.js'
import { Problems, wholeFile } from '../scenario/problem.js'
import { validate } from '../scenario/schema-problems.js'
import type { checkSchema } from '../study/check/report.js'
import type { compareSchema } from '../study/compare/comparison.js'
import type { missesSchema } from '../study/rare/misses.js'
import type { studySchema } from '../study/study.js'
import type { blobSchema } from '../study/test/blob.js'
import type { testSchema } from '../study/test/report.js'
import type { tuneSchema } from '../study/tune/report.js'
import type { checkFormats } from './formats/check.js'
import type { compareFormats } from './formats/compare.js'
import type { testFormats } from './formats/test.js'
import type { Formats, Page } from './page.js'

/** Everything has text and json. */
export type StoredFormat = keyof typeof testFormats | keyof typeof checkFormats | keyof typeof compareFormats

/** Something that was stored, and the ways of telling it. */
export interface Stored {
  readonly schema: Schema
  /** Such as `a run`. */
  readonly title: string
  readonly formats: readonly StoredFormat[]
  /** One of these. */
  render(format: StoredFormat, page: Page): string
}

/** Every version of a schema that is read, and what else is a schema of ours. */
type Schema =
  | typeof runSchema
  | typeof studySchema
  | typeof missesSchema
  | typeof checkSchema
  | typeof testSchema
  | typeof blobSchema
  | typeof compareSchema
  | typeof tuneSchema

interface Kind {
  /** Undefined if it isn't what it says it is; why is among the problems. */
  read(document: Positioned, file: string, problems: Problems): Promise<Omit<Stored, 'schema'> | undefined>
}

/** What a kind needs is loaded when there is one. */
const kinds: Readonly<Record<Schema, Kind>> = {
  'coalmine.run/v1': kind('a run', async () => ({
    schema: (await import('../run/record-schema.js')).storedRunSchema,
    formats: (await import('./formats/run.js')).runFormats,
  })),
  'coalmine.study/v2': kind('a study', async () => ({
    schema: (await import('../study/study-schema.js')).storedStudySchema,
    formats: (await import('./formats/study.js')).studyFormats,
  })),
  'coalmine.misses/v1': kind('a study of misses', async () => ({
    schema: (await import('../study/rare/misses-schema.js')).storedMissesSchema,
    formats: (await import('./formats/misses.js')).missesFormats,
  })),
  'coalmine.check/v1': kind('a check', async () => ({
    schema: (await import('../study/check/report-schema.js')).storedCheckSchema,
    formats: (await import('./formats/check.js')).checkFormats,
  })),
  'coalmine.test/v1': kind('a test', async () => ({
    schema: (await import('../study/test/report-schema.js')).storedTestSchema,
    formats: (await import('./formats/test.js')).testFormats,
  })),
  'coalmine.blob/v1': kind('a blob of a test', async () => ({
    schema: (await import('../study/test/read-blob.js')).storedBlobSchema,
    formats: (await import('./formats/blob.js')).blobFormats,
  })),
  'coalmine.compare/v1': kind('a comparison', async () => ({
    schema: (await import('../study/compare/comparison-schema.js')).storedComparisonSchema,
    formats: (await import('./formats/compare.js')).compareFormats,
  })),
  'coalmine.tune/v1': kind('a search', async () => ({
    schema: (await import('../study/tune/report-schema.js')).storedTuneSchema,
    formats: (await import('./formats/tune.js')).tuneFormats,
  })),
}

/** What else has a schema of ours, and where it belongs. */
const others: Readonly<Record<string, string>> = {
  explain: 'An explanation is of manifests, not of flights: `coalmine explain` prints it in no time.',
  baseline: '`coalmine test` holds runs against a baseline, and tells how they differ.',
  'tune-state': '`coalmine tune --resume FILE` goes on from it, and prints what has come of the search.',
}

const storing =
  '`coalmine run --json`, `check --json`, `test --reporter json` or `blob`, `compare --format json` and `tune --json` store what it reads.'

/** Undefined for what is none; why is among the problems. */
export async function readStored(
  file: string,
  text: string,
  version: string,
  problems: Problems,
): Promise<Stored | undefined> {
  const document = parseJson(text, file, problems, storing)
  if (document === undefined) return undefined
  const schema = schemaOf(document, file, version, problems)
  if (schema === undefined) return undefined
  const found = new Problems()
  const stored = await kinds[schema].read(document, file, found)
  // Of another version of the program the schema may be the same, and not all of what is in it.
  const writer = writerOf(document.value)
  if (writer !== version) {
    const other = `It was printed by coalmine ${writer}, and this is ${version}.`
    found.amend(0, (problem) => ({ ...problem, hint: [problem.hint ?? [], other].flat().join(' ') }))
  }
  for (const problem of found.sorted()) problems.add(problem)
  return stored && { schema, ...stored }
}

/** As it says itself; undefined if there is none to read it by. */
function schemaOf(document: Positioned, file: string, version: string, problems: Problems): Schema | undefined {
  const { value } = document
  const schema = isJsonObject(value) ? value['schema'] : undefined
  if (typeof schema === 'string' && Object.hasOwn(kinds, schema)) return schema as Schema
  const [, name, number] = /^coalmine\.([a-z-]+)\/v(\d+)$/.exec(String(schema)) ?? []
  if (name === undefined) {
    const message = 'this JSON is nothing that coalmine stores: it has no `schema` that begins with `coalmine.`'
    problems.error('not-stored', wholeFile(file), message, { hint: storing })
    return undefined
  }
  const place = { file, ...document.positionOf(['schema']) }
  const read = Object.keys(kinds).find((each) => each.startsWith(`coalmine.${name}/`))
  if (read !== undefined) {
    const writer = writerOf(value)
    const by = writer === version ? '' : `, printed by coalmine ${writer}`
    const message = `this is of schema v${number} of \`coalmine.${name}\`${by}; coalmine ${version} reads ${read.split('/')[1]}`
    const hint = 'Render it with the version that has printed it, or fly it again with this one.'
    problems.error('stored-version', place, message, { hint })
    return undefined
  }
  const names = Object.keys(kinds).map((each) => /\.([a-z-]+)/.exec(each)![1]!)
  const near = nearName(name, names)
  const suggestion = near === undefined ? '' : `: did you mean \`coalmine.${near}\`?`
  problems.error('not-stored', place, `\`coalmine.${name}\` is nothing that can be rendered again${suggestion}`, {
    hint: others[name] ?? storing,
  })
  return undefined
}

/** Which coalmine has printed it. */
function writerOf(value: Json): string {
  const version = isJsonObject(value) ? value['version'] : undefined
  return typeof version === 'string' ? version : 'of a version that it doesn’t tell'
}

interface Form<Told> {
  readonly schema: z.ZodType<Told>
  readonly formats: Formats<Told>
}

/** A stored file of the same mistakes over and over is told of by the first of them. */
const mostProblems = 5

function kind<Told>(title: string, load: () => Promise<Form<Told>>): Kind {
  return {
    async read(document, file, problems) {
      const form = await load()
      const told = validate(form.schema, document, file, problems, { what: 'stored', most: mostProblems })
      if (told === undefined) return undefined
      const formats = Object.keys(form.formats) as StoredFormat[]
      return { title, formats, render: (format, page) => form.formats[format]!(told, page) }
    },
  }
}
