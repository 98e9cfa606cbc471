// What commands have stored is told again as they told it, or refused by name.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blobFormats } from '../../src/report/formats/blob.js'
import { checkFormats } from '../../src/report/formats/check.js'
import { compareFormats } from '../../src/report/formats/compare.js'
import { missesFormats } from '../../src/report/formats/misses.js'
import { runFormats } from '../../src/report/formats/run.js'
import { studyFormats } from '../../src/report/formats/study.js'
import { testFormats } from '../../src/report/formats/test.js'
import { tuneFormats } from '../../src/report/formats/tune.js'
import type { Formats, Page } from '../../src/report/page.js'
import { colours, noColours } from '../../src/report/paint.js'
import { readStored, type StoredFormat } from '../../src/report/stored.js'
import { isJsonObject, type Json } from '../../src/scenario/json.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { storedBlobSchema } from '../../src/study/test/read-blob.js'
import { blobs, checks, comparisons, misses, runOf, searches, studies, tests, version } from './stored-samples.js'

const scenarios = join(import.meta.dirname, '..', '..', 'scenarios')
const plain: Page = { paint: noColours, columns: Number.POSITIVE_INFINITY, marker: 'shop', rulePage: (id) => `# ${id}` }
const terminal: Page = { ...plain, paint: colours, columns: 80 }

async function read(text: string, by = version) {
  const problems = new Problems()
  const stored = await readStored('x.json', text, by, problems)
  return { stored, told: problems.sorted().map(formatProblem) }
}

/** Each with what its command prints it by. */
async function samples(): Promise<readonly (readonly [unknown, Formats<never>])[]> {
  const with_ = <Told>(all: readonly Told[], formats: Formats<Told>) => all.map((each) => [each, formats] as const)
  const run = await runOf(join(scenarios, 'burn-rate.yaml'))
  return [
    ...with_([run], runFormats),
    ...with_(studies, studyFormats),
    ...with_(misses, missesFormats),
    ...with_(await checks(), checkFormats),
    ...with_(tests, testFormats),
    ...with_(blobs, blobFormats),
    ...with_(comparisons, compareFormats),
    ...with_(searches, tuneFormats),
  ]
}
const all = (await samples()).map(([sample, formats]) => {
  return { schema: (sample as { schema: string }).schema, sample, formats, text: JSON.stringify(sample) }
})

describe.each(all)('A stored $schema', ({ sample, formats, text }) => {
  it('is told as by the command itself, in each of its formats', async () => {
    const { stored, told } = await read(text)
    expect(told).toEqual([])
    expect(stored!.formats).toEqual(Object.keys(formats))
    for (const page of [plain, terminal])
      for (const format of stored!.formats)
        expect(stored!.render(format, page)).toBe(formats[format]!(sample as never, page))
  })

  it('is the same bytes when it is written again', async () => {
    const { stored } = await read(text)
    const isBlob = text.startsWith('{"schema":"coalmine.blob')
    const again = isBlob ? JSON.stringify(storedBlobSchema.parse(JSON.parse(text))) : stored!.render('json', plain)
    expect(again).toBe(text)
  })

  it('may have been laid out otherwise', async () => {
    const { stored } = await read(JSON.stringify(reversed(JSON.parse(text) as Json), null, '\t'))
    expect(stored!.render('text', plain)).toBe(formats['text']!(sample as never, plain))
  })

  it('of another version of coalmine, but the same schema, is told', async () => {
    expect((await read(text, '9.9.9')).told).toEqual([])
  })

  it('that somebody has changed is refused at a place, or told: nothing else comes of it', async () => {
    const paths = pathsIn(JSON.parse(text) as Json, [])
    const values = [undefined, null, -1, 0, 0.5, 1e300, '', 'never', 'x', true, [], {}, [{}]]
    const changed = fc.record({ path: fc.constantFrom(...paths), value: fc.constantFrom(...values) })
    await fc.assert(
      fc.asyncProperty(changed, async ({ path, value }) => {
        const { stored, told } = await read(JSON.stringify(changedAt(JSON.parse(text) as Json, path, value) ?? null))
        if (stored === undefined) expect(told.join('\n')).toMatch(/^x\.json(:\d+:\d+)? {2}error {2}/)
        else for (const format of stored.formats) expect(stored.render(format, terminal)).not.toBe(undefined)
      }),
      { seed: 7, numRuns: 150 },
    )
  })
})

it.each(readdirSync(scenarios).filter((name) => name.endsWith('.yaml')))(
  'the flight of %s is the same when it was stored in between',
  async (name) => {
    const run = await runOf(join(scenarios, name))
    const { stored, told } = await read(JSON.stringify(run))
    expect(told).toEqual([])
    expect(stored!.render('text', plain)).toBe(runFormats.text(run, plain))
    expect(stored!.render('json', plain)).toBe(JSON.stringify(run))
  },
)

describe('It is refused, and told by what it lacks', () => {
  const study = JSON.stringify(studies[0])
  const comparison = JSON.stringify(comparisons[1])
  const blob = JSON.stringify(blobs[0])
  const search = JSON.stringify(searches[0])
  const test = JSON.stringify(tests[0])
  it.each([
    [
      'a field',
      study.replace('"missed":{', '"mised":{'),
      [
        '1:1  error  missing field `missed` [stored-missing-field]',
        '1:458  error  unknown field `mised`: did you mean `missed`? [stored-unknown-field]',
      ],
    ],
    ['a number', study.replace('"seed":7', '"seed":"7"'), ['expected a whole number, found `7` [stored-type]']],
    ['a whole one', study.replace('"seed":7', '"seed":7.5'), ['expected a whole number, found `7.5` [stored-type]']],
    ['one that is large enough', study.replace('"seed":7', '"seed":-7'), ['this must be at least 0 [stored-value]']],
    [
      'one that can be told from its neighbours',
      study.replace('"seed":7', '"seed":9007199254740993'),
      ['this must be at most 9007199254740991 [stored-value]'],
    ],
    [
      'a finite one',
      study.replace('"seed":7', '"seed":1e999'),
      ['expected a whole number, found `Infinity` [stored-type]'],
    ],
    ['a share', study.replace(/("missed":\{"value":)[^,]*/, '$11.5'), ['this must be at most 1 [stored-value]']],
    [
      'a word',
      study.replace('"fidelity":"request"', '"fidelity":"requests"'),
      ['expected `flow` or `request`, found `requests`: did you mean `request`? [stored-value]'],
    ],
    [
      'a budget',
      test.replaceAll('detect.p90 < 3m', 'detct.p90 < 3m'),
      ['unknown metric `detct`: did you mean `detect`? [stored-value]'],
    ],
    [
      'a world',
      comparison.replace(/"worlds":\[.*\],"overall"/, '"worlds":[],"overall"'),
      ['this list must not be empty [stored-value]'],
    ],
    [
      'that world',
      comparison.replaceAll('"world":2', '"world":7'),
      ['there is no missed in that world to set a limit to [stored-value]'],
    ],
    [
      'all worlds',
      comparison.replace(/"overall":\[.*\],"gate"/, '"overall":null,"gate"'),
      ['there is something over all worlds where there are several, and only there [stored-value]'],
    ],
    [
      'as many runs',
      blob.replace('"runs":200,"verdicts"', '"runs":199,"verdicts"'),
      ['200 runs have a verdict, and there are 199 [stored-value]'],
    ],
    ['a shard', blob.replace('"index":2', '"index":4'), ['there is no such shard [stored-value]']],
    ['a point', search.replace('"knee":"A"', '"knee":"Z"'), ['there is no point Z [stored-value]']],
    ['a fault', search.replace('"id":"errors"', '"id":"mistakes"'), ['there is no fault errors [stored-value]']],
  ])('%s', async (_, text, problems) => {
    const { stored, told } = await read(text)
    expect(stored).toBe(undefined)
    for (const problem of problems) expect(told.join('\n')).toContain(problem)
    expect(told.every((each) => /^x\.json:\d+:\d+ {2}/.test(each))).toBe(true)
  })

  it('by the first five mistakes, where it has many', async () => {
    const { told } = await read(study.replaceAll('"p90"', '"p91"'))
    expect(told).toHaveLength(6)
    expect(told[0]).toMatch(/^x\.json:1:1 {2}error {2}\d+ more such problems in this file are not shown/)
  })

  it('and by whom it was printed, where that was another version', async () => {
    const { told } = await read(study.replace('"missed":', '"mised":').replace(version, '0.0.7'))
    expect(told[0]).toContain('It was printed by coalmine 0.0.7, and this is 1.2.3.')
  })
})

describe('It is nothing that is read here', () => {
  it.each([
    [
      '{}',
      'x.json  error  this JSON is nothing that coalmine stores: it has no `schema` that begins with `coalmine.` [not-stored]\n    `coalmine run --json`',
    ],
    ['[]', 'x.json  error  this JSON is nothing that coalmine stores'],
    ['null', 'x.json  error  this JSON is nothing that coalmine stores'],
    ['{"schema": 7}', 'x.json  error  this JSON is nothing that coalmine stores'],
    ['{"schema": "toString"}', 'x.json  error  this JSON is nothing that coalmine stores'],
    [
      '{"schema": "coalmine.run/v9", "version": "4.5.6"}',
      'x.json:1:12  error  this is of schema v9 of `coalmine.run`, printed by coalmine 4.5.6; coalmine 1.2.3 reads v1 [stored-version]\n    Render it with the version',
    ],
    ['{"schema": "coalmine.study/v1"}', 'coalmine 1.2.3 reads v2 [stored-version]'],
    [
      '{"schema": "coalmine.stdy/v1"}',
      '`coalmine.stdy` is nothing that can be rendered again: did you mean `coalmine.study`? [not-stored]',
    ],
    ['{"schema": "coalmine.explain/v1"}', '`coalmine explain` prints it in no time.'],
    ['{"schema": "coalmine.baseline/v1"}', '`coalmine test` holds runs against a baseline'],
    ['{"schema": "coalmine.tune-state/v1"}', '`coalmine tune --resume FILE` goes on from it'],
    ['x', 'x.json:1:1  error  this is no JSON: expected a value, found `x` [json-syntax]\n    `coalmine run --json`'],
  ])('%s', async (text, problem) => {
    const { stored, told } = await read(text)
    expect(stored).toBe(undefined)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(problem)
  })
})

it('every format has a name that the command line takes', async () => {
  const taken: readonly StoredFormat[] = ['text', 'json', 'markdown', 'github', 'junit', 'tap', 'sarif']
  const there = new Set(all.flatMap(({ formats }) => Object.keys(formats)))
  expect([...there].sort()).toEqual([...taken].sort())
})

type Path = readonly (string | number)[]

function pathsIn(value: Json, path: Path): readonly Path[] {
  // Of a list its first and its last, and of many paths alike not all.
  const items = Array.isArray(value) ? [...new Set([0, value.length - 1])].filter((index) => index >= 0) : []
  const keys = isJsonObject(value) ? Object.keys(value) : items
  const inside = value as Readonly<Record<string | number, Json>>
  return [path, ...keys.flatMap((key) => pathsIn(inside[key]!, [...path, key]))]
}

/** Undefined takes it away. */
function changedAt(value: Json, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to
  const inside = value as Readonly<Record<string | number, Json>>
  const changed = changedAt(inside[key]!, rest, to)
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changed : item))
  return { ...(value as object), [key]: changed }
}

/** The last field first. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      // Names of labels are data, and so is their order.
      .map(([key, each]) => [key, key === 'labels' ? each : reversed(each)]),
  )
}
