// The promtool of Debian 12 (Prometheus 2.42), where it is installed, on the corpus of rule files: what has come since
// then is left out by name. What Prometheus 3.15 says of all of them, the oracle tells.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { expect, it } from 'vitest'
import { ruleCases } from './cases.js'

const isThere = spawnSync('promtool', ['--version'], { encoding: 'utf8' }).stdout?.includes('version 2.42') ?? false
if (!isThere) stdout.write('Skipped: asking promtool 2.42 about the corpus of rule files (it is not installed)\n')

/** And why promtool 2.42 takes them otherwise. */
const newer: Readonly<Record<string, string>> = {
  'every field there is': 'query_offset is of 2.53, labels of a group of 3.0',
  'names in any letters': 'names of metrics were ASCII before 3.0',
  'labels in any letters, and ones that are numbers or nothing': 'names of labels were ASCII before 3.0',
  'labels that rename the series, or have no name': 'labels of a group are of 3.0',
  durations: 'query_offset is of 2.53',
  'two rules that may write the same series': 'labels of a group are of 3.0',
}

it.skipIf(!isThere)('promtool accepts and refuses the rule files of the corpus as it is said of them', () => {
  const known = ruleCases().filter(({ name }) => newer[name] === undefined)
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  const files = known.map((_, index) => join(folder, `${index}.yaml`))
  for (const [index, { text }] of known.entries()) writeFileSync(files[index]!, text)
  const { stdout: told } = spawnSync('promtool', ['check', 'rules', ...files], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  // What is wrong goes to the standard error, and so nothing follows the name of such a file.
  const [, ...checked] = told.split(/^Checking /m)
  const wrong = known.filter(({ said }, index) => checked[index]!.includes('SUCCESS') !== (said[0] === 'accepted'))
  expect(checked).toHaveLength(known.length)
  expect(wrong.map(({ name }) => name)).toEqual([])
})
