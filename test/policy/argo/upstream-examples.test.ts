// The examples that come with the controller: what its users copy must load here without a complaint of our own.
//
// They are read from the module's folder, where Go has it (test/oracle/build brings it there), and nowhere else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import { goModule } from '../../oracle/go-module.js'

interface Example {
  readonly file: string
  /** `accepted`, `refused`, or what the controller complained of. */
  readonly theirs: string
}

const examples: readonly Example[] = lines('upstream-examples.txt').map((line) => {
  const [file, theirs] = line.split(/: (.*)/, 2)
  return { file: file!, theirs: theirs! }
})
const reasons = new Map(lines('upstream-differences.txt').map((line) => line.split(/: (.*)/, 2) as [string, string]))

const folder = goModule('argo-rollouts', 'github.com/argoproj/argo-rollouts')
if (folder === undefined) stdout.write("Skipped: the controller's examples (its Go module isn't here)\n")

describe("The controller's own examples", () => {
  it.skipIf(folder === undefined)('load without a complaint that the controller would not make', () => {
    const complaints = examples.flatMap(({ file, theirs }) => {
      const ours = errorsIn(readFileSync(join(folder!, file), 'utf8'))
      const isSame = theirs === 'accepted' ? ours.length === 0 : ours.length > 0
      return isSame ? [] : [{ file, theirs, ours }]
    })
    const good = examples.length - complaints.length
    stdout.write(`Examples of the controller: ${examples.length}, of which ${good} come out as on a cluster\n`)
    expect(complaints.filter(({ file }) => !reasons.has(file))).toEqual([])
    expect([...reasons.keys()].filter((file) => !complaints.some((complaint) => complaint.file === file))).toEqual([])
  })
})

function errorsIn(text: string): readonly string[] {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  readPolicy(manifests, problems)
  const errors = problems.sorted().filter(({ severity }) => severity === 'error')
  return errors.map(({ message }) => message)
}

function lines(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, 'cases', name), 'utf8')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}
