// `coalmine test --changed` asks git, in a repository of its own.
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changedSince } from '../../src/cli/changed-files.js'
import { nodeFiles } from '../../src/cli/node-files.js'
import { nodeLogs } from '../../src/cli/node-logs.js'
import { readCandidate } from '../../src/study/test/test.js'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-changed-'))
const file = (name: string) => join(folder, name)

function git(...args: readonly string[]): void {
  const settings = [
    'user.name=nobody',
    'user.email=nobody@example.com',
    'commit.gpgsign=false',
    'core.hooksPath=/dev/null',
  ]
  execFileSync('git', ['-C', folder, ...settings.flatMap((each) => ['-c', each]), ...args])
}

beforeAll(() => {
  for (const name of ['one', 'two']) {
    cpSync(join(root, 'scenarios', 'caught-by-background-analysis'), file(`${name} policy`), { recursive: true })
    const text = `teaches: What ${name} teaches.
policy: ${name} policy
release: {at: 2m}
duration: 12m
traffic: {rate: 400/s, users: 50k}
faults: [{on: canary, errors: 5%}]
budgets: [verdict == aborted]
`
    writeFileSync(file(`${name}.yaml`), text)
  }
  writeFileSync(file('one policy/spare.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: spare}\n')
  writeFileSync(file('.gitignore'), 'ignored*\n')
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'First')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('Scenarios are changed', () => {
  const changed = async () => {
    const paths = [file('one.yaml'), file('two.yaml')]
    const read = await Promise.all(paths.map((path) => readCandidate(path, nodeFiles, nodeLogs)))
    return changedSince('HEAD', read).map(({ testable }) => testable!.name)
  }
  const reset = () => {
    git('reset', '--hard', '--quiet')
    git('clean', '-fdxq')
  }

  it.each<[string, () => void, readonly string[]]>([
    ['by nothing at all', () => {}, []],
    ['by what nobody reads', () => writeFileSync(file('other.yaml'), 'a: 1\n'), []],
    ['by themselves', () => appendFileSync(file('two.yaml'), '# more\n'), ['two']],
    [
      'by a manifest with another name',
      () => git('mv', 'two policy/services.yaml', 'two policy/renamed.yaml'),
      ['two'],
    ],
    ['by a manifest that is new', () => writeFileSync(file('one policy/new.yaml'), '# nothing\n'), ['one']],
    ['by one that git ignores', () => writeFileSync(file('one policy/ignored.yaml'), '# nothing\n'), ['one']],
    ['by one that has gone', () => git('rm', '--quiet', 'one policy/spare.yaml'), ['one']],
  ])('%s', async (_, change, names) => {
    change()
    expect(await changed()).toEqual(names)
    reset()
  })
})

describe('coalmine test --changed', () => {
  const test = (...args: readonly string[]) => coalmine(['test', ...args, '--runs', '10', '--json'], { cwd: folder })

  it('ends well, and says so, where nothing has', () => {
    const { status, stdout, stderr } = test('--changed')
    expect([status, JSON.parse(stdout).scenarios]).toEqual([0, []])
    expect(stderr).toBe('note: nothing that 2 scenarios read differs from HEAD: nothing to test\n')
  })

  it('says nothing of scenarios that have not changed, though they can not be read', () => {
    writeFileSync(file('three.yaml'), 'teaches: Nothing yet.\npolicy: nowhere\n')
    git('add', '.')
    git('commit', '--quiet', '-m', 'Broken')
    appendFileSync(file('two.yaml'), '# more\n')
    const { status, stdout, stderr } = test('--changed')
    expect([JSON.parse(stdout).scenarios.length, stderr, status]).toEqual([1, '', 0])
    git('reset', '--hard', '--quiet', 'HEAD~1')
  })

  it('refuses what git does not know', () => {
    const { status, stdout, stderr } = test('--changed', 'one.yaml~1')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: --changed: bad revision 'one.yaml~1'\n {2}Paths come before it/)
  })

  it('refuses files that are in no repository', () => {
    rmSync(file('.git'), { recursive: true })
    const { status, stdout, stderr } = test('--changed')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: --changed: `.*` is in no git repository/)
  })
})
