// `coalmine test` and `coalmine merge`, as a CI job runs them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-test-'))
const policy = join(root, 'scenarios', 'caught-by-background-analysis')

function scenario(name: string, budgets: string, more = ''): void {
  const text = `teaches: What ${name} teaches.
policy: ${policy}
release: {at: 2m}
duration: 12m
traffic: {rate: 400/s, users: 50k}
faults: [{on: canary, errors: 5%}]
${budgets === '' ? '' : `budgets: [${budgets}]`}
${more}`
  writeFileSync(join(folder, `${name}.yaml`), text)
}

function test(...args: string[]) {
  return coalmine(['test', ...args], { cwd: folder })
}

beforeAll(() => {
  mkdirSync(join(folder, 'inside', 'node_modules'), { recursive: true })
  mkdirSync(join(folder, '.hidden'))
  scenario('caught', 'verdict == aborted, detect.p90 < 3m')
  scenario('harmless', 'users.harmed.p95 < 10, missed < 1%')
  scenario('inside/at-its-limit', 'users.harmed.mean < 119')
  scenario('inside/without-budgets', '')
  scenario('inside/node_modules/not-ours', 'verdict == promoted')
  scenario('.hidden/not-ours', 'verdict == promoted')
  writeFileSync(join(folder, 'inside', 'other.yaml'), 'kind: ConfigMap\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('coalmine test', () => {
  it('passes where all budgets hold, and says what was measured', () => {
    const { status, stdout, stderr } = test('caught.yaml', '--runs', '100')
    expect(stdout).toMatchInlineSnapshot(`
      "✔ caught  100 runs from seed 1
          ✔ verdict == aborted  aborted
          ✔ detect.p90 < 3m     1m00.0s

      Scenarios  1 passed (1)
        Budgets  2 passed (2)
           Runs  100
      "
    `)
    expect([status, stderr]).toEqual([0, ''])
  })

  it('fails where one does not, and prints the lines that replay its worst runs', () => {
    const { status, stdout } = test('harmless.yaml', '--runs', '100')
    expect(status).toBe(1)
    const [head, file, budget, worst] = stdout.split('\n')
    expect(head).toBe('✖ harmless  100 runs from seed 1')
    expect(file).toBe('    harmless.yaml')
    expect(budget).toMatch(/^ {4}✖ users\.harmed\.p95 < 10 {2}\d+ {2}\(\d+ to [^)]+\) {2}harmless\.yaml:7:11$/)
    const [, seed, harmed] = /coalmine run harmless\.yaml --seed (\d+) {2}# (\d+)$/.exec(worst!)!
    const replayed = coalmine(['run', 'harmless.yaml', '--seed', seed!, '--json'], { cwd: folder })
    expect(JSON.parse(replayed.stdout).blastRadius.users.harmed).toBe(Number(harmed))
  })

  it('flies on while a budget is undecided, and asks for more where the most runs don’t decide it', () => {
    const undecided = test('inside/at-its-limit.yaml', '--max-runs', '200', '--json')
    expect(undecided.status).toBe(1)
    const [{ status, runs, budgets }] = JSON.parse(undecided.stdout).scenarios
    expect([status, runs, budgets[0].answer]).toEqual(['undecided', 200, 'undecided'])
    const told = test('inside/at-its-limit.yaml', '--runs', '50').stdout
    expect(told).toMatch(/undecided: (about [\d,]+ runs would decide|it is at its limit)/)
  })

  it('searches folders for scenarios, but not those of others', () => {
    const { stdout, stderr } = test('--runs', '20', '--json')
    expect(JSON.parse(stdout).scenarios.map(({ file }: { file: string }) => file)).toEqual([
      'caught.yaml',
      'harmless.yaml',
      'inside/at-its-limit.yaml',
    ])
    expect(stderr).toBe('note: inside/without-budgets.yaml has no budgets: nothing to test\n')
  })

  it('selects by name or sentence', () => {
    const { stdout } = test('--runs', '20', '--json', '-t', 'HARM')
    expect(JSON.parse(stdout).scenarios.map(({ name }: { name: string }) => name)).toEqual(['harmless'])
  })

  it('ends after the first that fails with --bail, with the same report on any number of workers', () => {
    const [one, two] = ['1', '2'].map((workers) => test('--runs', '100', '--json', '--bail', '--workers', workers))
    expect(JSON.parse(one!.stdout).scenarios.map(({ status }: { status: string }) => status)).toEqual([
      'passed',
      'failed',
    ])
    expect(two!.stdout).toBe(one!.stdout)
  })

  it('writes several reports at once', () => {
    const { stdout } = test(
      'caught.yaml',
      '--runs',
      '20',
      '--reporter',
      'default',
      '--reporter',
      'json=out/report.json',
    )
    expect(stdout).toContain('? caught')
    expect(JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8')).schema).toBe('coalmine.test/v1')
  })
})

describe('Shards', () => {
  const runs = ['--runs', '260']

  it('come to the same bytes, put together in any order, as a test in one go', () => {
    const whole = test(...runs, '--json')
    for (const shard of ['1/3', '2/3', '3/3']) {
      const { status } = test(...runs, '--shard', shard, '--reporter', `blob=blob-${shard[0]}.json`)
      expect(status).toBe(0)
    }
    const merged = coalmine(['merge', 'blob-3.json', 'blob-1.json', 'blob-2.json', '--json'], { cwd: folder })
    expect(merged.stdout).toBe(whole.stdout)
    expect([merged.status, whole.status]).toEqual([1, 1])
  })

  it.each([
    [['blob-1.json', 'blob-2.json'], 'blob-1.json  error  missing beside this blob: shard 3/3 [blob-missing]'],
    [
      ['blob-1.json', 'blob-1.json', 'blob-2.json', 'blob-3.json'],
      'shard 1/3 is already in `blob-1.json` [blob-twice]',
    ],
    [['caught.yaml'], 'caught.yaml:1:1  error  this is no JSON: expected a value, found `teaches` [json-syntax]'],
    [['old.json'], 'old.json  error  this blob was written by coalmine 0.0.1'],
    [['other.json', 'blob-1.json'], 'this blob is of another test than `other.json`'],
    [
      ['false.json'],
      /^false\.json:1:\d+ {2}error {2}\d+ runs in this shard, and only 7 in all shards together \[blob-value\]/,
    ],
    [['nothing.json'], 'there is no file `nothing.json`'],
  ])('that do not belong together are refused: %s', (files, message) => {
    const blob = JSON.parse(readFileSync(join(folder, 'blob-1.json'), 'utf8'))
    writeFileSync(join(folder, 'old.json'), JSON.stringify({ ...blob, version: '0.0.1' }))
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...blob, runs: 7000 }))
    writeFileSync(join(folder, 'false.json'), JSON.stringify({ ...blob, runs: 7 }))
    const { status, stdout, stderr } = coalmine(['merge', ...files], { cwd: folder })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })
})

describe('What a test refuses', () => {
  it.each([
    [['--shard', '4/3', '--runs', '10'], "argument '4/3' is invalid. It must be such as 1/3, 2/3 or 3/3."],
    [['--shard', '1/3'], 'error: --shard needs --runs'],
    [['--shard', '1/3', '--runs', '10'], 'error: --shard needs --reporter blob=FILE'],
    [['-t', 'nobody'], 'error: none of 4 scenarios under `.` is selected: nothing was tested'],
    [['inside/other.yaml'], 'other.yaml  error  this is no scenario [not-a-scenario]'],
    [['inside/without-budgets.yaml'], 'error: none of the scenarios under `inside/without-budgets.yaml` has budgets'],
    [['out'], 'error: no scenarios under `out`: nothing was tested'],
    [['nowhere'], 'there is no file `nowhere`'],
    [['--reporter', 'junitt'], "argument 'junitt' is invalid"],
    [['--reporter', 'json='], 'After = there must be a file.'],
    [['--reporter', 'json', '--reporter', 'default'], 'error: only one reporter can print on standard output'],
    [['--runs', '0'], 'It must be 1 or more.'],
  ])('%s', (args, message) => {
    mkdirSync(join(folder, 'out'), { recursive: true })
    const { status, stdout, stderr } = test(...args)
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('tells all that is wrong with all scenarios, and flies none', () => {
    scenario('inside/wrong', 'detcet.p90 < 3m, missed < 1%')
    const { status, stdout, stderr } = test('caught.yaml', 'inside/wrong.yaml')
    rmSync(join(folder, 'inside', 'wrong.yaml'))
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('inside/wrong.yaml:7:11  error  ')
    expect(stderr).toContain('did you mean `detect`?')
  })

  it('says nothing of scenarios that nobody has selected, and is kept from nothing by them', () => {
    scenario('inside/wrong', 'detcet.p90 < 3m')
    scenario('inside/vain', 'verdict == aborted', 'slo: {latency: 400ms}\nobservability: {scrap: 1}\n')
    const selected = test('-t', '^caught ', '--runs', '10', '--json')
    const byName = test('-t', 'wrong', '--runs', '10', '--json')
    rmSync(join(folder, 'inside', 'wrong.yaml'))
    rmSync(join(folder, 'inside', 'vain.yaml'))
    expect([selected.stderr, JSON.parse(selected.stdout).scenarios.length]).toEqual(['', 1])
    expect([byName.status, byName.stdout]).toEqual([2, ''])
    expect(byName.stderr).toContain('did you mean `detect`?')
  })

  it('tells what scenarios share once', () => {
    mkdirSync(join(folder, 'shared'))
    writeFileSync(
      join(folder, 'shared', 'cron.yaml'),
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\n',
    )
    for (const name of ['inside/first', 'inside/second']) {
      scenario(name, 'verdict == aborted')
      const path = join(folder, `${name}.yaml`)
      writeFileSync(path, readFileSync(path, 'utf8').replace(policy, `[${policy}, ../shared/cron.yaml]`))
    }
    const { stderr } = test('inside/first.yaml', 'inside/second.yaml', '--runs', '10')
    rmSync(join(folder, 'shared'), { recursive: true })
    for (const name of ['inside/first', 'inside/second']) rmSync(join(folder, `${name}.yaml`))
    expect(stderr.match(/CronJob nightly is not simulated/g)).toHaveLength(1)
  })
})
