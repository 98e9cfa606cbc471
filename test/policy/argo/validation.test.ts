// Manifests that the real API server and controller took or refused, held against what is said of them here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { describe, expect, it } from 'vitest'
import { Objects } from '../../../src/policy/argo/objects.js'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readAnalysisTemplate } from '../../../src/policy/argo/read-analysis.js'
import { isRefusal, refusalOf } from '../../../src/policy/argo/refusal.js'
import { newest } from '../../../src/policy/argo/version.js'
import { readManifests } from '../../../src/scenario/load.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'

interface Row {
  readonly id: string
  readonly about: string
  readonly manifest: string
  readonly api?: readonly { readonly object: string; readonly accepted: boolean }[]
  readonly controller?: Readonly<Record<string, unknown>>
  readonly lint?: { readonly exit: number }
}

/** What became of a row; `different` is what the list of differences gives a reason for. */
type Outcome = 'as recorded' | 'not simulated' | 'different'

const rows = lines('validation.jsonl').map((line) => JSON.parse(line) as Row)
const templateKinds = ['AnalysisTemplate', 'ClusterAnalysisTemplate']
const isOfRollout = ({ api }: Row) => api?.some(({ object }) => object.startsWith('Rollout/')) === true
const isOfTemplate = ({ api }: Row) => api?.every(({ object }) => /^(Cluster)?AnalysisTemplate\//.test(object)) === true
const held = rows.filter((row) => isOfRollout(row) || isOfTemplate(row)).map((row) => ({ row, ...hold(row) }))
const reasons = reasonsIn('validation-differences.txt')

describe('The recorded table of manifests', () => {
  it('has so many that come out as recorded', () => {
    const count = (wanted: Outcome) => held.filter(({ outcome }) => outcome === wanted).length
    const shares = [count('as recorded'), count('not simulated'), count('different')]
    stdout.write(
      `Manifests of the table: ${rows.length}; ${held.length} with a Rollout or an AnalysisTemplate, of which ${shares[0]} come out as recorded, ` +
        `${shares[1]} ask for what is refused as not simulated, ${shares[2]} come out differently\n`,
    )
    expect(shares[0]).toBeGreaterThanOrEqual(553)
  })

  it('gives a reason for each one that does not', () => {
    const untold = held.filter(({ row, outcome }) => outcome === 'different' && !reasons.has(row.id))
    expect(untold.map(({ row, theirs, ours }) => ({ id: row.id, theirs, ours }))).toEqual([])
    const different = new Set(held.filter(({ outcome }) => outcome === 'different').map(({ row }) => row.id))
    expect([...reasons.keys()].filter((id) => !different.has(id))).toEqual([])
  })
})

describe('What kubectl argo rollouts lint would say', () => {
  const reasons = reasonsIn('lint-differences.txt')
  const linted = rows.flatMap((row) => {
    const problems = new Problems()
    const manifests = readManifests(['policy.yaml'], { read: () => ({ text: textOf(row) }) }, problems)
    if (!row.lint || problems.hasErrors || manifests.length === 0) return []
    readPolicy(manifests, problems)
    const finds = problems.sorted().some(isFoundByLint) ? 1 : 0
    return [{ id: row.id, finds, exit: row.lint.exit }]
  })
  const wrong = linted.filter(({ finds, exit }) => finds !== exit)

  it('is told right of every recorded file that can be read, but for those with a reason', () => {
    stdout.write(
      `Files that kubectl argo rollouts lint was asked about: ${linted.length}; ${wrong.length} are told wrong\n`,
    )
    expect(linted.length).toBeGreaterThan(690)
    expect(wrong.filter(({ id }) => !reasons.has(id))).toEqual([])
  })

  it('is not excused where it is told right', () => {
    const ids = new Set(wrong.map(({ id }) => id))
    expect([...reasons.keys()].filter((id) => !ids.has(id))).toEqual([])
  })
})

/** By its hint; a problem that is about a flight says nothing of what lint would find. */
function isFoundByLint({ code, severity, hint = '' }: Problem): boolean {
  if (/^(unsupported-|limit-|no-rollout$|no-routes$|no-http-routes$|one-subset-for-both$|several-rollouts$)/.test(code))
    return false
  return severity === 'error' ? !hint.includes('lint` accepts this') : hint.includes('lint` rejects this')
}

function textOf({ manifest }: Row): string {
  return manifest.replaceAll('$NAMESPACE', 'default')
}

function reasonsIn(file: string): ReadonlyMap<string, string> {
  return new Map(lines(file).map((line) => line.split(/: (.*)/, 2) as [string, string]))
}

function hold(row: Row): { readonly outcome: Outcome; readonly theirs: string; readonly ours: readonly string[] } {
  const problems = complaints(row)
  const errors = problems.sorted().filter(({ severity }) => severity === 'error')
  const theirs = complaintOfCluster(row)
  const refusal = refusalOf(problems.inOrder)
  const words = refusal?.words?.replaceAll(row.id, 'default')
  const ours = errors.map(({ message }) => message.replaceAll(row.id, 'default'))
  const isSame =
    theirs === undefined
      ? ours.length === 0
      : theirs.isOfController
        ? words === theirs.text && errors.some(isRefusal)
        : ours.length > 0
  const isUnsupported = errors.some(({ code }) => code.startsWith('unsupported-'))
  const outcome = isSame ? 'as recorded' : isUnsupported ? 'not simulated' : 'different'
  return { outcome, theirs: theirs?.text ?? 'accepted', ours: words === undefined ? ours : [words, ...ours] }
}

/** The namespace of a recording isn't in its manifests. */
function complaints(row: Row): Problems {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: textOf(row) }) }, problems)
  if (isOfRollout(row)) readPolicy(manifests, problems)
  else {
    const objects = Objects.of(manifests, problems, newest.does)
    const templates = templateKinds.flatMap((kind) => objects.all(kind))
    for (const template of templates) readAnalysisTemplate(objects.admitted(template), problems)
  }
  return problems
}

/** Why it was refused: of what the API server refuses the words are its own, and many. */
function complaintOfCluster({
  api,
  controller,
}: Row): { readonly text: string; readonly isOfController: boolean } | undefined {
  if (api!.some(({ accepted }) => !accepted)) return { text: 'refused by the API server', isOfController: false }
  for (const state of Object.values(controller ?? {})) {
    const { phase, message } = (state ?? {}) as { readonly phase?: unknown; readonly message?: unknown }
    // The controller can't even begin, and only its log tells why.
    if (phase === null) return { text: 'without a status for good', isOfController: false }
    if (typeof message === 'string' && message.startsWith('InvalidSpec: '))
      return { text: wordsOf(message), isOfController: true }
  }
  return undefined
}

/** `InvalidSpec: The Rollout "demo" is invalid: FIELD: Invalid value: VALUE: DETAIL` */
function wordsOf(message: string): string {
  return message.replace(/^InvalidSpec: The Rollout ".*?" is invalid: /, '').replaceAll('$NAMESPACE', 'default')
}

function lines(file: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('{"table"'))
}
