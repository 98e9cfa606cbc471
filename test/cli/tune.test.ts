// `coalmine tune`, as a person runs it: prints a front, writes a point into the manifests, goes on where it was left.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-tune-'))
const name = 'caught-by-background-analysis'

const scenario = (policy: string, budgets = '') => `teaches: Tuning.
policy: ${policy}
release: {at: 2m}
duration: 16m
traffic: {rate: 100/s, users: 5k}
faults: [{on: canary, errors: 5%}]
budgets: [${budgets}]
`
const small = ['--candidates', '2', '--runs', '20', '--workers', '1', '--knob', 'weights']

function tune(...args: string[]) {
  return coalmine(['tune', ...args], { cwd: folder })
}

beforeAll(() => {
  cpSync(join(root, 'scenarios', name), join(folder, 'policy'), { recursive: true })
  writeFileSync(join(folder, 'x.yaml'), scenario('policy'))
  writeFileSync(join(folder, 'strict.yaml'), scenario('policy', 'detect.mean < 1s'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const rollout = () => readFileSync(join(folder, 'policy', 'rollout.yaml'), 'utf8')

describe('coalmine tune', () => {
  it('prints the front beside the policy as it is written, and what the knee changes; it writes nothing', () => {
    const before = rollout()
    const { status, stdout, stderr } = tune('x.yaml', ...small)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^x {2}\d+ policies, 0 of them refused; [\d,]+ flights from seed 1\n {2}faults: the scenario/,
    )
    expect(stdout).toMatch(/\n {3}.? A {8}.*\n/)
    expect(stdout).toMatch(/◯ (written|[A-Z]) /)
    expect(stdout).toContain('A sequential test with 1 % false aborts and 1 % missed needs')
    expect(rollout()).toBe(before)
  })

  it('writes a point in place: only the numbers that were to change do', () => {
    const before = rollout()
    const state = join(folder, 'state.json')
    const told = tune('x.yaml', ...small, '--json', '--resume', state)
    const report = JSON.parse(told.stdout)
    expect(report.schema).toBe('coalmine.tune/v1')
    const point = report.front.find(({ changes }: { changes: unknown[] }) => changes.length > 0)
    const { mode } = statSync(join(folder, 'policy', 'rollout.yaml'))
    const written = tune('x.yaml', ...small, '--json', '--resume', state, '--write', point.label)
    expect(written.stdout).toBe(told.stdout)
    expect(written.stderr).toBe(`${point.label}: written into policy/rollout.yaml\n`)
    const lines = rollout().split('\n')
    const changed = before.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [index + 1]))
    expect(changed).toEqual(
      point.changes.map(({ line }: { line: number }) => line).sort((a: number, b: number) => a - b),
    )
    for (const { line, from, to } of point.changes) {
      expect(lines[line - 1]).toBe(
        before.split('\n')[line - 1]!.replace(String(Number.parseInt(from, 10)), String(Number.parseInt(to, 10))),
      )
    }
    expect(statSync(join(folder, 'policy', 'rollout.yaml')).mode).toBe(mode)
    // The search goes on from the policy as it was: another point is of that one, and so is the front.
    const label = report.written.label
    const back = tune('x.yaml', ...small, '--json', '--resume', state, '--write', label === 'written' ? 'A' : label)
    expect(back.stdout).toBe(told.stdout)
    expect(back.stderr).toContain(
      'policy/rollout.yaml is as this search has written it: it goes on from what was there',
    )
    const other = report.front.find((each: { label: string }) => each.label === (label === 'written' ? 'A' : label))
    const again = rollout().split('\n')
    const others = before.split('\n').flatMap((line, index) => (line === again[index] ? [] : [index + 1]))
    expect(others).toEqual(
      other.changes.map(({ line }: { line: number }) => line).sort((a: number, b: number) => a - b),
    )
    // What somebody has changed since is somebody else's.
    writeFileSync(join(folder, 'policy', 'rollout.yaml'), rollout().replace('replicas: 8', 'replicas: 9'))
    const refused = tune('x.yaml', ...small, '--resume', state)
    expect([refused.status, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('this search was begun with another scenario or policy')
    expect(refused.stderr).toContain(
      'policy/rollout.yaml is neither as the search has read it nor as it has written it',
    )
    writeFileSync(join(folder, 'policy', 'rollout.yaml'), before)
  })

  it('names the points there are, where another one is to be written, and how it needs no other search', () => {
    const before = rollout()
    const { status, stderr } = tune('x.yaml', ...small, '--write', 'q9')
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /^error: there is no point Q9 on this front, only (A|.*B).*\(the knee\).*: nothing was written\n/,
    )
    expect(stderr).toContain(
      'With --resume FILE the search is kept, so that the next command with --write A needs no other',
    )
    expect(rollout()).toBe(before)
  })

  it('writes the knee by its name, and says before in what it is worse than the policy as it is written', () => {
    const before = rollout()
    const state = join(folder, 'state.json')
    const { stderr, stdout } = tune('x.yaml', ...small, '--json', '--resume', state, '--write', 'knee')
    const { front, knee, written } = JSON.parse(stdout)
    const point = front.find(({ label }: { label: string }) => label === knee)
    const isSlower = point.durationMs.value > written.durationMs.value
    const worse = `${knee} takes longer for a healthy release than the policy as it is written: `
    expect(stderr.includes(worse)).toBe(isSlower)
    expect(stderr.endsWith(`${knee}: written into policy/rollout.yaml\n`)).toBe(true)
    const other = tune('x.yaml', ...small, '--json', '--resume', state, '--write', 'q9')
    expect(other.stderr).toContain('The same command with --write A writes that one without another search.')
    writeFileSync(join(folder, 'policy', 'rollout.yaml'), before)
  })

  it('comes to the same on any number of workers', () => {
    const one = tune('x.yaml', ...small, '--json')
    const two = tune('x.yaml', ...small, '--json', '--workers', '2')
    expect(two.stdout).toBe(one.stdout)
  })

  it('ends with 1 where no policy keeps to the budgets, says which comes nearest, and writes nothing', () => {
    const before = rollout()
    const { status, stdout } = tune('strict.yaml', ...small, '--write')
    expect(status).toBe(1)
    expect(stdout).toContain('Nothing that was tried keeps to the budgets. The nearest breaks one:')
    expect(stdout).toContain('✖ detect.mean < 1s')
    expect(rollout()).toBe(before)
  })

  it('refuses what it can’t do, before it flies', () => {
    const refused = (...args: string[]) => {
      const { status, stdout, stderr } = tune(...args)
      expect([status, stdout]).toEqual([2, ''])
      return stderr
    }
    expect(refused('x.yaml', '--knob', 'weihgts')).toContain('did you mean `weights`?')
    expect(refused('x.yaml', '--budget', 'users.harmd < 1')).toContain('did you mean `users.harmed`?')
    expect(refused('x.yaml', '--budget-runs', '10')).toContain('10 flights are too few to tell policies apart')
    expect(refused('x.yaml', '--budget-runs', '1', '--candidates', '1')).toContain('cannot be used with')
    expect(refused('x.yaml', '--write', 'x.tune.json')).toContain(
      'no point is called `x.tune.json`, but A, B and so on',
    )
    expect(refused('nowhere.yaml')).toContain('there is no file `nowhere.yaml`')
    writeFileSync(join(folder, 'old.json'), JSON.stringify({ schema: 'coalmine.tune-state/v1', version: '0.0.1' }))
    expect(refused('x.yaml', '--resume', 'old.json')).toContain('this search was begun by coalmine 0.0.1, and this is')
    const manifests = ['rollout', 'analysis', 'services', 'virtual-service'].map((file) =>
      readFileSync(join(folder, 'policy', `${file}.yaml`), 'utf8'),
    )
    const args = ['tune', 'x.yaml', '--policy', '-', '--write']
    const piped = coalmine(args, { cwd: folder, input: manifests.join('\n---\n') })
    expect([piped.status, piped.stdout]).toEqual([2, ''])
    expect(piped.stderr).toContain('--write can’t write into standard input')
  })

  it('refuses a policy without a number to turn', () => {
    const text = readFileSync(join(folder, 'policy', 'rollout.yaml'), 'utf8')
    const bare = text.slice(0, text.indexOf('      analysis:')).concat('      steps: [{pause: {}}]\n')
    writeFileSync(join(folder, 'bare.yaml'), bare)
    const others = ['policy/services.yaml', 'policy/virtual-service.yaml']
    const { status, stderr } = tune('x.yaml', '--policy', 'bare.yaml', ...others)
    expect(status).toBe(2)
    expect(stderr).toContain('there is no number in this policy to turn')
    expect(stderr).toContain('steps[0].pause: it lasts until a person ends it')
  })

  it.skipIf(process.getuid?.() === 0)('refuses to write a file that is read-only', () => {
    chmodSync(join(folder, 'policy', 'rollout.yaml'), 0o444)
    const { status, stderr } = tune('x.yaml', ...small, '--write')
    chmodSync(join(folder, 'policy', 'rollout.yaml'), 0o644)
    expect(status).toBe(2)
    expect(stderr).toContain("--write can't write this file")
  })
})
