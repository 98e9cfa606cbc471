// Folders of recorded cases: `CASE.yaml` says what was done to the real controllers, `CASE.jsonl` what they did.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Version, versionOf } from '../../src/policy/argo/version.js'
import { findVersion } from '../../src/scenario/controller.js'
import { compare, decisions, type Row } from './agree.js'
import { parseCase } from './case.js'
import { NotPlayable } from './not-playable.js'
import { play } from './play.js'

export interface Recorded {
  readonly name: string
  readonly folder: string
  /** What came out differently when the case was recorded twice, and therefore says nothing. */
  readonly unsteady: readonly string[]
}

export interface Verdict {
  readonly trace: string
  readonly rows: readonly Row[]
  readonly wrong: readonly Row[]
}

/** The cases of a folder and of those in it, by name. */
export function casesIn(folder: string): readonly Recorded[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  const unsteadyFile = join(folder, 'unsteady.json')
  const unsteady = existsSync(unsteadyFile)
    ? (JSON.parse(readFileSync(unsteadyFile, 'utf8')) as Record<string, readonly string[]>)
    : {}
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return casesIn(join(folder, entry.name))
    if (!entry.name.endsWith('.yaml')) return []
    const name = entry.name.slice(0, -'.yaml'.length)
    return [{ name, folder, unsteady: unsteady[name] ?? [] }]
  })
}

/** Played as the version that was recorded does, or as `changed` makes of it. Throws a NotPlayable for what isn't simulated. */
export function hold({ name, folder, unsteady }: Recorded, changed = (version: Version) => version): Verdict {
  const recorded = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
  const script = parseCase(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  const trace = play(name, script, changed(versionIn(recorded)))
  const rows = compare(decisions(recorded), decisions(trace))
  return { trace, rows, wrong: rows.filter(({ ok, key }) => !ok && !unsteady.includes(key)) }
}

/** The version of the controller, which the first line names. */
function versionIn(recorded: string): Version {
  const { versions } = JSON.parse(recorded.slice(0, recorded.indexOf('\n'))) as { versions: Record<string, string> }
  const written = versions['argo-rollouts']!
  const version = findVersion(written)
  if (version === undefined) throw new NotPlayable(`argo-rollouts ${written}`)
  return versionOf(version)
}

export function describeRow({ t, key, expected = 'nothing', actual = 'nothing', lateSeconds }: Row): string {
  const late = lateSeconds === undefined ? '' : ` (${lateSeconds.toFixed(2)} s late)`
  return `${t.toFixed(2)} ${key}: recorded ${expected}, played ${actual}${late}`
}
