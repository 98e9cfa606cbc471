// Recorded cases of the real Argo Rollouts controller, played in simulated time and compared decision for decision.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compare, decisions, type Row } from './agree.js'
import { parseCase } from './case.js'
import { play } from './play.js'

const root = join(import.meta.dirname, 'cases', 'argo')

describe.each(readdirSync(root))('%s', (folder) => {
  const names = readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
  const unsteady = JSON.parse(read(folder, 'unsteady.json')) as Record<string, readonly string[]>

  it.each(names)('%s', (name) => {
    const played = play(name, parseCase(read(folder, `${name}.yaml`)))
    const rows = compare(decisions(read(folder, `${name}.jsonl`)), decisions(played))
    const wrong = rows.filter(({ ok, key }) => !ok && !unsteady[name]?.includes(key))
    expect(wrong.map(tell)).toEqual([])
  })
})

function tell({ t, key, expected = 'nothing', actual = 'nothing', lateSeconds }: Row): string {
  const late = lateSeconds === undefined ? '' : ` (${lateSeconds.toFixed(2)} s late)`
  return `${t.toFixed(2)} ${key}: recorded ${expected}, played ${actual}${late}`
}

function read(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8')
}
