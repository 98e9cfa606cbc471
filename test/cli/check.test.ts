// `coalmine check` and `coalmine init`, as a person or a script runs them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = 'scenarios/three-replicas'
const few = ['--runs', '2', '--workers', '1']

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('coalmine check FILES…', () => {
  it('needs no scenario, and prints a table of what becomes of the faults', () => {
    const { status, stdout, stderr } = coalmine(['check', good, '--workers', '1'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^Rollout shop {2}scenarios\/three-replicas\/rollout.yaml:1:1 {2}50 to 150 runs of each\n {2}100\/s/,
    )
    expect(stdout).toMatch(/^ {2}✔ nothing wrong +–.* promoted$/m)
    expect(stdout).toMatch(/^ {2}✔ 10 % errors +100 % .* caught$/m)
    expect(stdout).toMatch(/^1 Rollout: 0 errors, /m)
    expect(stdout).not.toContain('\u001b')
  })

  it('takes standard input, and says the same of it', () => {
    const names = ['rollout', 'analysis']
    const input = names.map((name) => readFileSync(join(root, good, `${name}.yaml`), 'utf8')).join('\n---\n')
    const table = (text: string) => text.split('\n').filter((line) => /^ {2}[✔✖!?]/.test(line))
    const piped = coalmine(['check', '-', ...few], { input })
    expect(table(piped.stdout)).toEqual(table(coalmine(['check', good, ...few]).stdout))
  })

  it('prints one document of JSON, the same on any number of threads', () => {
    const { status, stdout, stderr } = coalmine(['check', good, '--json', ...few])
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'coalmine.check/v1', rollouts: [{ name: 'shop' }] })
    expect(coalmine(['check', good, '--format', 'json', '--runs', '2', '--workers', '2']).stdout).toBe(stdout)
  })

  it('ends with 1 where a budget is broken or something found is as bad as was asked', () => {
    const broken = coalmine(['check', good, '--budget', 'users.harmed < 1', ...few])
    expect(broken.status).toBe(1)
    expect(broken.stdout).toMatch(/✖ 100 % errors breaks users.harmed < 1: /)
    expect(broken.stdout).toContain(`See it: coalmine init ${good} --fault `)
    expect(coalmine(['check', good, '--fail-on', 'note', ...few]).status).toBe(1)
  })

  it.each<[string, readonly string[], RegExp]>([
    ['without a file', [], /missing required argument/],
    ['of a file that is not there', ['nope.yaml'], /no file `nope.yaml`.*\[file-missing\]/],
    [
      'of manifests without a Rollout',
      ['scenarios/good-release/services.yaml'],
      /\[no-rollout\]\n.*Rollout of argoproj/,
    ],
    ['of a scenario', ['scenarios/good-release.yaml'], /Write coalmine check --scenario scenarios\/good-release.yaml/],
    ['with a budget of nothing', [good, '--budget', 'user.harmed < 3'], /did you mean `users.harmed`\?/],
    ['with a rate that is none', [good, '--rate', 'fast'], /`fast` is not a rate such as/],
    [
      'with a rate of its own in the world of a scenario',
      [good, '--rate', '1/s', '--scenario', 'x.yaml'],
      /cannot be used/,
    ],
    ['in a scenario that is not there', [good, '--scenario', 'nope.yaml'], /no file `nope.yaml`/],
  ])('ends with 2 %s', (_, args, told) => {
    const { status, stdout, stderr } = coalmine(['check', ...args])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(told)
  })

  it('is explained by its page', () => {
    const page = readFileSync(join(root, 'docs', 'check.md'), 'utf8')
    const shown = coalmine(['check', 'scenarios/good-release']).stdout.split('\n')
    for (const line of page.match(/^ {4}( {2}[✔✖] | {4}See it).*$/gm)!) expect(shown).toContain(line.slice(4))
  })
})

describe('coalmine init FILES…', () => {
  it('writes a scenario that run, explain and check take as it is', () => {
    const path = join(folder, 'world.yaml')
    const policy = join(root, good)
    const { status, stdout } = coalmine(['init', policy, '--fault', 'errors-10', '-o', path])
    expect([status, stdout]).toEqual([0, ''])
    expect(readFileSync(path, 'utf8')).toMatch(
      /^# A world for these manifests.*\n[\s\S]*^faults: \[\{on: canary, errors: 10%\}\]$/m,
    )
    for (const args of [
      ['run', path],
      ['explain', path],
    ]) {
      const ended = coalmine(args)
      expect([args, ended.status, ended.stderr]).toEqual([args, 0, ''])
    }
    expect(coalmine(['check', '--scenario', path, ...few]).stdout).toContain(`as in ${path}`)
  })

  it.each(['healthy', 'errors-10', 'crash-loop'])('with budgets that a test decides by itself: %s', (fault) => {
    const path = join(folder, `${fault}.yaml`)
    const { stderr } = coalmine(['init', join(root, good), '--fault', fault, '-o', path])
    expect(stderr).toContain(`hold it to its budgets: coalmine test ${path}\n`)
    const { scenarios } = JSON.parse(coalmine(['test', path, '--json']).stdout)
    expect(scenarios[0].budgets.map(({ answer }: { answer: string }) => answer)).not.toContain('undecided')
  })

  it('writes over nothing unless it is told to', () => {
    const path = file('there.yaml', 'mine')
    const { status, stderr } = coalmine(['init', good, '-o', path])
    expect([status, stderr]).toEqual([2, `error: ${path} is there already: --force writes over it\n`])
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(coalmine(['init', good, '-o', path, '--force']).status).toBe(0)
    expect(readFileSync(path, 'utf8')).not.toBe('mine')
  })

  it('ends with 2 where there is nothing to write it for', () => {
    const { status, stdout, stderr } = coalmine(['init', good, '--fault', 'error-10'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Did you mean errors-10?')
  })
})
